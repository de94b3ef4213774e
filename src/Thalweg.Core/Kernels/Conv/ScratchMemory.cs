using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Working memory of a thread for one chunk of a job; made when first needed, grown when too small, and kept.</summary>
internal static unsafe class ScratchMemory
{
    [ThreadStatic]
    private static byte[]? t_memory;

    /// <summary>Memory for <paramref name="count"/> elements, aligned to a cache line; contents are undefined. One user per thread
    /// at a time.</summary>
    public static T* Take<T>(nint count)
        where T : unmanaged
    {
        int bytes = checked((int)(count * sizeof(T)) + CacheLine.Size);
        if (t_memory is null || t_memory.Length < bytes)
            t_memory = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

        return CacheLine.Align<T>(Unsafe.AsPointer(ref t_memory[0]));
    }
}
