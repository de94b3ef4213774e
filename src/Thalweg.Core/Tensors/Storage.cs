using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thalweg;

/// <summary>A pinned, 64-byte aligned stretch of managed memory: collected like any object, addressed like native memory.</summary>
/// <remarks>The array lies on the pinned object heap, so kernels may hold its address for as long as they hold the storage.</remarks>
internal sealed unsafe class Storage
{
    private const int Alignment = 64;

    private readonly ulong[] _words;
    private readonly int _firstWord;

    /// <summary>Takes memory for <paramref name="bytes"/> bytes; the contents are not defined.</summary>
    /// <param name="bytes">Size in bytes.</param>
    public Storage(long bytes)
    {
        Bytes = bytes;
        _words = GC.AllocateUninitializedArray<ulong>(checked((int)((bytes + Alignment + 7) / 8)), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_words));
        nuint aligned = (address + Alignment - 1) & ~(nuint)(Alignment - 1);
        _firstWord = (int)((aligned - address) / 8);
        Pointer = (byte*)aligned;
    }

    /// <summary>Address of the first byte.</summary>
    public byte* Pointer { get; }

    /// <summary>Usable size in bytes.</summary>
    public long Bytes { get; }

    /// <summary>A span over part of the memory; unlike <see cref="Pointer"/> it keeps the memory alive.</summary>
    public Span<T> AsSpan<T>(nint offset, int length)
        where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref Unsafe.As<ulong, T>(ref _words[_firstWord]), offset), length);
}
