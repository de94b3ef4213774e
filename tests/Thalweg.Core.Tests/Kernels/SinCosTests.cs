using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

public sealed unsafe class SinCosTests
{
    private const int Chunk = 65536;

    /// <summary>Prime, so that the sweep meets all low-order bit patterns; 4.3 million numbers.</summary>
    private const uint Stride = 997;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Error_bound_holds_over_the_floats(bool cosine)
    {
        using Guarded<float> x = new(Chunk), y = new(Chunk);
        ulong bits = 0;
        while (bits <= uint.MaxValue)
        {
            for (int i = 0; i < Chunk; i++, bits += Stride)
                x.Span[i] = BitConverter.UInt32BitsToSingle((uint)bits);
            Check(x, y, cosine, 2.01);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Error_bound_holds_near_multiples_of_a_quarter_turn(bool cosine)
    {
        using Guarded<float> x = new(Chunk), y = new(Chunk);
        for (int i = 0; i < Chunk; i++)
            x.Span[i] = MathF.ScaleB(MathF.Round((float)(i / 7 * (Math.PI / 2)) * 1024), -10) * (1 + ((i % 7) - 3) * 5.9604645e-8f);
        Check(x, y, cosine, 2.01);
        for (int i = 0; i < Chunk; i++)
            x.Span[i] = (float)(i * (Math.PI / 2));
        Check(x, y, cosine, 2.01);
    }

    // Against .NET's double functions, which err by up to 1 ulp.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Error_bound_holds_over_the_doubles(bool cosine)
    {
        using Guarded<double> x = new(Chunk), y = new(Chunk);
        RandomStream stream = new(3, RandomPurpose.User, 1);
        foreach (double range in new[] { 1e-3, 1, 10, 1e3, 1.2e6, 1e100 })
        {
            for (int i = 0; i < Chunk; i++)
                x.Span[i] = stream.NextDouble(-range, range);
            Check(x, y, cosine, 3);
        }

        for (int i = 0; i < Chunk; i++)
            x.Span[i] = (i - 10) * 10 * (Math.PI / 2);
        Check(x, y, cosine, 3);
    }

    [Fact]
    public void Results_do_not_depend_on_the_vector_width_or_the_position()
    {
        using Guarded<float> x = new(257), y = new(257);
        RandomStream stream = new(4, RandomPurpose.User, 1);
        for (int i = 0; i < x.Length; i++)
            x.Span[i] = (float)stream.NextDouble(-20000, 20000);
        (x.Span[40], x.Span[41], x.Span[42]) = (float.NaN, float.PositiveInfinity, -0f);
        foreach (bool cosine in new[] { false, true })
        {
            SinCos.Run(VectorWidth.Scalar, x.Pointer, y.Pointer, x.Length, cosine);
            float[] expected = y.Span.ToArray();
            foreach (VectorWidth width in new[] { VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512 })
            {
                y.Span.Clear();
                SinCos.Run(width, x.Pointer, y.Pointer, x.Length, cosine);
                y.Span.ToArray().Select(BitConverter.SingleToInt32Bits).ShouldBe(expected.Select(BitConverter.SingleToInt32Bits));
            }

            float.IsNaN(expected[40]).ShouldBeTrue();
            float.IsNaN(expected[41]).ShouldBeTrue();
            BitConverter.SingleToInt32Bits(expected[42]).ShouldBe(BitConverter.SingleToInt32Bits(cosine ? 1 : -0f));
        }
    }

    private static void Check<T>(Guarded<T> x, Guarded<T> y, bool cosine, double ulps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SinCos.Run(x.Pointer, y.Pointer, x.Length, cosine);
        for (int i = 0; i < x.Length; i++)
        {
            double a = double.CreateTruncating(x.Span[i]), expected = cosine
                ? Math.Cos(a)
                : Math.Sin(a), found = double.CreateTruncating(y.Span[i]);
            if (double.IsNaN(expected) ? !double.IsNaN(found) : !(Math.Abs(found - expected) <= ulps * Oracle.Ulp<T>(Math.Abs(expected))))
                Assert.Fail($"{(cosine ? "cos" : "sin")} of {a:R}: expected {expected:R}, got {found:R}");
        }
    }
}
