using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Thalweg.Kernels;

/// <summary>What the processor moves between memory and its caches.</summary>
internal static unsafe class CacheLine
{
    /// <summary>Bytes of a line, on the processors that matter here.</summary>
    public const int Size = 64;

    /// <summary>The first line that begins at an address or after it.</summary>
    public static T* Align<T>(void* address)
        where T : unmanaged => (T*)(((nuint)address + Size - 1) & ~(nuint)(Size - 1));

    /// <summary>Asks for the line of an address, and waits for nothing; where the processor cannot be asked, nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}
