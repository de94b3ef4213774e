using System.Runtime.InteropServices;

namespace Thalweg.Bench;

/// <summary>Native memory on a page boundary, so that no figure hangs on where the allocator put an array.</summary>
internal sealed unsafe class AlignedMemory<T> : IDisposable
    where T : unmanaged
{
    private const int Page = 4096;

    public AlignedMemory(long length, Func<long, T>? value = null)
    {
        Length = length;
        Pointer = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(length * sizeof(T), 1), Page);
        for (long i = 0; i < length; i++)
            Pointer[i] = value is null ? default : value(i);
    }

    public T* Pointer { get; private set; }

    public long Length { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
