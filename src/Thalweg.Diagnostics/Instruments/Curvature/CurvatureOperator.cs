using System.Runtime.CompilerServices;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>Which matrix of curvature an instrument looks at.</summary>
public enum CurvatureMatrix
{
    /// <summary>Second derivatives of the objective, regularizers included.</summary>
    Hessian,

    /// <summary>J' H J, J the Jacobian of the outputs and H the Hessian of the loss by them: without negative curvature where the loss is
    /// convex in the outputs. Source: Schraudolph, 2002.</summary>
    GaussNewton,

    /// <summary>Fisher information of the distribution that the loss stands for; for softmax and sigmoid cross-entropy and squared error
    /// it is the Gauss-Newton matrix. Source: Martens, New insights and perspectives on the natural gradient method, 2020, section
    /// 9.2.</summary>
    Fisher,

    /// <summary>Mean of g_i g_i' over the single gradients. Source: Kunstner, Balles, Hennig, Limitations of the empirical Fisher,
    /// 2019.</summary>
    EmpiricalFisher,
}

/// <summary>Products of a matrix of curvature, at the weights as they are, with vectors in double.</summary>
public sealed class CurvatureOperator
{
    private readonly TrainingProbe _probe;
    private readonly CurvatureMatrix _matrix;
    private readonly Tensor _vector, _product;

    private CurvatureOperator(TrainingProbe probe, CurvatureMatrix matrix, InstrumentRun run)
    {
        (_probe, _matrix, Vectors) = (probe, matrix, run.Vectors);
        (_vector, _product) = run.CurvatureVectors;
    }

    /// <summary>Where vectors come from, and where those go that nobody uses any more.</summary>
    internal VectorPool Vectors { get; }

    /// <summary>Length of the vectors: parameters and the padding between them, in which all vectors are 0.</summary>
    public int Length => checked((int)_vector.Length);

    /// <summary>Products made so far.</summary>
    public int Products { get; private set; }

    private ParameterVector Parameters => _probe.Objective.Parameters;

    /// <summary>The operator on samples of a step.</summary>
    /// <param name="moment">The step.</param>
    /// <param name="matrix">Which matrix.</param>
    /// <param name="samples">Samples at most, the first of the step; 0 for all.</param>
    public static CurvatureOperator On(InstrumentMoment moment, CurvatureMatrix matrix, int samples)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new(ProbeOf(moment, samples, isFixed: false), matrix, moment.Run);
    }

    internal static CurvatureOperator On(InstrumentMoment moment, CurvatureMatrix matrix, int samples, bool isFixed) =>
        new(ProbeOf(moment, samples, isFixed), matrix, moment.Run);

    /// <summary>Why a matrix cannot be had for a loss, in one line; null where it can.</summary>
    /// <param name="matrix">Which matrix.</param>
    /// <param name="loss">The loss.</param>
    public static string? Unavailable(CurvatureMatrix matrix, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return matrix != CurvatureMatrix.Fisher || loss is CrossEntropyLoss or BinaryCrossEntropyLoss or MeanSquaredErrorLoss
            ? null
            : $"the loss {loss.Name} stands for no known distribution: choose gauss_newton or empirical_fisher";
    }

    /// <summary>An objective on the samples of a step, or on those that all measurements share.</summary>
    internal static TrainingProbe ProbeOf(InstrumentMoment moment, int samples, bool isFixed)
    {
        ReadOnlyMemory<int> all = isFixed ? moment.Run.FixedSamples(samples) : moment.Samples;
        int count = samples == 0 ? all.Length : Math.Min(samples, all.Length);

        // One size of room serves whole batches and the smaller one at the end of an epoch.
        int room = samples == 0 ? Math.Max(count, moment.Trainer.TrainingData.Stream is null ? moment.Trainer.BatchSize : count)
            : Math.Min(samples, Math.Max(count, 1));
        TrainingProbe probe = moment.Run.Probe(room);
        probe.Begin(all.Span[..count], moment.Step);
        return probe;
    }

    /// <summary>Multiplies.</summary>
    /// <param name="vector">The vector, 0 in the padding.</param>
    /// <returns>The product, 0 in the padding.</returns>
    public double[] Multiply(ReadOnlySpan<double> vector)
    {
        FlatMath.Write(vector, _vector);
        Products++;
        switch (_matrix)
        {
            case CurvatureMatrix.Hessian:
                _probe.Objective.HessianProduct(_vector, _product);
                break;
            case CurvatureMatrix.EmpiricalFisher:
                MultiplyEmpiricalFisher();
                break;
            default:
                _probe.Objective.GaussNewtonProduct(_vector, _product);
                break;
        }

        double[] product = Vectors.Rent();
        FlatMath.Read(_product, product);
        return product;
    }

    /// <summary>A vector of parameters in double.</summary>
    /// <param name="vector">The vector, laid out like the parameters.</param>
    internal static double[] ToDoubles(Tensor vector)
    {
        double[] values = new double[checked((int)vector.Length)];
        FlatMath.Read(vector, values);
        return values;
    }

    /// <summary>Random signs for each parameter, 0 in the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Signs(ParameterVector parameters, ref RandomStream stream, double[] signs)
    {
        Array.Clear(signs);
        foreach (ParameterSegment segment in parameters.Segments.Items)
        {
            uint bits = 0;
            for (int i = 0; i < segment.Size; i++, bits >>= 1)
            {
                bits = i % 32 == 0 ? stream.NextUInt32() : bits;
                signs[segment.Offset + i] = (bits & 1) == 0 ? -1 : 1;
            }
        }
    }

    /// <summary>mean over samples of g_i (g_i . v): the directional derivative of each sample's loss, by the Jacobian of the outputs, then
    /// its transpose.</summary>
    private void MultiplyEmpiricalFisher()
    {
        Tensor[] leaves = [.. Parameters.Named.Select(parameter => parameter.Value)], vectors = Windows(_vector), sums = Windows(_product);
        bool isFirst = true;
        _probe.Objective.Visit(pass =>
        {
            Tensor outputs = pass.Outputs;
            int samples = outputs.Shape[0];
            double scale = samples / pass.Share;
            Tensor gradient = Gradients.Of(pass.Objective, outputs)[0].Detach().Multiply(scale).Reshape([samples,
                (int)(outputs.Length / samples)]);
            Tensor along = Gradients.JacobianVector(outputs, leaves, vectors).Detach().Reshape(gradient.Shape).Multiply(gradient).Sum(1);
            Tensor cotangent = gradient.Multiply(along.Reshape([samples, 1])).Multiply(pass.Share / samples).Reshape(outputs.Shape);
            Tensor[] parts = Gradients.VectorJacobian(outputs, leaves, cotangent);
            for (int i = 0; i < parts.Length; i++)
                sums[i].Assign(isFirst ? parts[i] : sums[i].Add(parts[i]));
            isFirst = false;
        });
    }

    private Tensor[] Windows(Tensor vector) => [.. Parameters.Segments.Items.Select(segment =>
        vector.Slice(0, segment.Offset, segment.Size).Reshape(segment.Shape.Rank == 0 ? new Shape(segment.Size) : segment.Shape))];
}
