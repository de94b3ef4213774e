using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>Counter-based random numbers: Philox4x32-10.</summary>
/// <remarks>
/// A block of four 32-bit words is a pure function of a key and a counter: nothing is stored, so any part of a stream can be computed
/// again, in any order and by any thread. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
/// section 4.3, with the constants of its reference code.
/// </remarks>
public static class Philox
{
    private const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    /// <summary>The four words of one block.</summary>
    /// <param name="key">64-bit key: which stream.</param>
    /// <param name="counterLow">Low 64 bits of the counter: the place in the stream.</param>
    /// <param name="counterHigh">High 64 bits of the counter.</param>
    /// <returns>Four independent uniform 32-bit words.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint A, uint B, uint C, uint D) Block(ulong key, ulong counterLow, ulong counterHigh)
    {
        uint a = (uint)counterLow, b = (uint)(counterLow >> 32), c = (uint)counterHigh, d = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p = (ulong)MultiplierA * a, q = (ulong)MultiplierB * c;
            (a, b, c, d) = ((uint)(q >> 32) ^ b ^ k0, (uint)q, (uint)(p >> 32) ^ d ^ k1, (uint)p);
            k0 += WeylA;
            k1 += WeylB;
        }

        return (a, b, c, d);
    }
}
