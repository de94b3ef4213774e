using Thalweg.Runs;

namespace Thalweg.Faults;

/// <summary>Kind of a network.</summary>
internal enum NetworkKind
{
    Dense,
    Convolutional,
    Recurrent,
}

/// <summary>Data with a network that learns them well in less than a second.</summary>
/// <param name="Name">Name of the data.</param>
/// <param name="Half">The half that data and network belong to, with all of their seeds.</param>
/// <param name="Kind">Kind of the network.</param>
/// <param name="Setup">The training.</param>
internal sealed record Problem(string Name, Half Half, NetworkKind Kind, Setup Setup)
{
    /// <summary>Whether the target is a number.</summary>
    public bool IsRegression { get; init; }

    /// <summary>Whether the data are files that <c>--data-dir</c> names.</summary>
    public bool IsReal { get; init; }

    /// <summary>The same data with changes of the recipe, for another network or schedule.</summary>
    public Problem With(string changes) => this with { Setup = Change.Apply(Setup, changes) };
}

/// <summary>Changes of a recipe as text: <c>path=value; path=value</c>.</summary>
internal static class Change
{
    private static readonly Dictionary<string, string> s_short = new()
    {
        ["rate"] = "training.optimizer.learning_rate",
        ["optimizer"] = "training.optimizer.name",
        ["schedule"] = "training.optimizer.schedule",
        ["decay"] = "training.optimizer.weight_decay",
        ["clip"] = "training.optimizer.clip_norm",
        ["batch"] = "training.batch_size",
        ["epochs"] = "training.epochs",
        ["loss"] = "training.loss",
        ["layers"] = "network.layers",
        ["activation"] = "network.activation",
        ["init"] = "network.initializer",
        ["bias"] = "network.bias_initializer",
        ["norm"] = "network.normalization",
        ["output"] = "network.output_activation",
        ["dropout"] = "network.dropout",
        ["patience"] = "training.early_stopping.patience",
        ["keep"] = "training.early_stopping.keep",
        ["samples"] = "data.samples",
        ["source"] = "data.source",
        ["validation"] = "data.split.validation",
    };

    /// <summary>The setup with a changed recipe.</summary>
    public static Setup Apply(Setup setup, string changes) => setup with { Recipe = Apply(setup.Recipe, changes) };

    /// <summary>The changed recipe; <c>{dir}</c> in a value is the folder of the data that the suite writes.</summary>
    public static Recipe Apply(Recipe recipe, string changes)
    {
        foreach (string change in changes.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int sign = change.IndexOf('=', StringComparison.Ordinal);
            string path = change[..sign].Trim(), value = change[(sign + 1)..].Trim();
            recipe = recipe.With(s_short.GetValueOrDefault(path, path), value.Length == 0 ? null : value);
        }

        return recipe;
    }
}
