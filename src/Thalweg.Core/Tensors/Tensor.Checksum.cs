namespace Thalweg;

/// <content>A number that shows whether elements have changed.</content>
public sealed unsafe partial class Tensor
{
    /// <summary>Checksums that <see cref="InPlaceWrites"/> notes of the operation that made this tensor.</summary>
    internal ulong[]? Checksums { get; set; }

    /// <summary>A checksum of all elements; 0 where the tensor has been released.</summary>
    internal ulong Checksum()
    {
        if (_storage is not { } storage)
            return 0;

        int size = DType.SizeOf();
        byte* first = storage.Pointer + (_offset * size);
        ulong sum = 0;
        if (IsContiguous)
        {
            sum = ChecksumOf(first, (nint)Length * size);
        }
        else
        {
            for (long i = 0; i < Length; i++)
            {
                byte* element = first + (PositionOf(i) * size);
                sum = InPlaceWrites.Mix(sum, size == 8 ? *(ulong*)element : *(uint*)element);
            }
        }

        GC.KeepAlive(storage);
        return sum;
    }

    /// <summary>Four chains side by side, as each waits for its multiplication.</summary>
    private static ulong ChecksumOf(byte* first, nint bytes)
    {
        ulong a = 1, b = 2, c = 3, d = 4;
        nint at = 0;
        for (; at + 32 <= bytes; at += 32)
        {
            ulong* words = (ulong*)(first + at);
            a = InPlaceWrites.Mix(a, words[0]);
            b = InPlaceWrites.Mix(b, words[1]);
            c = InPlaceWrites.Mix(c, words[2]);
            d = InPlaceWrites.Mix(d, words[3]);
        }

        for (; at < bytes; at += 4)
            a = InPlaceWrites.Mix(a, *(uint*)(first + at));

        return InPlaceWrites.Mix(InPlaceWrites.Mix(InPlaceWrites.Mix(a, b), c), d);
    }
}
