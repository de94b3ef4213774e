namespace Thalweg.Schedules;

/// <summary>How the height of a cyclic schedule's peaks changes.</summary>
public enum CycleVariant
{
    /// <summary>All peaks are as high.</summary>
    Triangular,

    /// <summary>Each peak is half as high as the one before.</summary>
    Halving,

    /// <summary>The height falls by a factor at each step.</summary>
    Exponential,
}

/// <summary>
/// Goes up and down between two values along lines, again and again; with the low value above the high one it is the momentum's side
/// of the cycle.
/// </summary>
/// <remarks>
/// Formula: low + (high-low) h c, h the height in the triangle from 0 to 1, c = 1, 1/2^cycle or factor^t. Source: Smith, Cyclical
/// learning rates (2017), section 3.1; as PyTorch's CyclicLR.
/// </remarks>
public sealed record CyclicSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="low">Value at the start of each cycle, finite.</param>
    /// <param name="high">Value at the first peak, finite.</param>
    /// <param name="rise">Steps from low to high, at least 1.</param>
    /// <exception cref="ThalwegException">A value is not finite, or there is no step: give numbers in range.</exception>
    public CyclicSchedule(double low, double high, int rise) => (Low, High, Rise) = (low, high, rise);

    /// <summary>Value at the start of each cycle, finite.</summary>
    public double Low { get; init => field = Finite(value); }

    /// <summary>Value at the first peak, finite.</summary>
    public double High { get; init => field = Finite(value); }

    /// <summary>Steps from low to high, at least 1.</summary>
    public int Rise { get; init => field = AtLeast(1, value); }

    /// <summary>Steps from high to low, at least 0, default 0: as many as those of the rise.</summary>
    public int Fall { get; init => field = AtLeast(0, value); }

    /// <summary>How the height of the peaks changes, default not at all.</summary>
    public CycleVariant Form { get; init; }

    /// <summary>Factor per step of the exponential form, dimensionless, in (0, 1], default 1.</summary>
    public double Factor { get; init => field = Share(value); } = 1;

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => Between(Low, High);

    /// <inheritdoc/>
    public override Decline Decline => Low == 0 && (Form == CycleVariant.Halving || (Form == CycleVariant.Exponential && Factor < 1))
        ? Decline.Geometric(0.5, High)
        : Decline.Constant(Form == CycleVariant.Triangular ? (Low + High) / 2 : Low);

    /// <inheritdoc/>
    public override string Formula => "low + (high-low) h c, h the height in the triangle, " + Form switch
    {
        CycleVariant.Halving => "c = 1/2^cycle",
        CycleVariant.Exponential => "c = factor^t",
        _ => "c = 1",
    };

    /// <inheritdoc/>
    public override string Source => "Smith: Cyclical learning rates, 2017, section 3.1; PyTorch, CyclicLR";

    /// <inheritdoc/>
    public override string Use => "to travel between rates that are known to work, without knowing the length of the run";

    /// <inheritdoc/>
    protected override double Decayed(long step)
    {
        int fall = Fall == 0 ? Rise : Fall;
        (long cycle, long position) = Math.DivRem(step - Warmup, (long)Rise + fall);
        double height = position <= Rise ? (double)position / Rise : 1 - ((double)(position - Rise) / fall);
        double change = Form switch
        {
            CycleVariant.Halving => Math.Pow(0.5, cycle),
            CycleVariant.Exponential => Math.Pow(Factor, step - Warmup),
            _ => 1,
        };
        return Low + ((High - Low) * height * change);
    }
}
