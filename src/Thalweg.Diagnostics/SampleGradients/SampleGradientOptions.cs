namespace Thalweg.Diagnostics;

/// <summary>What <see cref="SampleGradientMeter"/> measures besides the norms.</summary>
public sealed record SampleGradientOptions
{
    /// <summary>Whether to measure the mean gradient, default true; without it no weight needs a gradient of the batch.</summary>
    public bool Means { get; init; } = true;

    /// <summary>Whether to measure the mean of the squared elements, and with it and the mean the variance; default false.</summary>
    public bool SecondMoments { get; init; }

    /// <summary>Whether to measure the products of each pair of samples, <c>[batch, batch]</c>; default false.</summary>
    public bool DotProducts { get; init; }

    /// <summary>Which parameters to measure, by full name such as <c>0.weight</c>; null (default): all.</summary>
    public Func<string, bool>? Where { get; init; }

    /// <summary>
    /// Largest number of elements of single gradients that are in memory at once, 1 or more; default 4,194,304. One gradient of one
    /// parameter is the least that fits. Results differ by rounding alone.
    /// </summary>
    public int WorkingElements { get; init; } = 1 << 22;
}
