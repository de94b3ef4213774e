namespace Thalweg.Schedules;

/// <summary>What the check of a schedule found.</summary>
/// <param name="Holds">Whether both conditions hold; null where it is unknown.</param>
/// <param name="Reason">Why, in one line.</param>
public readonly record struct RobbinsMonroVerdict(bool? Holds, string Reason);

/// <summary>
/// The conditions under which stochastic gradient descent is known to converge: the rates sum to infinity, their squares do not.
/// </summary>
/// <remarks>
/// Source: Robbins and Monro, A stochastic approximation method (1951), eqs. 6 and 26; Goodfellow, Bengio and Courville, Deep Learning
/// (2016), eqs. 8.12-8.13. They are sufficient, not necessary, and speak of infinitely many steps: a run of fixed length may well do
/// better with a rate that fails them.
/// </remarks>
public static class RobbinsMonro
{
    /// <summary>Checks a learning rate.</summary>
    /// <param name="rate">The rate: a number or a schedule.</param>
    public static RobbinsMonroVerdict Check(Hyperparameter rate) => rate.Decline switch
    {
        { Kind: DeclineKind.Zero } =>
            new(false, "the sum of the rates is finite: the rate is 0 from some step on, and training stands still there"),
        { Kind: DeclineKind.Geometric } =>
            new(false, "the sum of the rates is finite: the rate falls geometrically, so that the weights can only go a bounded way"),
        { Kind: DeclineKind.Power, Rate: 0 } =>
            new(false, "the sum of the squares is infinite: the rate does not tend to 0, so that gradient noise never averages out"),
        { Kind: DeclineKind.Power, Rate: <= 0.5 } decline =>
            new(false, $"the sum of the squares is infinite: the rate falls as 1/t^{SettingsText.Number(decline.Rate)}, which is too " +
                "slow for noise to average out; use a power above 0.5"),
        { Kind: DeclineKind.Power, Rate: <= 1 } decline =>
            new(true, $"the rate falls as 1/t^{SettingsText.Number(decline.Rate)}: slow enough to reach any point (power at most 1), " +
                "fast enough for noise to average out (above 0.5)"),
        { Kind: DeclineKind.Power } decline =>
            new(false, $"the sum of the rates is finite: the rate falls as 1/t^{SettingsText.Number(decline.Rate)}, so that the weights " +
                "can only go a bounded way; use a power of at most 1"),
        _ => new(null, "the schedule does not say how it falls in the long run; override its Decline"),
    };
}
