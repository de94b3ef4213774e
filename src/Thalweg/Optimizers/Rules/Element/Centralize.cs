namespace Thalweg.Rules;

/// <summary>
/// Takes from the gradient of each unit its mean over the unit's inputs, so that the mean of its weights stays as it started.
/// </summary>
/// <remarks>
/// Formula: u_i = g_i - mean(g_i) for each unit i, the weights that lead to one output; vectors pass. State: none. Source: Yong, Huang, Hua
/// and Zhang, Gradient centralization (2020), eq. 1.
/// </remarks>
public sealed record Centralize : UnitRule
{
    /// <inheritdoc/>
    public override string Formula => "u_i = g_i - mean(g_i) for each unit i";

    /// <inheritdoc/>
    public override string Source => "Yong, Huang, Hua, Zhang: Gradient centralization, 2020, eq. 1";

    /// <inheritdoc/>
    public override string Use => "convolutional and dense layers without normalization: a cheap regularizer";

    internal override UnitChange Change(UnitSums sums, long step) => new(1, 0, -sums.Update / sums.Count);
}
