using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Thalweg.Data;

/// <summary>How values lie in a file.</summary>
/// <param name="Kind">'f' floating-point, 'i' signed integers, 'u' unsigned integers, 'b' truth values, 'U' texts of UTF-32, 'S'
/// texts of bytes.</param>
/// <param name="Size">Bytes per value: 1, 2, 4 or 8 for numbers.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal readonly record struct NumberFormat(char Kind, int Size, bool IsBigEndian)
{
    /// <summary>Numbers whose order of bytes is turned in one go.</summary>
    private const int Chunk = 512;

    /// <summary>Single precision as this machine has it.</summary>
    public static NumberFormat Single => new('f', sizeof(float), !BitConverter.IsLittleEndian);

    /// <summary>Plain bytes, 0 to 255.</summary>
    public static NumberFormat Byte => new('u', 1, IsBigEndian: false);

    /// <summary>Whether the numbers are plain bytes, 0 to 255.</summary>
    public bool IsByte => this is { Kind: 'u', Size: 1 };

    /// <summary>Whether the values are texts and not numbers.</summary>
    public bool IsText => Kind is 'U' or 'S';

    /// <summary>Whether the numbers are integers of 64 bits, of which double precision holds those up to 2^53 alone.</summary>
    public bool IsWideInteger => this is { Kind: 'i' or 'u', Size: 8 };

    private bool IsTransposed => Size > 1 && IsBigEndian == BitConverter.IsLittleEndian;

    /// <summary>Converts to double precision: `numbers[i]` from bytes i * Size on. Exact but for integers beyond 2^53.</summary>
    public void Convert(ReadOnlySpan<byte> bytes, Span<double> numbers)
    {
        if (!IsTransposed)
        {
            ConvertNative(bytes, numbers);
            return;
        }

        Span<byte> turned = stackalloc byte[Chunk * sizeof(long)];
        int step = Chunk * Size;
        for (int start = 0; start < bytes.Length; start += step)
        {
            ReadOnlySpan<byte> chunk = bytes.Slice(start, Math.Min(step, bytes.Length - start));
            ReverseBytes(chunk, turned);
            ConvertNative(turned[..chunk.Length], numbers[(start / Size)..]);
        }
    }

    /// <summary>The 64 bits of integers: `bits[i]` from bytes 8 i on.</summary>
    public void ReadWide(ReadOnlySpan<byte> bytes, Span<long> bits)
    {
        ReadOnlySpan<long> source = MemoryMarshal.Cast<byte, long>(bytes);
        if (IsTransposed)
            BinaryPrimitives.ReverseEndianness(source, bits);
        else
            source.CopyTo(bits);
    }

    private void ConvertNative(ReadOnlySpan<byte> bytes, Span<double> numbers)
    {
        switch (Kind, Size)
        {
            case ('f', 2): Widen<Half>(bytes, numbers); break;
            case ('f', 4): Widen<float>(bytes, numbers); break;
            case ('f', _): MemoryMarshal.Cast<byte, double>(bytes).CopyTo(numbers); break;
            case ('i', 1): Widen<sbyte>(bytes, numbers); break;
            case ('i', 2): Widen<short>(bytes, numbers); break;
            case ('i', 4): Widen<int>(bytes, numbers); break;
            case ('i', _): Widen<long>(bytes, numbers); break;
            case (_, 1): Widen<byte>(bytes, numbers); break;
            case (_, 2): Widen<ushort>(bytes, numbers); break;
            case (_, 4): Widen<uint>(bytes, numbers); break;
            default: Widen<ulong>(bytes, numbers); break;
        }
    }

    private static void Widen<T>(ReadOnlySpan<byte> bytes, Span<double> numbers)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(bytes);
        for (int i = 0; i < values.Length; i++)
            numbers[i] = double.CreateTruncating(values[i]);
    }

    /// <summary>Copies values with the order of their bytes turned.</summary>
    private void ReverseBytes(ReadOnlySpan<byte> source, Span<byte> target)
    {
        target = target[..source.Length];
        switch (Size)
        {
            case 2: ReverseBytes<ushort>(source, target, BinaryPrimitives.ReverseEndianness); break;
            case 4: ReverseBytes<uint>(source, target, BinaryPrimitives.ReverseEndianness); break;
            default: ReverseBytes<ulong>(source, target, BinaryPrimitives.ReverseEndianness); break;
        }
    }

    private static void ReverseBytes<T>(ReadOnlySpan<byte> source, Span<byte> target, Reverser<T> turn)
        where T : unmanaged => turn(MemoryMarshal.Cast<byte, T>(source), MemoryMarshal.Cast<byte, T>(target));

    private delegate void Reverser<T>(ReadOnlySpan<T> source, Span<T> target);
}
