using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Runs Adam on each weight matrix in the eigenbasis of Shampoo's two matrices, which turns slowly with the gradients.</summary>
/// <remarks>
/// Formula: P = Q_L' G Q_R, m = b1 m + (1-b1) G, V = b2 V + (1-b2) P^2, u = Q_L (Q_L' m Q_R/(1-b1^t)/(sqrt(V/(1-b2^t)) + e)) Q_R', then L
/// = b2 L + (1-b2) G G', R = b2 R + (1-b2) G' G; every few steps Q = QR(L Q) with columns, and V along with them, sorted by eigenvalue.
/// The first gradient gives the first basis, exactly, and is also the first to be stepped on. Vectors: Adam. A side longer than the limit
/// is not turned. State: m, V, L, R, Q_L, Q_R. Source: Vyas et al., SOAP: improving and stabilizing Shampoo using Adam (2024), algorithms
/// 3 and 4.
/// </remarks>
public sealed record ScaleBySoap : ReduceRule
{
    private const int First = 0, Second = 1, Left = 2, Right = 3, LeftBasis = 4, RightBasis = 5;

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.95.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.95;

    /// <summary>Decay b2 of the second moment and of the two matrices, dimensionless, in [0, 1), default 0.95.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.95;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Updates from one turn of the bases to the next, at least 1, default 10.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 10;

    /// <summary>Longest side that is turned, at least 1, default 512.</summary>
    public int Limit { get; init => field = AtLeast(1, value); } = 512;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "v", "left", "right", "left_basis", "right_basis"];

    /// <inheritdoc/>
    public override string Formula =>
        "P = Q_L' G Q_R, m = b1 m + (1-b1) G, V = b2 V + (1-b2) P^2, " +
        "u = Q_L (Q_L' m Q_R/(1-b1^t)/(sqrt(V/(1-b2^t)) + e)) Q_R', " +
        $"L = b2 L + (1-b2) G G', R = b2 R + (1-b2) G' G, Q = QR(L Q) every {Every} steps; vectors: Adam";

    /// <inheritdoc/>
    public override string Source => "Vyas et al.: SOAP, 2024, algorithms 3 and 4";

    /// <inheritdoc/>
    public override string Use => "hidden matrices where steps are expensive beside the turning of bases: large batches, transformers";

    internal override bool NeedsScratch => true;

    internal override bool IsBySegment => true;

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments)
    {
        if (slot is "m" or "v")
            return new(segments.Length);

        int length = 0;
        foreach (ParameterSegment segment in segments.Segments)
        {
            int side = slot is "left" or "left_basis" ? segment.Rows : segment.Columns;
            length = checked(length + (Turns(segment, side) ? side * side : 0));
        }

        return new(length);
    }

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        nint left = 0, right = 0;
        SoapNumbers numbers = new(fusion.At(B1), fusion.At(B2), fusion.At(Epsilon), fusion.Update, (fusion.Update % Every) == 0);
        foreach (ParameterSegment segment in fusion.Segments.Segments)
        {
            (bool turnsRows, bool turnsColumns) = (Turns(segment, segment.Rows), Turns(segment, segment.Columns));
            SoapSide<T> rows = new(turnsRows ? fusion.Slot(Left) + left : null, fusion.Slot(LeftBasis) + left, segment.Rows);
            SoapSide<T> columns = new(turnsColumns ? fusion.Slot(Right) + right : null, fusion.Slot(RightBasis) + right, segment.Columns);
            SoapMatrix<T> matrix = new(segment, fusion, fusion.Slot(First) + segment.Offset, fusion.Slot(Second) + segment.Offset);
            matrix.Step(rows, columns, numbers);
            left += turnsRows ? (nint)segment.Rows * segment.Rows : 0;
            right += turnsColumns ? (nint)segment.Columns * segment.Columns : 0;
        }

        fusion.Input = fusion.UpdateBuffer;
    }

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, default(Identity<T>));

    private bool Turns(ParameterSegment segment, int side) => segment.IsMatrix && side <= Limit;
}

