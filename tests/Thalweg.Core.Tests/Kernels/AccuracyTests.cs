using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>The stated error bounds of the transcendental functions, over the whole range of the types.</summary>
public sealed unsafe class AccuracyTests
{
    private const int Chunk = 65536;

    /// <summary>Prime, so that the sweep meets all low-order bit patterns; 4.3 million numbers.</summary>
    private const uint Stride = 997;

    public static TheoryData<string> Names =>
        ["exp", "log", "tanh", "sigmoid", "softplus", "erf", "power to 1.7", "elu", "selu", "silu", "softsign", "gelu", "gelu by tanh"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Error_bound_holds_over_the_floats(string name)
    {
        FunctionCase row = FunctionTable.Named(name);
        using Guarded<float> x = new(Chunk), y = new(Chunk);
        ulong bits = 0;
        while (bits <= uint.MaxValue)
        {
            for (int i = 0; i < Chunk; i++, bits += Stride)
                x.Span[i] = BitConverter.UInt32BitsToSingle((uint)bits);
            Check(row, x, y, slack: 0.01);
        }
    }

    // Against .NET's double functions, which err by up to 1 ulp, and formulas built on them.
    [Theory]
    [MemberData(nameof(Names))]
    public void Error_bound_holds_over_the_doubles(string name)
    {
        FunctionCase row = FunctionTable.Named(name);
        using Guarded<double> x = new(Chunk), y = new(Chunk);
        for (int binades = 1; binades <= 1024; binades *= 4)
        {
            for (int i = 0; i < Chunk; i++)
            {
                (uint a, uint b, uint c, _) = Philox.Block(17, (ulong)i, (ulong)binades);
                double mantissa = 1 + (a / 4294967296.0) + (b * Math.Pow(2, -64)), exponent = ((c / 4294967296.0) - 0.5) * 2 * binades;
                x.Span[i] = ((int)(c & 2) - 1) * mantissa * Math.Pow(2, exponent);
            }

            Check(row, x, y, slack: 2);
        }
    }

    [Fact]
    public void Erf_of_doubles_is_that_of_its_series()
    {
        double worst = 0;
        using Guarded<double> x = new(6145), y = new(6145);
        for (int i = 0; i < x.Length; i++)
            x.Span[i] = (i - 3072) * (6.0 / 3072) * (1 + (i * Math.Pow(2, -40)));
        Map.Run(new Erf<double>(), x.Pointer, y.Pointer, x.Length);
        for (int i = 0; i < x.Length; i += 5)
            worst = Math.Max(worst, y.Span[i] == 0 ? 0 : Oracle.Ulps(y.Span[i], Oracle.ErfSeries(x.Span[i])));
        worst.ShouldBeInRange(0.4, 1);
    }

    private static void Check<T>(FunctionCase row, Guarded<T> x, Guarded<T> y, double slack)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        row.Run(VectorWidths.Best, x.Pointer, x.Pointer, x.Pointer, y.Pointer, x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double a = double.CreateTruncating(x.Span[i]), expected = row.Expected(a, a, a);
            if (Samples.Bits(T.CreateTruncating(expected)) == Samples.Bits(y.Span[i]))
                continue;
            double error = Math.Abs(double.CreateTruncating(y.Span[i]) - expected);
            double unit = Oracle.Ulp<T>(Math.Max(Math.Abs(expected), Math.Abs(row.Scale(a))));
            if (!(error <= (row.Ulps + slack) * unit))
                Assert.Fail($"{row.Name} of {a:R}: expected {expected:R}, got {y.Span[i]:R}, {error / unit:F2} ulp away");
        }
    }
}
