using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Thalweg.Data;

/// <summary>How numbers lie in a file.</summary>
/// <param name="Kind">'f' floating-point, 'i' signed, anything else unsigned integers.</param>
/// <param name="Size">Bytes per number: 1, 2, 4 or 8.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal readonly record struct NumberFormat(char Kind, int Size, bool IsBigEndian)
{
    /// <summary>Single precision as this machine has it.</summary>
    public static NumberFormat Single => new('f', sizeof(float), !BitConverter.IsLittleEndian);

    /// <summary>Whether the numbers are plain bytes, 0 to 255.</summary>
    public bool IsByte => this is { Kind: 'u', Size: 1 };

    /// <summary>Converts to single precision: `numbers[i]` from bytes i * Size on.</summary>
    public void Convert(ReadOnlySpan<byte> bytes, Span<float> numbers)
    {
        if (this == Single)
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(numbers);
            return;
        }

        Span<byte> value = stackalloc byte[8];
        for (int i = 0; i < bytes.Length / Size; i++)
        {
            bytes.Slice(i * Size, Size).CopyTo(value);
            if (IsBigEndian)
                value[..Size].Reverse();
            numbers[i] = (Kind, Size) switch
            {
                ('f', 2) => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
                ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(value),
                ('f', _) => (float)BinaryPrimitives.ReadDoubleLittleEndian(value),
                ('i', 1) => (sbyte)value[0],
                ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(value),
                ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(value),
                ('i', _) => BinaryPrimitives.ReadInt64LittleEndian(value),
                (_, 1) => value[0],
                (_, 2) => BinaryPrimitives.ReadUInt16LittleEndian(value),
                (_, 4) => BinaryPrimitives.ReadUInt32LittleEndian(value),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(value),
            };
        }
    }
}
