using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>One layer's weight and bias in the flat vector and its factors in their slots.</summary>
/// <param name="Weight">Place of the weight among the segments.</param>
/// <param name="Bias">Place of the bias, or -1.</param>
/// <param name="Inputs">Inputs of an output, the bias left aside.</param>
/// <param name="Outputs">Outputs.</param>
internal readonly record struct KfacLayer(int Weight, int Bias, int Inputs, int Outputs)
{
    private static readonly ConditionalWeakTable<ParameterSegments, ConcurrentDictionary<int, KfacLayer[]>> s_found = [];

    /// <summary>Whether the weight's first axis counts outputs, as in convolutions.</summary>
    public bool IsWindow { get; init; }

    /// <summary>First element of the input factor in its slot.</summary>
    public int InputStart { get; init; }

    /// <summary>First element of the output factor in its slot.</summary>
    public int OutputStart { get; init; }

    /// <summary>Size of the input factor.</summary>
    public int Rows => Inputs + (Bias < 0 ? 0 : 1);

    /// <summary>The layers whose factors are no larger than the limit; found once for the parameters of a run.</summary>
    public static KfacLayer[] Of(ParameterSegments segments, int limit) => s_found.GetValue(segments, static _ => [])
        .GetOrAdd(limit, static (longest, all) => Find(all, longest), segments);

    private static KfacLayer[] Find(ParameterSegments segments, int limit)
    {
        List<KfacLayer> layers = [];
        (int inputStart, int outputStart) = (0, 0);
        for (int i = 0; i < segments.Items.Count; i++)
        {
            ParameterSegment segment = segments.Items[i];
            if (segment.Shape.Rank < 2 || !segment.Name.EndsWith("weight", StringComparison.Ordinal))
                continue;
            bool isWindow = segment.Shape.Rank > 2;
            int outputs = isWindow ? segment.Shape[0] : segment.Shape[-1], inputs = segment.Size / outputs;
            int bias = BiasOf(segments, segment.Name, outputs);
            KfacLayer layer = new(i, bias, inputs, outputs) { IsWindow = isWindow, InputStart = inputStart, OutputStart = outputStart };
            if (Math.Max(layer.Rows, outputs) > limit)
                continue;
            layers.Add(layer);
            inputStart = checked(inputStart + (layer.Rows * layer.Rows));
            outputStart = checked(outputStart + (outputs * outputs));
        }

        return [.. layers];
    }

    /// <summary>The bias beside a weight, which must have one number per output.</summary>
    private static int BiasOf(ParameterSegments segments, string weight, int outputs)
    {
        string name = weight[..^"weight".Length] + "bias";
        for (int i = 0; i < segments.Items.Count; i++)
        {
            if (segments.Items[i].Name == name && segments.Items[i].Size == outputs)
                return i;
        }

        return -1;
    }
}
