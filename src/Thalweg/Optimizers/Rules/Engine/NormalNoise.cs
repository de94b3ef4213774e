using System.Numerics;

namespace Thalweg.Rules;

/// <summary>Normal numbers of mean 0, each from a block of a random stream of its own, so that any of them can be
/// drawn by itself.</summary>
/// <param name="key">Key of the stream.</param>
/// <param name="high">High counter word of the stream.</param>
/// <param name="deviation">Standard deviation.</param>
internal readonly unsafe struct NormalNoise<T>(ulong key, ulong high, double deviation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Unit = 1.0 / (1UL << 53);

    /// <summary>output[i] = input[i] + noise for i from <paramref name="first"/> to <paramref name="end"/> - 1.</summary>
    public void Add(T* input, T* output, nint first, nint end)
    {
        for (nint i = first; i < end; i++)
            output[i] = input[i] + T.CreateTruncating(At(i));
    }

    /// <summary>Number <paramref name="i"/>, by the Box-Muller transform.</summary>
    public double At(nint i)
    {
        (uint a, uint b, uint c, uint d) = Philox.Block(key, (ulong)i, high);
        double first = (((((ulong)a << 32) | b) >> 11) + 1) * Unit, second = ((((ulong)c << 32) | d) >> 11) * Unit;
        return deviation * (Math.Sqrt(-2 * Math.Log(first)) * Math.Cos(2 * Math.PI * second));
    }
}
