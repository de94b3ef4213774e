using Thalweg.Training;

namespace Thalweg.Labs;

/// <summary>Measures how far an optimizer moves each weight for its gradient: the effective rate, |change| / |gradient|, from sums over a
/// stretch of updates.</summary>
internal sealed class LabRates : ITrainingObserver
{
    private float[] _before = [], _gradient = [];

    /// <summary>Sums of the changes of each weight, <c>[n]</c>, since <see cref="Clear"/>.</summary>
    public double[] Changes { get; private set; } = [];

    /// <summary>Sums of the gradients' magnitudes, <c>[n]</c>, since <see cref="Clear"/>.</summary>
    public double[] Gradients { get; private set; } = [];

    /// <summary>The effective rate over all weights together.</summary>
    public double Mean => Changes.Sum() / Gradients.Sum();

    /// <summary>Starts the sums anew.</summary>
    public void Clear() => (Changes, Gradients) = (new double[Changes.Length], new double[Gradients.Length]);

    /// <inheritdoc/>
    public void GradientReady(Trainer trainer, in StepGradientReport gradient)
    {
        _before = gradient.Parameters.Values.ToArray<float>();
        _gradient = gradient.Parameters.Gradients.ToArray<float>();
        if (Changes.Length == 0)
            (Changes, Gradients) = (new double[_before.Length], new double[_before.Length]);
    }

    /// <inheritdoc/>
    public void StepEnded(Trainer trainer, in StepReport step)
    {
        Span<float> after = trainer.Parameters.Values.AsSpan<float>();
        for (int i = 0; i < after.Length; i++)
        {
            Changes[i] += Math.Abs(after[i] - _before[i]);
            Gradients[i] += Math.Abs(_gradient[i]);
        }
    }
}
