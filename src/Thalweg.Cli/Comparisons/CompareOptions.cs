using System.CommandLine;
using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Models;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>The options that decide what a comparison computes.</summary>
internal sealed class CompareOptions
{
    private static readonly string[] s_shared =
    [
        "--data", "--samples", "--test", "--target", .. ReadingSettings.Names, "--ignore", "--categorical", "--task", "--class-weights",
        "--sample-weight", "--model", "--activation", "--precision",
    ];

    private readonly Setting[] _shared = [.. TrainOptions.Make().Where(setting => s_shared.Contains(setting.Option.Name))];

    private readonly Option<string?> _optimizers = OptionFactory.Text(
        "--optimizers", "NAME,NAME,...",
            "What is compared: names of optimizers (thalweg optimizers), also with settings as in 'adam(b2=0.99)', or chains "
        + "[default: sgd,momentum,nesterov,adagrad,adadelta,rmsprop,adam]");

    private readonly Option<string?> _inits = OptionFactory.Text("--inits", "NAME,NAME,...",
        "Initializers to cross the optimizers with [default: by activation]");
    private readonly Option<string?> _norms = OptionFactory.Text("--norms", "NAME,NAME,...",
        "Normalizations to cross them with (thalweg normalizations) [default: none]");
    private readonly Option<int?> _rates = OptionFactory.Whole("--rates", "N", 1, "Learning rates that each is tried with [default: 12]");

    private readonly Option<string?> _range = OptionFactory.Text("--rate-range", "LOW,HIGH",
        "Lowest and highest of them, the same for all [default: 3e-5,10]");

    private readonly Option<string?> _sampling = OptionFactory.Choice(
        "--sampling", ["grid", "random"], "Whether the rates lie at equal ratios, or are drawn by seed [default: grid]");

    private readonly Option<int?> _seeds = OptionFactory.Whole(
        "--seeds", "N", 1, "Seeds that each rate is tried with, and as many others that the best rate is ranked with [default: 3]");

    private readonly Option<string?> _schedule = OptionFactory.Choice(
        "--schedule", ["cosine", "linear", "constant"],
        "How the rate changes over a run; it stays for those that change it by themselves or need no schedule [default: cosine]");

    private readonly Option<int?> _epochs = OptionFactory.Whole("--epochs", "N", 1,
        "Passes over the training data of each trial [default: 10]");
    private readonly Option<int?> _batch = OptionFactory.Whole("--batch", "N", 1, "Samples per step [default: 64]");

    private readonly Option<double?> _dropout = OptionFactory.Real(
        "--dropout", "P", ("a number from 0 up to, but not, 1", value => value is >= 0 and < 1),
            "Probability of dropout after each hidden layer [default: 0]");

    private readonly Option<double?> _target = OptionFactory.Real(
        "--target-metric", "X", ("a finite number", _ => true),
        "Accuracy or R2 whose first reaching is timed [default: 95 % of the way from the trivial answer to the winner]");

    private readonly Option<int?> _limit = OptionFactory.Whole(
        "--limit", "N", 10, "Rows to use at most, separate test data left aside; drawn by seed, evenly for each class [default: all]");

    private readonly Option<ulong?> _seed = OptionFactory.Seed("Names the split and the first of the seeds [default: 1]");

    /// <summary>All options, in the order of help.</summary>
    public IEnumerable<Option> All =>
    [
        .. _shared.TakeWhile(setting => setting.Option.Name != "--model").Select(setting => setting.Option), _limit,
        _optimizers, _inits, _norms, _rates, _range, _sampling, _seeds, _epochs, _batch, _schedule, _target,
        .. _shared.SkipWhile(setting => setting.Option.Name != "--model").Select(setting => setting.Option), _dropout, _seed,
    ];

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="ThalwegException">Options contradict each other, or a name is not known.</exception>
    public CompareSettings Read(ParseResult parsed)
    {
        Recipe data = RecipeOptions.Apply(parsed, _shared, new Recipe());
        ComparisonOptions defaults = new() { Contenders = Contenders(parsed) };
        (double low, double high) = Range(parsed.GetValue(_range), defaults);
        ulong seed = parsed.GetValue(_seed) ?? defaults.Seed;
        return new CompareSettings
        {
            Data = data with { Seed = seed },
            Limit = parsed.GetValue(_limit),
            Options = WithNetwork(defaults, data.Network.Layers) with
            {
                Rates = parsed.GetValue(_rates) ?? defaults.Rates,
                LowestRate = low,
                HighestRate = high,
                Sampling = parsed.GetValue(_sampling) == "random" ? RateSampling.Random : RateSampling.Grid,
                Seeds = parsed.GetValue(_seeds) ?? defaults.Seeds,
                Seed = seed,
                Epochs = parsed.GetValue(_epochs) ?? defaults.Epochs,
                BatchSize = parsed.GetValue(_batch) ?? defaults.BatchSize,
                Schedule = Enum.Parse<RateSchedule>(parsed.GetValue(_schedule) ?? "cosine", ignoreCase: true),
                Activation = data.Network.Activation ?? defaults.Activation,
                Dropout = parsed.GetValue(_dropout) ?? defaults.Dropout,
                DoublePrecision = data.Precision == DType.Float64,
                Target = parsed.GetValue(_target),
            },
        };
    }

    /// <summary>Names of the options that the command line has.</summary>
    public IEnumerable<string> Given(ParseResult parsed) =>
        All.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    /// <summary>Texts of settings, separated by commas.</summary>
    internal static string[] Split(string texts) => [.. SettingsNode.ReadAll(texts).Select(node => node.ToString())];

    /// <summary>The options with a network: by its sizes where they have a place for it, else by its text.</summary>
    private static ComparisonOptions WithNetwork(ComparisonOptions options, string layers)
    {
        if (NetworkRecipe.IsListOfLayers(layers))
            return options with { Network = layers, HiddenUnits = [] };
        NetworkSpec network = NetworkSpec.Parse(layers);
        return options with
        {
            Network = network.Recurrent.Count > 0 ? layers : null,
            HiddenUnits = network.HiddenUnits,
            Convolutions = network.Convolutions,
            Stages = network.Stages,
        };
    }

    private Contender[] Contenders(ParseResult parsed)
    {
        string[] optimizers = Split(parsed.GetValue(_optimizers) ?? "sgd,momentum,nesterov,adagrad,adadelta,rmsprop,adam");
        string?[] inits = parsed.GetValue(_inits) is { } given ? [.. Split(given)] : [null];
        string[] norms = Split(parsed.GetValue(_norms) ?? "none");
        return
        [
            .. from optimizer in optimizers
               from init in inits
               from norm in norms
               select new Contender(optimizer, init, norm == "none" ? null : norm),
        ];
    }

    private static (double Low, double High) Range(string? text, ComparisonOptions defaults)
    {
        if (text is null)
            return (defaults.LowestRate, defaults.HighestRate);
        string[] parts = text.Split(',');
        return parts.Length == 2 && Number(parts[0]) is { } low && Number(parts[1]) is { } high && low > 0 && high > low
            && double.IsFinite(high)
            ? (low, high)
            : throw new ThalwegException($"--rate-range: expected two numbers above 0, the lower one first, as in 1e-4,1, got '{text}'");
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
