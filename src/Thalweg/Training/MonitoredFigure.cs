namespace Thalweg.Training;

/// <summary>The figure on the validation data that decides which epoch is the best, when a run stops early, and when a rule that waits for a
/// plateau acts.</summary>
public enum MonitoredFigure
{
    /// <summary>The metric of the task, more is better: accuracy or R2; the loss decides between equal values.</summary>
    Metric,

    /// <summary>The loss, less is better. On few validation samples it is the steadier one: accuracy takes few values there.</summary>
    Loss,
}