/// <summary>Numbers of one step.</summary>
internal readonly record struct SoapNumbers(double B1, double B2, double Epsilon, long Update, bool TurnsBases);

/// <summary>One parameter <c>[rows, columns]</c> under SOAP.</summary>
internal readonly unsafe struct SoapMatrix<T>(ParameterSegment segment, Fusion<T> fusion, T* first, T* second)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _rows = segment.Rows, _columns = segment.Columns, _size = segment.Size;

    /// <summary>Writes the update and moves the state on.</summary>
    public void Step(SoapSide<T> rows, SoapSide<T> columns, SoapNumbers numbers)
    {
        T* gradient = fusion.Input + segment.Offset, output = fusion.UpdateBuffer + segment.Offset;
        Matrix<T> g = new(gradient, _rows, _columns, _columns, 1);
        if (numbers.Update == 1)
        {
            rows.Begin(g, fusion, numbers.B2);
            columns.Begin(g.Transposed, fusion, numbers.B2);
        }

        int square = Math.Max(rows.Size, columns.Size);
        fixed (T* work = fusion.Scratch<T>((4 * _size) + square))
        {
            T* turned =
                work, moment = work + _size, spare = work + (2 * (nint)_size), kept = work + (3 * (nint)_size), product = kept + _size;

            // The update may be written over the gradient, which the two matrices still need.
            new ReadOnlySpan<T>(gradient, _size).CopyTo(new(kept, _size));
            T b1 = T.CreateTruncating(numbers.B1), rest = T.CreateTruncating(1 - numbers.B1);
            for (int i = 0; i < _size; i++)
                first[i] = (b1 * first[i]) + (rest * gradient[i]);
            Rotate(gradient, turned, spare, rows, columns, back: false);
            Rotate(first, moment, spare, rows, columns, back: false);
            Divide(turned, moment, numbers);
            Rotate(moment, output, spare, rows, columns, back: true);
            g = new(kept, _rows, _columns, _columns, 1);
            if (numbers.Update > 1)
            {
                rows.Add(g, product, numbers.B2);
                columns.Add(g.Transposed, product, numbers.B2);
            }
        }

        if (numbers.TurnsBases)
        {
            rows.Rotate(fusion, second, _columns, 1, _columns);
            columns.Rotate(fusion, second, 1, _columns, _rows);
        }
    }

    /// <summary>V = b2 V + (1-b2) turned^2, moment = m^/(sqrt(V^) + e).</summary>
    private void Divide(T* turned, T* moment, SoapNumbers numbers)
    {
        double unbias1 = 1 / (1 - Math.Pow(numbers.B1, numbers.Update)), unbias2 = 1 / (1 - Math.Pow(numbers.B2, numbers.Update));
        for (int i = 0; i < _size; i++)
        {
            double g = double.CreateTruncating(turned[i]),
                v = (numbers.B2 * double.CreateTruncating(second[i])) + ((1 - numbers.B2) * g * g);
            second[i] = T.CreateTruncating(v);
            moment[i] = T.CreateTruncating(unbias1 * double.CreateTruncating(moment[i]) / (Math.Sqrt(unbias2 * v) + numbers.Epsilon));
        }
    }

    /// <summary>to = Q_L' from Q_R, or Q_L from Q_R' for the way back.</summary>
    private void Rotate(T* from, T* to, T* spare, SoapSide<T> rows, SoapSide<T> columns, bool back)
    {
        Matrix<T> x = new(from, _rows, _columns, _columns, 1);
        if (rows.IsTransposed)
        {
            T* target = columns.IsTransposed ? spare : to;
            MatMul.Multiply(back ? rows.Basis : rows.Basis.Transposed, x, target, _columns, default);
            x = new(target, _rows, _columns, _columns, 1);
        }

        if (columns.IsTransposed)
            MatMul.Multiply(x, back ? columns.Basis.Transposed : columns.Basis, to, _columns, default);
        else if (!rows.IsTransposed)
            new ReadOnlySpan<T>(from, _size).CopyTo(new(to, _size));
    }
}
