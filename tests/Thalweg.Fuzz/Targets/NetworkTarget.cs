using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Fuzz.Targets;

/// <summary>Networks in recipes: short forms and lists of layers, fitted to samples but not built.</summary>
internal sealed class NetworkTarget() : TextFormTarget("network")
{
    /// <summary>Longest text whose network is fitted to samples: a text of a few kilobytes may name thousands of layers, which take their time.</summary>
    private const int LongestFitted = 120;

    private readonly TrainingSet[] _sets = [Set([4]), Set([1, 8, 8])];

    /// <inheritdoc/>
    protected override IEnumerable<string> Texts() =>
    [
        "mlp:256,128", "cnn:32,64+128", "cnn:8x5,16+10", "resnet:16,32", "resnet:4x2,8x2", "lstm:64", "gru:32x2", "linear",
        "[dense(64, activation=gelu), dropout(0.2), output]", "sequential([conv(8, 3), batch_norm, max_pool(2), flatten, dense(10), output])",
        "[lstm(8, layers=2, bidirectional=true), mean, output]", "[residual([dense(4)]), output]", "[transformer(layers=1, heads=2, hidden=4), mean, output]",
    ];

    /// <inheritdoc/>
    protected override void Parse(string text, FuzzInput input)
    {
        Recipe recipe = new Recipe().With("network.layers", text);
        recipe = input.Chooses(1, 4) ? recipe with { Network = recipe.Network with { Dropout = 0.5, Normalization = "batch" } } : recipe;
        if (text.Length <= LongestFitted)
            recipe = recipe.Expand(_sets[(int)(input.Choice & 1)]);
        _ = recipe.ToYaml();
    }

    private static TrainingSet Set(int[] shape)
    {
        const int Count = 20;
        float[] features = new float[Count * shape.Aggregate(1, (product, size) => product * size)];
        return new TrainingSet(Dataset.ForClassification(features, shape, [.. Enumerable.Range(0, Count).Select(i => i % 2)], ["a", "b"]));
    }
}
