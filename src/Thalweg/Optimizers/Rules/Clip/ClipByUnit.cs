using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Shortens the gradient of each unit where it is long beside the unit's weights: the limit adapts to each layer.</summary>
/// <remarks>
/// Formula: u_i = g_i min(1, c max(|w_i|, e)/|g_i|) for each unit i, the weights that lead to one output or a whole vector. State: none.
/// Source: Brock, De, Smith and Simonyan, High-performance large-scale image recognition without normalization (2021), eq. 3.
/// </remarks>
public sealed record ClipByUnit : UnitRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="ratio">Largest ratio c of the norm of a unit's gradient to that of its weights, dimensionless, above 0;
    /// customary is 0.01.</param>
    /// <exception cref="ThalwegException">The ratio is not above 0: give a positive number.</exception>
    public ClipByUnit(Hyperparameter ratio) => Ratio = ratio;

    /// <summary>Largest ratio c of the norm of a unit's gradient to that of its weights, dimensionless, above 0.</summary>
    public Hyperparameter Ratio { get; init => field = Positive(value); }

    /// <summary>Smallest norm e that weights count as, so that weights of 0 can move, above 0, default 1e-3.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-3;

    /// <inheritdoc/>
    public override string Formula => "u_i = g_i min(1, c max(|w_i|, e)/|g_i|) for each unit i";

    /// <inheritdoc/>
    public override string Source =>
        "Brock, De, Smith, Simonyan: High-performance large-scale image recognition without normalization, 2021, eq. 3";

    /// <inheritdoc/>
    public override string Use => "networks without normalization layers at large batches";

    internal override bool Reaches(ParameterSegment segment) => true;

    internal override UnitChange Change(UnitSums sums, long step)
    {
        double norm = Math.Sqrt(sums.UpdateSquares), limit = Ratio.At(step) * Math.Max(Math.Sqrt(sums.WeightSquares), Epsilon.At(step));
        // Written so that a NaN passes on.
        return new(norm <= limit ? 1 : limit / norm);
    }
}
