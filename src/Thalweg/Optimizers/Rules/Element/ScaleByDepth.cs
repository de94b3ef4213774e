using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Gives each layer a smaller rate than the one after it: the last layer learns at full rate, layers near the input hardly change.
/// </summary>
/// <remarks>
/// Formula: u = decay^d g, d the number of layers with parameters after this one. State: none. Layers are recognized by the names of
/// parameters up to the last point, in the order of the network (<c>0.weight</c> and <c>0.bias</c> are one layer). Source: Howard and
/// Ruder, ULMFiT (2018), section 3.2 (discriminative fine-tuning); Clark et al., ELECTRA (2020).
/// </remarks>
public sealed record ScaleByDepth : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="decay">Ratio of a layer's rate to that of the next, dimensionless, above 0; customary are 0.4 to 0.9.</param>
    /// <exception cref="ThalwegException">The ratio is not above 0: give a positive number.</exception>
    public ScaleByDepth(double decay) => Decay = decay;

    /// <summary>Ratio of a layer's rate to that of the next, dimensionless, above 0.</summary>
    public double Decay { get; init => field = AboveZero(value); }

    /// <inheritdoc/>
    public override string Formula => "u = decay^d g, d the number of layers after this one";

    /// <inheritdoc/>
    public override string Source => "Howard, Ruder: ULMFiT, 2018, section 3.2";

    /// <inheritdoc/>
    public override string Use => "fine-tuning: layers near the input move less";

    internal override bool IsBySegment => true;

    internal override void Fill(ParameterSegments segments, Span<double> table)
    {
        string[] layers =
            [.. segments.Items.Select(segment => Layer(segment.Name)).Distinct().OrderBy(name => name, Comparer<string>.Create(Compare))];
        for (int k = 0; k < table.Length; k++)
            table[k] = Math.Pow(Decay, layers.Length - 1 - Array.IndexOf(layers, Layer(segments.Items[k].Name)));
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new SegmentScaleKernel<T>(fusion.Table));

    private static string Layer(string name) => name.LastIndexOf('.') is >= 0 and int point ? name[..point] : "";

    /// <summary>Compares names part by part, numbers as numbers: 2 comes before 10.</summary>
    private static int Compare(string a, string b)
    {
        string[] left = a.Split('.'), right = b.Split('.');
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            bool areNumbers = int.TryParse(left[i], out int x) & int.TryParse(right[i], out int y);
            int order = areNumbers ? x.CompareTo(y) : string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
                return order;
        }

        return left.Length.CompareTo(right.Length);
    }
}
