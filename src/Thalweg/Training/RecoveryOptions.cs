namespace Thalweg.Training;

/// <summary>What a run does about a step whose loss is NaN or infinite.</summary>
public enum NonFiniteAction
{
    /// <summary>The run ends, and the best weights are put back.</summary>
    Stop,

    /// <summary>The step makes no update, and the run continues with the next samples. It ends where the weights themselves are not
    /// finite.</summary>
    Skip,

    /// <summary>The run goes back to its rollback point, and continues with the next samples and a smaller learning rate.</summary>
    Rollback,
}

/// <summary>What a run does about steps that fail: losses that are not finite, and spikes.</summary>
/// <remarks>
/// A rollback puts weights, statistics and optimizer state back to where they were at the rollback point, which is taken every
/// <see cref="PointEvery"/> steps; samples and schedule continue where they are. What is done depends on the losses alone, so that the same seed
/// gives the same bits, and a resumed run does the same. Source: Chowdhery et al., "PaLM: Scaling language modeling with pathways", 2022,
/// section 5.1 (restart before the spike, skip the batches around it).
/// </remarks>
public sealed record RecoveryOptions
{
    /// <summary>What is done about a loss that is NaN or infinite; default <see cref="NonFiniteAction.Stop"/>.</summary>
    public NonFiniteAction OnNonFinite { get; init; }

    /// <summary>Loss of a step, as a multiple of its moving mean, above which the run rolls back; dimensionless, above 1; default null,
    /// never.</summary>
    /// <exception cref="ThalwegException">The factor is not above 1.</exception>
    public double? SpikeFactor
    {
        get;
        init => field = value is null or > 1 ? value : throw Refused("a spike factor above 1", value.Value);
    }

    /// <summary>Steps from one rollback point to the next, 1 or more; default 100.</summary>
    /// <exception cref="ThalwegException">The number is below 1.</exception>
    public int PointEvery
    {
        get;
        init => field = value >= 1 ? value : throw Refused("1 or more steps between rollback points", value);
    } = 100;

    /// <summary>Factor of the learning rate at each rollback; dimensionless, above 0 and at most 1; default 0.5.</summary>
    /// <exception cref="ThalwegException">The factor is out of range.</exception>
    public double RateFactor
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw Refused("a rate factor above 0 and at most 1", value);
    } = 0.5;

    /// <summary>Steps that are skipped or rolled back at most in a run, 1 or more; default 10. After that the run ends.</summary>
    /// <exception cref="ThalwegException">The number is below 1.</exception>
    public int Maximum
    {
        get;
        init => field = value >= 1 ? value : throw Refused("1 or more recoveries", value);
    } = 10;

    /// <summary>Whether anything is to be done.</summary>
    internal bool IsActive => OnNonFinite != NonFiniteAction.Stop || SpikeFactor is not null;

    /// <summary>Whether the run may roll back.</summary>
    internal bool RollsBack => OnNonFinite == NonFiniteAction.Rollback || SpikeFactor is not null;

    private static ThalwegException Refused(string expected, double got) =>
        new(FormattableString.Invariant($"[recovery] expected {expected}, got {got}; give another number"));
}

/// <summary>What was done about a step that failed; see <see cref="Trainer.StepRecovered"/>.</summary>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Step">Step of the run, from 0.</param>
/// <param name="Action">What was done.</param>
/// <param name="Loss">Loss of the step, possibly not finite.</param>
/// <param name="Message">One sentence: what happened, and what was done.</param>
public sealed record RecoveryReport(int Epoch, long Step, NonFiniteAction Action, double Loss, string Message);
