using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>One element function in both types, what it should give, and how far from it each result may be.</summary>
/// <param name="Name">Name shown by a failing test.</param>
/// <param name="Inputs">Number of operands.</param>
/// <param name="Ulps">Largest error in units in the last place of the scale.</param>
internal abstract record FunctionCase(string Name, int Inputs, double Ulps)
{
    /// <summary>The result for the operands that the function has.</summary>
    public required Func<double, double, double, double> Expected { get; init; }

    /// <summary>The number whose last place counts; the expected result by default.</summary>
    public Func<double, double> Scale { get; init; } = _ => 0;

    public abstract unsafe void Run<T>(VectorWidth width, T* a, T* b, T* c, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

internal sealed record UnaryCase<TSingle, TDouble>(string Name, TSingle Single, TDouble Double, double Ulps) : FunctionCase(Name, 1, Ulps)
    where TSingle : unmanaged, IUnaryFunction<float>
    where TDouble : unmanaged, IUnaryFunction<double>
{
    public override unsafe void Run<T>(VectorWidth width, T* a, T* b, T* c, T* y, nint n)
    {
        if (typeof(T) == typeof(float))
            Map.Run(width, Single, (float*)a, (float*)y, n);
        else
            Map.Run(width, Double, (double*)a, (double*)y, n);
    }
}

internal sealed record BinaryCase<TSingle, TDouble>(string Name, TSingle Single, TDouble Double, double Ulps) : FunctionCase(Name, 2, Ulps)
    where TSingle : unmanaged, IBinaryFunction<float>
    where TDouble : unmanaged, IBinaryFunction<double>
{
    public override unsafe void Run<T>(VectorWidth width, T* a, T* b, T* c, T* y, nint n)
    {
        if (typeof(T) == typeof(float))
            Zip.Run(width, Single, (float*)a, (float*)b, (float*)y, n);
        else
            Zip.Run(width, Double, (double*)a, (double*)b, (double*)y, n);
    }
}

internal sealed record TernaryCase<TSingle, TDouble>(string Name, TSingle Single, TDouble Double, double Ulps) : FunctionCase(Name, 3, Ulps)
    where TSingle : unmanaged, ITernaryFunction<float>
    where TDouble : unmanaged, ITernaryFunction<double>
{
    public override unsafe void Run<T>(VectorWidth width, T* a, T* b, T* c, T* y, nint n)
    {
        if (typeof(T) == typeof(float))
            Zip3.Run(width, Single, (float*)a, (float*)b, (float*)c, (float*)y, n);
        else
            Zip3.Run(width, Double, (double*)a, (double*)b, (double*)c, (double*)y, n);
    }
}
