using Thalweg.Runs;

namespace Thalweg.Diagnosis.Tests;

/// <summary>Small trainings with one thing wrong.</summary>
internal static class Planted
{
    /// <summary>A training that goes well, with some fields changed.</summary>
    public static Recipe With(params (string Path, string? Value)[] changes) =>
        changes.Aggregate(Healthy, (recipe, change) => recipe.With(change.Path, change.Value));

    /// <summary>A training that goes well.</summary>
    public static Recipe Healthy { get; } = Recipe.Parse("""
        data: { source: moons, samples: 600 }
        network: { layers: "mlp:16,16" }
        training:
          batch_size: 32
          epochs: 12
          optimizer: { name: adam, learning_rate: 0.01 }
          early_stopping: { patience: 0, keep: last }
        """);

    /// <summary>Recipes with their planted cause.</summary>
    public static IReadOnlyDictionary<string, Recipe> All { get; } = new Dictionary<string, Recipe>
    {
        ["symmetric_start"] = With(("network.initializer", "constant(0.1)")),
        ["rate_too_high"] = With(("training.optimizer.learning_rate", "1")),
        ["rate_too_low"] = With(("training.optimizer.learning_rate", "0.00001")),
        ["dead_relu"] = With(("network.bias_initializer", "constant(-8)")),
        ["too_few_layers"] = With(("network.layers", "linear")),
        ["softmax_twice"] = With(("network.output_activation", "softmax")),
        ["clipping_every_step"] = With(
            ("training.optimizer.name", "momentum"), ("training.optimizer.learning_rate", "0.05"),
            ("training.optimizer.clip_norm", "0.003")),
        ["dropout_too_strong"] = With(("network.dropout", "0.9")),
        ["validation_missing"] = With(("data.split.validation", "none")),
        ["epsilon_too_large"] = With(("training.optimizer.name", "adam(epsilon=10)")),
        ["softmax_missing"] = With(("training.loss", "negative_log_likelihood")),
    };
}
