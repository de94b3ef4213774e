namespace Thalweg.Rules;

/// <summary>
/// Shortens the weights of each unit that an update would make longer than a limit (max-norm constraint); it stands last in a chain.
/// </summary>
/// <remarks>
/// Formula: u_i = (w_i + g_i) min(1, c/|w_i + g_i|) - w_i for each unit i, the weights that lead to one output. State: none. Source: Srebro
/// and Shraibman (2005); Srivastava et al., Dropout (2014), section 5.1.
/// </remarks>
public sealed record ProjectMaxNorm : UnitRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="maximum">Largest norm c of the weights of a unit, above 0; customary are 3 to 4.</param>
    /// <exception cref="ThalwegException">The limit is not above 0: give a positive number.</exception>
    public ProjectMaxNorm(Hyperparameter maximum) => Maximum = maximum;

    /// <summary>Largest norm c of the weights of a unit, above 0.</summary>
    public Hyperparameter Maximum { get; init => field = Positive(value); }

    /// <inheritdoc/>
    public override string Formula => "u_i = (w_i + g_i) min(1, c/|w_i + g_i|) - w_i for each unit i";

    /// <inheritdoc/>
    public override string Source => "Srivastava et al.: Dropout, 2014, section 5.1";

    /// <inheritdoc/>
    public override string Use => "with dropout and high rates: bounds what a unit can grow to";

    internal override bool SeesNewWeights => true;

    internal override UnitChange Change(UnitSums sums, long step)
    {
        double norm = Math.Sqrt(sums.NewSquares), limit = Maximum.At(step), share = norm <= limit ? 1 : limit / norm;
        return new(share, share - 1);
    }
}

/// <summary>Gives the weights of each unit the same length after each update; it stands last in a chain.</summary>
/// <remarks>
/// Formula: u_i = (w_i + g_i) c/|w_i + g_i| - w_i for each unit i, the weights that lead to one output; a unit whose weights would all be 0
/// is left. State: none. Source: Salimans and Kingma, Weight normalization (2016), eq. 2, with fixed length; as Keras' UnitNorm.
/// </remarks>
public sealed record ProjectUnitNorm : UnitRule
{
    /// <summary>The norm c that the weights of a unit are given, above 0, default 1.</summary>
    public Hyperparameter Norm { get; init => field = Positive(value); } = 1;

    /// <inheritdoc/>
    public override string Formula => "u_i = (w_i + g_i) c/|w_i + g_i| - w_i for each unit i";

    /// <inheritdoc/>
    public override string Source => "Salimans, Kingma: Weight normalization, 2016, eq. 2, with fixed length; Keras, UnitNorm";

    /// <inheritdoc/>
    public override string Use => "where only the direction of a unit's weights is to count";

    internal override bool SeesNewWeights => true;

    internal override UnitChange Change(UnitSums sums, long step)
    {
        double share = sums.NewSquares == 0 ? 1 : Norm.At(step) / Math.Sqrt(sums.NewSquares);
        return new(share, share - 1);
    }
}
