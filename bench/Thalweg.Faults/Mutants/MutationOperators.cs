using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Faults;

/// <summary>The 24 operators of DeepCrime at three severities. Source: Humbatova, Jahangirova, Tonella, DeepCrime, ISSTA 2021, table 1.</summary>
internal sealed class MutationOperators
{
    private const string Penalized = "training.regularizers=l2(0.0005)", Stopping = "patience=10; keep=last; training.early_stopping.monitor=loss";
    private readonly List<Mutant> _mutants = [];
    private readonly Problem _problem;

    private MutationOperators(Problem problem) => _problem = problem;

    /// <summary>All mutants of six networks.</summary>
    public static IReadOnlyList<Mutant> All()
    {
        ProblemSet all = new();
        return [.. new[] { all.Moons, all.Bars, all.Sums, all.Spirals, all.Blots, all.Orders }.SelectMany(problem => new MutationOperators(problem).Mutants())];
    }

    private List<Mutant> Mutants()
    {
        AddData();
        AddHyperparameters();
        AddActivations();
        AddWeights();
        AddRegularization();
        AddLosses();
        return _mutants;
    }

    private void AddData()
    {
        Data("change_labels", [0.1, 0.3, 0.6], (samples, share) => LabelCases.Wrong(samples, share), "label_noise", "overlapping_classes");
        Data("delete_training_data", [0.5, 0.2, 0.12], (samples, share) => Some(samples, share, _ => true), "too_little_data", "overfitting");
        Data(
            "unbalance_train_data", [0.4, 0.15, 0.04],
            (samples, share) => Some(samples, share, row => samples.Labels![row] == samples.Classes - 1), "imbalance_ignored", "too_little_data");
        Data("add_noise", [0.5, 1, 2], (samples, deviation) => LabelCases.Blurred(samples, deviation), "overlapping_classes", "overfitting");
        Data("make_output_classes_overlap", [0.15, 0.4, 0.8], Overlap, "overlapping_classes", "label_noise");
    }

    private void AddHyperparameters()
    {
        Changes("change_batch_size", "schedule=constant", ["batch=4", "batch=2", "batch=1"], "batch_too_small", "gradient_noise", "rate_too_high");
        int epochs = _problem.Setup.Recipe.Training.Epochs!.Value;
        Changes("change_epochs", "", [$"epochs={epochs / 2}", $"epochs={Math.Max(1, epochs / 5)}", "epochs=1"], "too_few_epochs", "rate_too_low");
        Changes("change_learning_rate", "", ["rate=0.1", "rate=0.5", "rate=1"], "rate_too_high");
        Changes("disable_batching", "", ["batch=full", "batch=full; epochs=" + (epochs + 1), "batch=full; epochs=" + (epochs + 2)], "batch_too_large", "too_few_epochs", "rate_too_low");
    }

    private void AddActivations()
    {
        Changes("change_activation", "", ["activation=tanh", "activation=hard_sigmoid", "activation=sigmoid"], "vanishing_gradients", "saturation", "rate_too_low");
        Layers("remove_activation", "activation=relu", "activation=none", "activation_missing", "too_few_layers");
        Changes("add_activation", "", ["output=relu", "output=sigmoid", "output=softmax"], "softmax_twice", "bounded_output", "loss_mismatch");
    }

    private void AddWeights()
    {
        Changes("change_weights_initialization", "", ["init=normal(1)", "init=zeros", "init=constant(0.5)"], "symmetric_start", "weights_too_large");
        Layers("add_bias", "bias=false", "bias=true", "wrong_output_bias", "too_few_units");
        Layers("remove_bias", "bias=true", "bias=false", "wrong_output_bias", "too_few_units");
    }

    private void AddRegularization()
    {
        string[] strengths = ["training.regularizers=l2(0.03)", "training.regularizers=l2(0.2)", "training.regularizers=l2(1)"];
        Changes("add_weights_regularization", "", strengths, "penalty_too_strong", "decay_too_strong");
        Changes("change_weights_regularization", Penalized, strengths, "penalty_too_strong", "decay_too_strong");
        Changes(
            "remove_weights_regularization", Penalized,
            ["training.regularizers=l2(0.0001)", "training.regularizers=l2(0.00001)", "training.regularizers="], "overfitting", "overconfidence");
        Changes("change_dropout_rate", "dropout=0.1", ["dropout=0.5", "dropout=0.8", "dropout=0.95"], "dropout_too_strong");
        Changes("change_early_stopping_patience", $"{Stopping}; rate=0.003", ["patience=3", "patience=2", "patience=1"], "early_stopping_too_early", "too_few_epochs");
    }

