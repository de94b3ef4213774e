using System.CommandLine;

namespace Thalweg.Cli.Help;

/// <summary>Groups of options and commands, and examples, as help shows them.</summary>
internal static class HelpLayout
{
    /// <summary>What the program is called.</summary>
    public const string Program = "thalweg";

    /// <summary>Commands with no more options than this have them in one group.</summary>
    private const int MostUngrouped = 12;
    private const string Rest = "Options";
    private const string HelpName = "--help";

    private static readonly string[] s_mostUsed =
        ["--data", "--target", "--test", "--model", "--optimizer", "--lr", "--batch", "--epochs", "--seed", "--out"];

    /// <summary>Options of a search, of which a sampler is another thing than in training.</summary>
    private static readonly (string Title, string[] Names) s_search = ("Search",
    [
        "--search", "--sampler", "--pruner", "--goal", "--trials", "--epoch-budget", "--time-budget", "--order", "--workers", "--finalists",
        "--finalist-runs", "--start-from", "--keep-trials", "--storage", "--extend",
    ]);

    private static readonly (string Title, string[] Names)[] s_groups =
    [
        ("Data",
        [
            "--data", "--samples", "--test", "--validation", "--target", "--columns", "--header", "--no-header", "--separator", "--encoding",
            "--comment", "--layout", "--decimal", "--thousands", "--missing", "--max-size", "--strict", "--ignore", "--categorical", "--task", "--class-weights",
            "--sampler", "--sample-weight", "--limit", "--part",
        ]),
        ("Division of the rows",
            ["--folds", "--repeats", "--fold", "--holdout-fold", "--repeat", "--group", "--time", "--gap", "--no-leakage-checks", "--refit"]),
        ("Network",
        [
            "--model", "--activation", "--norm", "--dropout", "--dropout-kind", "--dropout-scaling", "--drop-path", "--loss",
            "--output-activation", "--precision",
        ]),
        ("Start", ["--init", "--bias-init", "--from", "--from-layout", "--lsuv", "--pretrain", "--output-bias", "--freeze"]),
        ("Comparison",
            ["--optimizers", "--inits", "--norms", "--rates", "--rate-range", "--sampling", "--seeds", "--target-metric", "--parallel"]),
        ("Optimization",
        [
            "--optimizer", "--lr", "--schedule", "--warmup", "--clip", "--batch", "--batch-schedule", "--batch-gradient",
            "--micro-batch", "--shards", "--last-batch",
        ]),
        ("Regularization", ["--decay", "--regularize", "--patience", "--monitor", "--delta", "--delta-form", "--keep"]),
        ("Run",
        [
            "--recipe", "--set", "--epochs", "--max-steps", "--max-time", "--evaluate-every", "--epoch-loss", "--metrics", "--seed",
            "--overfit-batch", "--doctor", "--open-test", "--threads", "--name", "--tag", "--note",
        ]),
        ("Safety", ["--resume", "--override", "--checkpoint-every", "--keep-checkpoints", "--on-nonfinite", "--spike-factor", "--kills"]),
        ("Output", ["--out", "--force", "--print-recipe", "--index", "--json", HelpName]),
    ];

