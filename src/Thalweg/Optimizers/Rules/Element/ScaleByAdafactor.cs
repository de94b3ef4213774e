using System.Numerics;
using Thalweg.Kernels;
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
    public Hyperparameter Limit { get; init => field = Positive(value); } = 1;

    /// <summary>Whether the update is multiplied by the root mean square of the parameter, default true.</summary>
    public bool Relative { get; init; } = true;

    /// <summary>Smallest size e2 that a parameter counts as, in the weight's unit, above 0, default 1e-3.</summary>
    public Hyperparameter MinimumScale { get; init => field = Positive(value); } = 1e-3;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["rows", "columns", "v"];

    /// <inheritdoc/>
    public override string Formula =>
        "R = b R + (1-b) row means of (g^2 + e1), C = b C + (1-b) column means, v_ij = R_i C_j/mean(R), b = 1 - t^-decay_power, " +
        "u = g/sqrt(v), u = u/max(1, rms(u)/limit)" + (Relative ? ", u = max(e2, rms(w)) u" : "");

    /// <inheritdoc/>
    public override string Source => "Shazeer, Stern: Adafactor, 2018, algorithms 4 and 5";

    /// <inheritdoc/>
    public override string Use => "Adafactor's direction: large matrices in little memory";

    internal override bool IsBySegment => true;

    internal override int Passes => 2;

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments)
    {
        int length = 0;
        foreach (ParameterSegment segment in segments.Segments)
        {
            length += segment.IsMatrix ? (slot == "rows" ? segment.Rows : slot == "columns" ? segment.Columns : 0)
                : slot == "v" ? segment.Size : 0;
        }

        return new(length);
    }

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        // A term that the type cannot hold would be 0, and the quotient of a gradient of 0 NaN.
        double kept = 1 - Math.Pow(fusion.Update, -DecayPower), epsilon = Math.Max(Epsilon, LeastNormal<T>());
        FactoredScratch<T> room = new(fusion);
        T* rows = fusion.Slot(0), columns = fusion.Slot(1), vectors = fusion.Slot(2);
        for (int k = 0; k < fusion.Segments.Segments.Length; k++)
        {
            ParameterSegment segment = fusion.Segments.Segments[k];
            T* update = fusion.Input + segment.Offset;
            double squares;
            if (segment.IsMatrix)
            {
                FactoredMoments<T> moments = new(update, segment.Rows, segment.Columns) { Width = fusion.Width };
                FactoredLayout<T> place = room.Matrix(k, segment);
                moments.MoveOn(((nint)rows, (nint)columns), ((nint)place.Rows, (nint)place.Columns), room.PartSums, (kept, epsilon));
                squares = moments.SumOfSquares(place.Rows, place.Columns, room.PartSquares);
                double scale = ScaleOf(fusion, segment, squares);
                for (int i = 0; i < segment.Rows; i++)
                    place.Rows[i] = T.CreateTruncating(scale * double.CreateTruncating(place.Rows[i]));
                rows += segment.Rows;
                columns += segment.Columns;
            }
            else
            {
                FactoredLayout<T> place = room.Vector(k, segment, vectors);
                squares = double.CreateTruncating(
                    BlockReduction.Run(fusion.Width, new MovingSquares<T>(kept, epsilon), update, vectors, segment.Size));
                *place.Rows = T.CreateTruncating(ScaleOf(fusion, segment, squares));
                vectors += segment.Size;
            }
        }
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new FactoredKernel<T>(FactoredScratch<T>.Places(fusion)));

    private static double LeastNormal<T>() => typeof(T) == typeof(float) ? 1.17549435e-38 : 2.2250738585072014e-308;

    /// <summary>The factor of a parameter's update, from the sum of squares of g/sqrt(v).</summary>
    private unsafe double ScaleOf<T>(Fusion<T> fusion, ParameterSegment segment, double squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double count = Math.Max(1, segment.Size), size = Math.Sqrt(squares / count);
        double scale = Relative
            ? Math.Max(fusion.At(MinimumScale), VectorNorm.Of(fusion.Parameters + segment.Offset, segment.Size) / Math.Sqrt(count))
            : 1;
        return scale / Math.Max(1, size / fusion.At(Limit));
    }
}

/// <summary>Memory of one step of Adafactor: what each parameter is multiplied by, and sums of parts.</summary>
internal readonly unsafe ref struct FactoredScratch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FactoredLayout<T>* _places;
    private readonly T* _factors;

    public FactoredScratch(Fusion<T> fusion)
    {
        int factors = 0, partSums = 0, parts = 0;
        foreach (ParameterSegment segment in fusion.Segments.Segments)
        {
            factors += segment.IsMatrix ? segment.Rows + segment.Columns : 1;
            int count = segment.IsMatrix ? new FactoredMoments<T>(null, segment.Rows, segment.Columns).Parts : 0;
            (parts, partSums) = (Math.Max(parts, count), Math.Max(partSums, count * segment.Columns));
        }

        int places = fusion.Segments.Segments.Length * sizeof(FactoredLayout<T>), squares = parts * sizeof(double);
        byte* room = fusion.ScratchBytes(checked(places + squares + ((factors + partSums) * sizeof(T))));
        _places = (FactoredLayout<T>*)room;
        PartSquares = (double*)(room + places);
        _factors = (T*)(room + places + squares);
        PartSums = _factors + factors;
    }

    /// <summary>A number for each part.</summary>
    public double* PartSquares { get; }

    /// <summary>A number for each column of each part.</summary>
    public T* PartSums { get; }

    /// <summary>The places that were written in this step.</summary>
    public static FactoredLayout<T>* Places(Fusion<T> fusion) => (FactoredLayout<T>*)fusion.ScratchBytes(0);

    /// <summary>Gives a matrix its place.</summary>
    public FactoredLayout<T> Matrix(int index, ParameterSegment segment)
    {
        T* rows = Next(index);
        return _places[index] = new()
        {
            Offset = segment.Offset,
            Width = (uint)segment.Columns,
            Reciprocal = (ulong.MaxValue / (uint)segment.Columns) + 1,
            Rows = rows,
            Columns = rows + segment.Rows,
        };
    }

    /// <summary>Gives a vector its place.</summary>
    public FactoredLayout<T> Vector(int index, ParameterSegment segment, T* moment) =>
        _places[index] = new() { Offset = segment.Offset, Rows = Next(index), Columns = moment };

    /// <summary>The first factor behind those of the parameter before.</summary>
    private T* Next(int index) => index == 0 ? _factors
        : _places[index - 1].Width == 0 ? _places[index - 1].Rows + 1
        : _places[index - 1].Columns + _places[index - 1].Width;
}
