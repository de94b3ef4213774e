using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thalweg;

/// <summary>A pinned, 64-byte aligned stretch of managed memory: collected like any object, addressed like native memory.</summary>
/// <remarks>The array lies on the pinned object heap, so kernels may hold its address for as long as they hold the storage.</remarks>
internal sealed unsafe class TensorStorage
{
    private const int Alignment = 64;

    private readonly ulong[] _words;
    private readonly nint _firstByte;

    /// <summary>Takes memory for <paramref name="bytes"/> bytes; the contents are not defined.</summary>
    /// <param name="bytes">Size in bytes.</param>
    public TensorStorage(long bytes)
    {
        Bytes = bytes;
        _words = GC.AllocateUninitializedArray<ulong>(checked((int)((bytes + Alignment + 7) / 8)), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_words));
        nuint aligned = (address + Alignment - 1) & ~(nuint)(Alignment - 1);
        _firstByte = (nint)(aligned - address);
        Pointer = (byte*)aligned;
    }

    /// <summary>Part of another memory, which it keeps alive.</summary>
    /// <param name="whole">The memory.</param>
    /// <param name="offset">First byte of the part.</param>
    /// <param name="bytes">Size in bytes.</param>
    public TensorStorage(TensorStorage whole, nint offset, long bytes)
    {
        Bytes = bytes;
        _words = whole._words;
        _firstByte = whole._firstByte + offset;
        Pointer = whole.Pointer + offset;
    }

    /// <summary>Address of the first byte.</summary>
    public byte* Pointer { get; }

    /// <summary>Usable size in bytes.</summary>
    public long Bytes { get; }

    /// <summary>A span over part of the memory; unlike <see cref="Pointer"/> it keeps the memory alive.</summary>
    public Span<T> AsSpan<T>(nint offset, int length)
        where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref Unsafe.As<byte, T>(ref FirstByte), offset), length);

    private ref byte FirstByte =>
        ref Unsafe.AddByteOffset(ref Unsafe.As<ulong, byte>(ref MemoryMarshal.GetArrayDataReference(_words)), _firstByte);
}
