using System.Numerics;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Divides the gradient by the root of a second moment that is kept as row and column averages: far less state than Adam's.
/// </summary>
/// <remarks>
/// Formula, for a matrix: R = b R + (1-b) mean over columns of (g^2 + e1), C = b C + (1-b) mean over rows, v_ij = R_i C_j/mean(R); for a
/// vector v = b v + (1-b)(g^2 + e1); b = 1 - t^-decay, u = g/sqrt(v), u = u/max(1, rms(u)/limit), and, relative to the weights, u =
/// max(e2, rms(w)) u. State: R, C for matrices, v for vectors. Source: Shazeer and Stern, Adafactor (2018), algorithms 4 and 5.
/// </remarks>
public sealed record ScaleByAdafactor : ReduceRule
{
    /// <summary>Power by which the averages' decay nears 1, dimensionless, above 0, default 0.8.</summary>
    public double DecayPower { get; init => field = AboveZero(value); } = 0.8;

    /// <summary>Term e1 added to the squared gradient, above 0, default 1e-30.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-30;

    /// <summary>Largest root mean square of a parameter's update, dimensionless, above 0, default 1.</summary>
    public double Limit { get; init => field = AboveZero(value); } = 1;

    /// <summary>Whether the update is multiplied by the root mean square of the parameter, default true.</summary>
    public bool Relative { get; init; } = true;

    /// <summary>Smallest size e2 that a parameter counts as, in the weight's unit, above 0, default 1e-3.</summary>
    public double MinimumScale { get; init => field = AboveZero(value); } = 1e-3;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["rows", "columns", "v"];

    /// <inheritdoc/>
    public override string Formula => "R = b R + (1-b) row means of (g^2 + e1), C = b C + (1-b) column means, v_ij = R_i C_j/mean(R), b = 1 - t^-decay_power, " +
        "u = g/sqrt(v), u = u/max(1, rms(u)/limit)" + (Relative ? ", u = max(e2, rms(w)) u" : "");

    /// <inheritdoc/>
    public override string Source => "Shazeer, Stern: Adafactor, 2018, algorithms 4 and 5";

    /// <inheritdoc/>
    public override string Use => "Adafactor's direction: large matrices in little memory";

    internal override bool NeedsScratch => true;

    internal override bool IsBySegment => true;

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments)
    {
        int length = 0;
        foreach (ParameterSegment segment in segments.Segments)
            length += segment.IsMatrix ? (slot == "rows" ? segment.Rows : slot == "columns" ? segment.Columns : 0) : slot == "v" ? segment.Size : 0;
        return new(length);
    }

    internal override unsafe void Look<T>(Fusion<T> fusion)
    {
        double b = 1 - Math.Pow(fusion.Update, -DecayPower);
        int rows = 0, columns = 0, vector = 0;
        for (int k = 0; k < fusion.Segments.Segments.Length; k++)
        {
            ParameterSegment segment = fusion.Segments.Segments[k];
            T* update = fusion.Input + segment.Offset, output = fusion.Scratch + segment.Offset;
            double squares;
            if (segment.IsMatrix)
            {
                Factored<T> moments = new(fusion.Slot(0) + rows, fusion.Slot(1) + columns, segment.Rows, segment.Columns);
                moments.MoveOn(update, b, Epsilon, fusion.Work<double>(segment.Columns));
                squares = moments.Divide(update, output);
                (rows, columns) = (rows + segment.Rows, columns + segment.Columns);
            }
            else
            {
                squares = Divide(update, output, fusion.Slot(2) + vector, segment.Size, b);
                vector += segment.Size;
            }

            double size = Math.Sqrt(squares / Math.Max(1, segment.Size));
            double scale = Relative ? Math.Max(MinimumScale, VectorNorm.Of(fusion.Parameters + segment.Offset, segment.Size) / Math.Sqrt(Math.Max(1, segment.Size))) : 1;
            fusion.Table[k] = T.CreateTruncating(scale / Math.Max(1, size / Limit));
        }

        fusion.Input = fusion.Scratch;
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, new SegmentScaleKernel<T>(fusion.Table));

    /// <summary>A vector's update over the root of its second moment; gives the sum of squares of what it writes.</summary>
    private unsafe double Divide<T>(T* update, T* output, T* moment, int n, double b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double g = double.CreateTruncating(update[i]), v = (b * double.CreateTruncating(moment[i])) + ((1 - b) * ((g * g) + Epsilon)), u = g / Math.Sqrt(v);
            moment[i] = T.CreateTruncating(v);
            output[i] = T.CreateTruncating(u);
            squares += u * u;
        }

        return squares;
    }
}

/// <summary>The row and column averages of a matrix of squared gradients.</summary>
internal readonly unsafe struct Factored<T>(T* rowMeans, T* columnMeans, int rows, int columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Moves the averages on by a gradient.</summary>
    public void MoveOn(T* gradient, double b, double epsilon, Span<double> columnSums)
    {
        columnSums.Clear();
        for (int i = 0; i < rows; i++)
        {
            double sum = 0;
            for (int j = 0; j < columns; j++)
            {
                double g = double.CreateTruncating(gradient[((nint)i * columns) + j]), square = (g * g) + epsilon;
                sum += square;
                columnSums[j] += square;
            }

            rowMeans[i] = T.CreateTruncating((b * double.CreateTruncating(rowMeans[i])) + ((1 - b) * sum / columns));
        }

        for (int j = 0; j < columns; j++)
            columnMeans[j] = T.CreateTruncating((b * double.CreateTruncating(columnMeans[j])) + ((1 - b) * columnSums[j] / rows));
    }

    /// <summary>The gradient over the root of the product of its averages; gives the sum of squares of what it writes.</summary>
    public double Divide(T* gradient, T* output)
    {
        double mean = 0, squares = 0;
        for (int i = 0; i < rows; i++)
            mean += double.CreateTruncating(rowMeans[i]) / rows;
        for (int i = 0; i < rows; i++)
        {
            double row = double.CreateTruncating(rowMeans[i]) / mean;
            for (int j = 0; j < columns; j++)
            {
                nint k = ((nint)i * columns) + j;
                double u = double.CreateTruncating(gradient[k]) / Math.Sqrt(row * double.CreateTruncating(columnMeans[j]));
                output[k] = T.CreateTruncating(u);
                squares += u * u;
            }
        }

        return squares;
    }
}
