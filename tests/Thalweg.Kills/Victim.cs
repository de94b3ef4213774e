using Thalweg.Layers;
using Thalweg.Runs;

namespace Thalweg.Kills;

/// <summary>A run that is killed: Adam on two gradients to an update, averaged weights, dropout, batch normalization, checkpoints in the
/// background, an evaluation every third epoch, steps in pieces.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Recipe">Its recipe.</param>
/// <param name="Network">A network that no recipe describes; null for that of the recipe.</param>
internal sealed record Victim(string Name, Recipe Recipe, NetworkFactory? Network = null)
{
    /// <summary>All that there are: an MLP, a convolutional network, an LSTM.</summary>
    public static IReadOnlyList<Victim> All { get; } =
    [
        new("mlp", Make("mlp:96,64", epochs: 150, every: "0.2s")),
        new("cnn", Make("cnn:8,16+32", epochs: 7, every: "7steps")),
        new("lstm", Make("linear", epochs: 9, every: "11steps"), preprocessing => new RowReader(preprocessing.Target.ClassNames.Count)),
    ];

    /// <summary>The run of a name.</summary>
    public static Victim Find(string name) =>
        All.FirstOrDefault(victim => victim.Name == name) ?? throw new ArgumentException($"there is no run {name}", nameof(name));

    private static Recipe Make(string layers, int epochs, string every) => Recipe.Parse($$"""
        data: { source: glyphs, samples: 1500 }
        network: { layers: "{{layers}}", {{(layers == "linear" ? "" : "normalization: batch, dropout: 0.1")}} }
        training:
          optimizer: "chain(accumulate(2), scale_by_adam, scale_by_learning_rate(cosine(0.003, 2000)), average_weights)"
          batch_size: 64
          micro_batch_size: 32
          epochs: {{epochs}}
          evaluate_every: 3
          early_stopping: { patience: 0 }
        run: { checkpoint_every: {{every}} }
        """);

    /// <summary>Reads the rows of an image one after the other.</summary>
    private sealed class RowReader : Module
    {
        private readonly Lstm _lstm = new(28, 24, new RecurrentOptions { AllSteps = false });
        private readonly BatchNorm1d _norm = new(24);
        private readonly Dropout _dropout = new(0.1);
        private readonly Dense _output;

        public RowReader(int classes)
        {
            _output = new Dense(24, classes);
            AddModule("lstm", _lstm);
            AddModule("norm", _norm);
            AddModule("dropout", _dropout);
            AddModule("output", _output);
        }

        protected override Tensor ForwardCore(Tensor input) =>
            _output.Forward(_dropout.Forward(_norm.Forward(_lstm.Forward(input.Reshape([input.Shape[0], 28, 28])))));
    }
}
