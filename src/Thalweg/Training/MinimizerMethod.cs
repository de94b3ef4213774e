using Thalweg.Minimizers;
using Thalweg.Optimizers;

namespace Thalweg.Training;

/// <summary>Updates by a minimizer: each step is a call of some iterations on the samples of the step.</summary>
/// <remarks>The minimizer works in double whatever the type of the network, so that its searches do not end at the rounding of a float.</remarks>
internal sealed class MinimizerMethod : StepMethod
{
    private readonly Minimizer _minimizer;
    private readonly ParameterVector _parameters;
    private readonly double[] _point;
    private MinimizerRun _run;
    private long _step;
    private string? _ended;

    public MinimizerMethod(Minimizer minimizer, ParameterVector parameters)
    {
        (_minimizer, _parameters) = (minimizer, parameters);
        _point = new double[parameters.Values.Length];
        _run = Start();
    }

    public override string Text => _minimizer.ToString();

    public override long Step => _step;

    /// <summary>The point in double; what the minimizer has learned of the curvature begins anew after a resumption.</summary>
    public override IReadOnlyList<StateSlot> Slots => [new StateSlot("point", Tensor.From(_run.Point, [_point.Length]))];

    public override string? Ended => _ended;

    public override void Restore(long step, IReadOnlyList<StateSlot> slots)
    {
        _step = step;
        slots.Single().Values.AsSpan<double>().CopyTo(_point);
        _run = _minimizer.Start(_point);
        Write(_point);
    }

    public override double Take(TrainingObjective objective)
    {
        double loss = double.NaN;
        MinimizerResult result = _run.Advance((point, gradient) =>
        {
            Write(point);
            double value = objective.Gradient();
            loss = double.IsNaN(loss) ? objective.DataLoss : loss;
            Read(_parameters.Gradients, gradient);
            return value;
        });
        if (result.Status == MinimizerStatus.NotFinite && objective.Evaluations == 1)
        {
            return double.NaN;
        }

        Write(_run.Point);
        _step++;
        _ended = result.Status is MinimizerStatus.IterationLimit or MinimizerStatus.EvaluationLimit ? null : result.Text;
        return loss;
    }

    private MinimizerRun Start()
    {
        Read(_parameters.Values, _point);
        return _minimizer.Start(_point);
    }

    private void Write(ReadOnlySpan<double> point)
    {
        Tensor values = _parameters.Values;
        if (values.DType == DType.Float64)
        {
            point.CopyTo(values.AsSpan<double>());
            return;
        }

        Span<float> floats = values.AsSpan<float>();
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = (float)point[i];
        }
    }

    private static void Read(Tensor tensor, Span<double> into)
    {
        if (tensor.DType == DType.Float64)
        {
            tensor.AsSpan<double>().CopyTo(into);
            return;
        }

        ReadOnlySpan<float> floats = tensor.AsSpan<float>();
        for (int i = 0; i < floats.Length; i++)
        {
            into[i] = floats[i];
        }
    }
}
