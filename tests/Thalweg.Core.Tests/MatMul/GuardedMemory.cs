using System.Runtime.InteropServices;

namespace Thalweg.Core.Tests.Products;

/// <summary>Native memory between two margins of a known pattern, so that a write outside is seen.</summary>
internal sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged
{
    private const int Margin = 64 * 8;
    private const byte Canary = 0xA5;
    private readonly byte* _start;

    public GuardedMemory(int length)
    {
        Length = length;
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(T) + 2 * Margin), 64);
        new Span<byte>(_start, length * sizeof(T) + 2 * Margin).Fill(Canary);
    }

    public int Length { get; }

    public T* Pointer => (T*)(_start + Margin);

    public Span<T> Span => new(Pointer, Length);

    public bool MarginsAreWhole =>
        !new Span<byte>(_start, Margin).ContainsAnyExcept(Canary)
        && !new Span<byte>(_start + Margin + Length * sizeof(T), Margin).ContainsAnyExcept(Canary);

    public void Dispose() => NativeMemory.AlignedFree(_start);
}
