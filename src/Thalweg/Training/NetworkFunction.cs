using Thalweg.Minimizers;
using Thalweg.Optimizers;

namespace Thalweg.Training;

/// <summary>The objective of a step as a function of the parameters in double, without the padding between them.</summary>
/// <remarks>Padding would be variables on which nothing depends, and a Hessian with them is singular.</remarks>
internal sealed class NetworkFunction : ObjectiveFunction
{
    private readonly ParameterVector _parameters;
    private readonly Tensor _vector, _product;

    public NetworkFunction(ParameterVector parameters)
    {
        _parameters = parameters;
        _vector = Tensor.Zeros(parameters.Values.Shape, parameters.Values.DType).Clone();
        _product = Tensor.Zeros(parameters.Values.Shape, parameters.Values.DType).Clone();
        Variables = parameters.Segments.Items.Sum(segment => segment.Size);
    }

    /// <summary>Number of parameters.</summary>
    public int Variables { get; }

    /// <summary>The objective, bound to the samples of the step.</summary>
    public TrainingObjective Objective { get; set; } = null!;

    public override bool HasHessian => true;

    public override bool HasGaussNewton => true;

    public override double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        Write(point, _parameters.Values);
        double value = Objective.Gradient();
        Read(_parameters.Gradients, gradient);
        return value;
    }

    public override void MultiplyHessian(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product)
    {
        Prepare(point, vector);
        Objective.HessianProduct(_vector, _product);
        Read(_product, product);
    }

    public override void MultiplyGaussNewton(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product)
    {
        Prepare(point, vector);
        Objective.GaussNewtonProduct(_vector, _product);
        Read(_product, product);
    }

    /// <summary>The parameters as they are.</summary>
    public double[] ReadPoint()
    {
        double[] point = new double[Variables];
        Read(_parameters.Values, point);
        return point;
    }

    /// <summary>Moves the parameters.</summary>
    public void WritePoint(ReadOnlySpan<double> point) => Write(point, _parameters.Values);

    private void Prepare(ReadOnlySpan<double> point, ReadOnlySpan<double> vector)
    {
        Write(point, _parameters.Values);
        Write(vector, _vector);
    }

    private void Write(ReadOnlySpan<double> from, Tensor to)
    {
        int next = 0;
        foreach (ParameterSegment segment in _parameters.Segments.Items)
        {
            ReadOnlySpan<double> part = from.Slice(next, segment.Size);
            next += segment.Size;
            if (to.DType == DType.Float64)
            {
                part.CopyTo(to.AsSpan<double>().Slice(segment.Offset, segment.Size));
                continue;
            }

            Span<float> floats = to.AsSpan<float>().Slice(segment.Offset, segment.Size);
            for (int i = 0; i < floats.Length; i++)
            {
                floats[i] = (float)part[i];
            }
        }
    }

    private void Read(Tensor from, Span<double> to)
    {
        int next = 0;
        foreach (ParameterSegment segment in _parameters.Segments.Items)
        {
            Span<double> part = to.Slice(next, segment.Size);
            next += segment.Size;
            if (from.DType == DType.Float64)
            {
                from.AsSpan<double>().Slice(segment.Offset, segment.Size).CopyTo(part);
                continue;
            }

            ReadOnlySpan<float> floats = from.AsSpan<float>().Slice(segment.Offset, segment.Size);
            for (int i = 0; i < floats.Length; i++)
            {
                part[i] = floats[i];
            }
        }
    }
}
