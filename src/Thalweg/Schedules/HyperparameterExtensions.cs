namespace Thalweg.Schedules;

/// <summary>Hyperparameters made of others.</summary>
internal static class HyperparameterExtensions
{
    /// <summary>The value divided by 1 + decay t.</summary>
    /// <param name="value">The value.</param>
    /// <param name="decay">The decay, at least 0.</param>
    public static Hyperparameter DecayedBy(this Hyperparameter value, double decay) => decay == 0 ? value
        : value.Schedule is null ? new InverseTimeSchedule(value.At(0), decay)
        : new ProductSchedule(value, new InverseTimeSchedule(1, decay));
}
