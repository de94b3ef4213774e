namespace Thalweg.Data;

/// <summary>How standardized numbers to predict are turned back into their own unit: number = standardized x deviation + mean.</summary>
/// <remarks>A number alone stands for its deviation, with a mean of 0; the default is 1 and 0, as for classes.</remarks>
public readonly record struct TargetScale
{
    private readonly double _deviation;

    /// <summary>Makes the scale.</summary>
    /// <param name="deviation">Size of one standardized unit in the unit of the target.</param>
    /// <param name="mean">What is added, in the unit of the target; default 0.</param>
    public TargetScale(double deviation, double mean = 0) => (_deviation, Mean) = (deviation, mean);

    /// <summary>Size of one standardized unit in the unit of the target; default 1.</summary>
    public double Deviation => _deviation == 0 ? 1 : _deviation;

    /// <summary>What is added, in the unit of the target; default 0.</summary>
    public double Mean { get; }

    /// <summary>The scale with this deviation and a mean of 0.</summary>
    /// <param name="deviation">Size of one standardized unit in the unit of the target.</param>
    public static implicit operator TargetScale(double deviation) => new(deviation);
}