    private void AddLosses()
    {
        Changes("change_loss_function", "", ["loss=mean_squared_error", "loss=absolute_error", "loss=negative_log_likelihood"], "loss_mismatch", "softmax_missing");
        Changes("change_optimisation_function", "", ["optimizer=rmsprop", "optimizer=adagrad", "optimizer=sgd"], "rate_too_low", "adagrad_stalled", "too_few_epochs");
        Changes("change_gradient_clip", "optimizer=momentum; rate=0.05; clip=5", ["clip=0.1", "clip=0.02", "clip=0.003"], "clipping_every_step", "rate_too_low");
        for (int severity = 1; severity <= 3; severity++)
        {
            string changes = severity == 1 ? "" : severity == 2 ? "epochs=" + (2 * _problem.Setup.Recipe.Training.Epochs) : "patience=0; keep=last";
            Add("remove_validation_set", severity, Change.Apply(_problem.Setup, $"{Stopping}; keep=best"), setup => Blind(Change.Apply(setup, $"patience=0; keep=last; {changes}")), "validation_missing", "overfitting");
        }
    }

    private void Changes(string name, string original, string[] severities, params string[] truths)
    {
        for (int i = 0; i < severities.Length; i++)
        {
            string changes = severities[i];
            Add(name, i + 1, Change.Apply(_problem.Setup, original), setup => Change.Apply(setup, changes), truths);
        }
    }

    private void Data(string name, double[] severities, Func<Samples, double, Samples> mutate, params string[] truths)
    {
        for (int i = 0; i < severities.Length; i++)
        {
            double share = severities[i];
            Add(name, i + 1, _problem.Setup, setup => Plant.Data(setup, null, samples => mutate(samples, share)), truths);
        }
    }

    /// <summary>Changes a setting of the first, of the first two, and of all layers.</summary>
    private void Layers(string name, string old, string now, params string[] truths)
    {
        for (int severity = 1; severity <= 3; severity++)
        {
            int most = severity == 3 ? int.MaxValue : severity;
            Setup listed = _problem.Setup with { Recipe = _problem.Setup.Recipe.Expand(_problem.Setup.Open().Split.Training) };
            string text = listed.Recipe.Network.Layers;
            if (old.StartsWith("bias", StringComparison.Ordinal))
                text = WithBias(text, old);
            Setup original = listed with { Recipe = listed.Recipe with { Network = new NetworkRecipe { Layers = text } } };
            Add(name, severity, original, setup => setup with
            {
                Recipe = setup.Recipe with { Network = new NetworkRecipe { Layers = Replaced(text, old, now, most) } },
            }, truths);
        }
    }

    private void Add(string name, int severity, Setup original, Func<Setup, Setup> mutate, params string[] truths) =>
        _mutants.Add(new Mutant(_problem, name, severity, original, mutate(original))
        {
            Truths = [.. truths.Select(truth => (IReadOnlySet<string>)new HashSet<string> { truth })],
        });

    /// <summary>A list of layers in which each dense layer and each convolution says whether it has a bias.</summary>
    private static string WithBias(string text, string bias) =>
        text.Replace("activation=relu", $"activation=relu, {bias}", StringComparison.Ordinal);

    private static string Replaced(string text, string old, string now, int most)
    {
        for (int i = 0; i < most && text.Contains(old, StringComparison.Ordinal); i++)
        {
            int place = text.IndexOf(old, StringComparison.Ordinal);
            text = text[..place] + now + text[(place + old.Length)..];
        }

        return text;
    }

    private static Samples Some(Samples samples, double share, Func<int, bool> isCandidate) => samples.Take(
    [
        .. Enumerable.Range(0, samples.Count).Where(row => !isCandidate(row) || row < samples.Classes * 2 || Draws.First(41, row) < share),
    ]);

    /// <summary>Samples of the first class come again as ones of the second.</summary>
    private static Samples Overlap(Samples samples, double share)
    {
        int[] again = [.. Enumerable.Range(0, samples.Count).Where(row => samples.Labels![row] == 0 && Draws.First(42, row) < share)];
        Samples all = samples.Take([.. Enumerable.Range(0, samples.Count), .. again]);
        return all with { Labels = [.. all.Labels!.Select((label, row) => row < samples.Count ? label : 1)] };
    }

    /// <summary>The same training data, and none for validation.</summary>
    private static Setup Blind(Setup setup) => setup with
    {
        Data = seed =>
        {
            DataSplit none = Change.Apply(new ProblemSet().Moons.Setup, "validation=none").Open().Split;
            DataSplit split = setup.WithSeed(seed).Open().Split;
            return RunData.Of(split with { Validation = none.Validation });
        },
    };
}
