namespace Thalweg.Rules;

/// <summary>Multiplies the update by a factor; -1 at the front of a chain turns descent into ascent.</summary>
/// <remarks>Formula: u = factor g. State: none.</remarks>
public sealed record Scale : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="factor">The factor, dimensionless, finite.</param>
    /// <exception cref="ThalwegException">The factor is not finite: give a number.</exception>
    public Scale(Hyperparameter factor) => Factor = factor;

    /// <summary>The factor, dimensionless, finite.</summary>
    public Hyperparameter Factor { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override string Formula => "u = factor g";

    /// <inheritdoc/>
    public override string Source => "folklore";

    /// <inheritdoc/>
    public override string Use => "a fixed factor on updates: -1 to climb, or to combine rules";

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new ScaleKernel<T>(fusion.Value(Factor)));
}
