using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Numbers of one step.</summary>
/// <param name="Kept">Factor of the old sums.</param>
/// <param name="Added">Factor of the new squares.</param>
/// <param name="Epsilon">What eigenvalues are raised by.</param>
/// <param name="RenewsRoots">Whether it is time for new roots.</param>
internal readonly record struct ShampooNumbers(double Kept, double Added, double Epsilon, bool RenewsRoots);

/// <summary>One weight matrix: its gradient <c>[rows, columns]</c> and its two sides, of which one may be left out.</summary>
internal readonly unsafe struct ShampooMatrix<T>(T* input, ShampooSide<T> left, ShampooSide<T> right, Fusion<T> fusion)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T> _gradient = new(input, left.Size, right.Size, right.Size, 1);

    private int Length => left.Size * right.Size;

    /// <summary>Adds the gradient's squares to both sides and writes the update.</summary>
    /// <param name="output">Where the update goes, <c>[rows, columns]</c>; it may be the gradient itself.</param>
    /// <param name="numbers">Numbers of the step.</param>
    public void Step(T* output, ShampooNumbers numbers)
    {
        if (left.IsUsed)
            left.Add(_gradient, fusion, numbers);
        if (right.IsUsed)
            right.Add(_gradient.Transposed, fusion, numbers);
        if (numbers.RenewsRoots)
            Renew(numbers.Epsilon);
        T* update = Apply();

        // With new roots |u| has this bound, because L and R hold the squares of G itself: L >= (1-b) G G', and the root keeps that order.
        double longest = Math.Sqrt(Math.Min(left.Size, right.Size) / numbers.Added);
        if (!numbers.RenewsRoots && !(VectorNorm.Of(update, Length) <= longest))
        {
            Renew(numbers.Epsilon);
            update = Apply();
        }

        new ReadOnlySpan<T>(update, Length).CopyTo(new(output, Length));
    }

    private void Renew(double epsilon)
    {
        double power = left.IsUsed && right.IsUsed ? -0.25 : -0.5;
        if (left.IsUsed)
            left.Renew(fusion, power, epsilon);
        if (right.IsUsed)
            right.Renew(fusion, power, epsilon);
    }

    /// <summary>left G right, a side that is left out counted as 1; it holds until more room is asked for.</summary>
    private T* Apply()
    {
        (int rows, int columns) = (left.Size, right.Size);
        T* half = (T*)fusion.ScratchBytes(checked(2 * Length * sizeof(T))), whole = half + Length;
        if (left.IsUsed)
            MatMul.Multiply(new Matrix<T>(left.Root, rows, rows, rows, 1), _gradient, half, columns, default);
        else
            new ReadOnlySpan<T>(input, Length).CopyTo(new(half, Length));
        if (!right.IsUsed)
            return half;
        Matrix<T> root = new(right.Root, columns, columns, columns, 1);
        MatMul.Multiply(new Matrix<T>(half, rows, columns, columns, 1), root, whole, columns, default);
        return whole;
    }
}

/// <summary>The sums of one side of a weight matrix and their inverse root, both <c>[n, n]</c>; null sums leave the side out.</summary>
internal readonly unsafe struct ShampooSide<T>(T* sum, T* root, int n)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the side takes part.</summary>
    public bool IsUsed => sum is not null;

    /// <summary>Its length n.</summary>
    public int Size => n;

    /// <summary>The inverse root.</summary>
    public T* Root => root;

    /// <summary>sum = kept sum + added G G'.</summary>
    public void Add(Matrix<T> gradient, Fusion<T> fusion, ShampooNumbers numbers)
    {
        int size = n * n;
        fixed (T* product = fusion.Scratch<T>(size))
        {
            MatMul.Multiply(gradient, gradient.Transposed, product, n, default);
            T kept = T.CreateTruncating(numbers.Kept), added = T.CreateTruncating(numbers.Added);
            for (int i = 0; i < size; i++)
                sum[i] = (kept * sum[i]) + (added * product[i]);
        }
    }

    /// <summary>root = (sum + epsilon)^power.</summary>
    public void Renew(Fusion<T> fusion, double power, double epsilon)
    {
        int size = n * n;
        Span<double> work = fusion.Scratch<double>(3 * size);
        Span<double> matrix = work[..size], result = work[size..(2 * size)];
        for (int i = 0; i < size; i++)
            matrix[i] = double.CreateTruncating(sum[i]) + (i % (n + 1) == 0 ? epsilon : 0);
        SymmetricEigen.Power(matrix, result, work[(2 * size)..], (power, epsilon), n);
        for (int i = 0; i < size; i++)
            root[i] = T.CreateTruncating(result[i]);
    }
}