    private static readonly Dictionary<string, string[]> s_examples = new()
    {
        [Program] =
        [
            "thalweg train --data iris.csv                  # from a table to a model",
            "thalweg train --help                           # all that can be chosen",
            "thalweg predict --model runs/iris-1 --data new.csv",
        ],
        [$"{Program} train"] =
        [
            "thalweg train                                  # built-in drawn digits, without any file",
            "thalweg train --data houses.csv --target price --test 0.2",
            "thalweg train --data mnist/ --model cnn:16,32+128 --optimizer adamw --decay 0.01",
            "thalweg train --data adult.csv --optimizer 'adam(b2=0.99)' --lr 3e-3 --clip 1 --json",
            "thalweg train --data adult.csv --print-recipe > adult.yaml",
            "thalweg train run.yaml --set training.epochs=20   # a recipe, as thalweg init writes one",
            "thalweg train runs/iris-1/recipe.yaml --seed 2",
            "thalweg train --data visits.csv --folds 5 --repeats 2 --group patient --refit",
            "thalweg train --data adult.csv --overfit-batch   # can the network learn one batch?",
            "thalweg train --resume runs/adult-1",
            "thalweg train --resume runs/adult-1 --epochs 40   # a finished run, for longer",
        ],
        [$"{Program} init"] =
        [
            "thalweg init --data houses.csv --target price   # writes run.yaml",
            "thalweg init --data mnist/ --model cnn:16,32+128 --out mnist.yaml",
        ],
        [$"{Program} verify-resume"] = ["thalweg verify-resume --data adult.csv --epochs 5 --kills 10 --out verified"],
        [$"{Program} eval"] =
        [
            "thalweg eval --model runs/iris-1 --part test",
            "thalweg eval --model runs/adult-1 --data adult.test --comment '|'",
        ],
        [$"{Program} predict"] =
        [
            "thalweg predict --model runs/iris-1 --data new.csv --out answers.csv",
            "cat new.csv | thalweg predict --model runs/iris-1 --data - > answers.csv",
        ],
        [$"{Program} report"] = ["thalweg report runs/iris-1 --open"],
        [$"{Program} calibrate"] = ["thalweg calibrate --model runs/iris-1"],
        [$"{Program} bench-model"] = ["thalweg bench-model runs/iris-1"],
        [$"{Program} audit"] =
        [
            "thalweg audit --data adult.csv --model mlp:64,64,64 --activation tanh",
            "thalweg audit --data mnist/ --model cnn:16,32+128 --init 'normal(0.01)' --json",
        ],
        [$"{Program} doctor"] =
        [
            "thalweg doctor runs/adult-1                    # causes with evidence and exact fixes",
            "thalweg doctor runs/adult-1 --prove --apply fixed.yaml",
            "thalweg doctor run.yaml --budget 2 --format json",
        ],
        [$"{Program} lr-find"] = ["thalweg lr-find --data adult.csv --model mlp:64,64 --optimizer momentum"],
        [$"{Program} batch-find"] = ["thalweg batch-find --data mnist/ --model cnn:16,32+128"],
        [$"{Program} data"] = ["thalweg data list", "thalweg data show adult.csv"],
        [$"{Program} data show"] = ["thalweg data show adult.csv", "thalweg data show prices.csv --separator ';' --decimal comma"],
        [$"{Program} data export"] = ["thalweg data export --data moons --out moons.csv"],
        [$"{Program} compare"] =
        [
            "thalweg compare --data adult.csv --optimizers sgd,momentum,adamw --rates 12 --seeds 3",
            "thalweg compare --data mnist/ --model cnn:16,32+128 --optimizers adam,muon --norms none,batch",
        ],
        [$"{Program} tune"] =
        [
            "thalweg tune --data adult.csv --trials 60 --workers 4",
            "thalweg tune recipe.yaml --search 'training.optimizer.learning_rate=log(1e-5, 1)'",
            "thalweg tune recipe.yaml --sampler tpe --pruner asha --goal metric --goal parameters",
            "thalweg tune --resume --out runs/tune-adult-1 --workers 2   # join it, or continue",
            "thalweg tune show runs/tune-adult-1",
            "thalweg tune export runs/tune-adult-1",
        ],
        [$"{Program} runs"] =
        [
            "thalweg runs list --where 'optimizer=adam and accuracy>0.9' --sort accuracy",
            "thalweg runs diff runs/iris-1 runs/iris-2",
        ],
        [$"{Program} runs list"] =
        [
            "thalweg runs list",
            "thalweg runs list --where 'optimizer=adam and accuracy>0.9' --sort accuracy --limit 10",
            "thalweg runs list --where 'tag=best or name~final' --columns name,learning_rate,accuracy --csv",
        ],
        [$"{Program} runs prune"] = ["thalweg runs prune --where 'status=diverged'", "thalweg runs prune --keep 20 --by accuracy"],
        [$"{Program} lab run"] = ["thalweg lab run xavier he", "thalweg lab run xavier --set initializer=orthogonal"],
        [$"{Program} lab all"] = ["thalweg lab all --quick", "thalweg lab all --full --data-dir data"],
        [$"{Program} lab report"] = ["thalweg lab report --out labs --open"],
        [$"{Program} completion"] =
        [
            "source <(thalweg completion bash)              # in ~/.bashrc",
            "thalweg completion zsh > ~/.zfunc/_thalweg     # in a folder of $fpath, before compinit",
            "thalweg completion pwsh | Out-String | Invoke-Expression   # in $PROFILE",
        ],
    };

    /// <summary>Groups of commands.</summary>
    public static IReadOnlyList<(string Title, string[] Names)> Commands { get; } =
    [
        ("Commands",
        [
            "train", "init", "predict", "eval", "report", "runs", "calibrate", "bench-model", "data", "tune", "compare", "lr-find", "batch-find",
            "audit", "doctor", "lab", "verify-resume",
        ]),
        ("What there is to choose from",
            ["optimizers", "minimizers", "schedules", "initializers", "regularizers", "activations", "losses", "normalizations"]),
        ("About the program", ["completion", "version"]),
    ];

    /// <summary>Groups of options by topic.</summary>
    public static IReadOnlyList<(string Title, string[] Names)> Topics => s_groups;

    /// <summary>Example command lines of a command; empty where there are none.</summary>
    /// <param name="path">The words that call it.</param>
    public static IReadOnlyList<string> ExamplesOf(string path) => s_examples.GetValueOrDefault(path) ?? [];

    /// <summary>The options of a command in groups.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<Option> Items)> OptionsOf(Command command)
    {
        Option[] options = [.. command.Options.Where(option => !option.Hidden), .. Inherited(command)];
        if (options.Length <= MostUngrouped)
            return [(Rest, options)];
        bool searches = options.Any(option => option.Name == s_search.Names[0]);
        return Group(
            options, option => option.Name, [("Used most", s_mostUsed), .. searches ? [s_search] : Array.Empty<(string, string[])>(), .. s_groups],
            "Other options");
    }

    /// <summary>Things in the groups that name them, each in the first one; those that none names come last.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<T> Items)> Group<T>(
        IEnumerable<T> items, Func<T, string> nameOf, IReadOnlyList<(string Title, string[] Names)> groups, string rest)
    {
        List<T> left = [.. items];
        foreach ((string title, string[] names) in groups)
        {
            T[] members = [.. left.Where(item => names.Contains(nameOf(item))).OrderBy(item => Array.IndexOf(names, nameOf(item)))];
            left.RemoveAll(members.Contains);
            if (members.Length > 0)
                yield return (title, members);
        }

        if (left.Count > 0)
            yield return (rest, left);
    }

    private static IEnumerable<Option> Inherited(Command command) => command.Parents.OfType<Command>()
        .SelectMany(parent => parent.Options.Where(option => option.Recursive && !option.Hidden && option is not VersionOption)
            .Concat(Inherited(parent)))
        .DistinctBy(option => option.Name);
}
