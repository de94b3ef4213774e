using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>Arrays as NumPy writes them; the project itself only reads them.</summary>
internal static class NpyArrays
{
    private const int Count = 20;

    private static readonly byte[][] s_words = [.. new[]
    {
        "'descr'", "'shape'", "'fortran_order'", "True", "False", "(", ")", "((", "(1,)", "()", "(0, 5)", "(-1, 2)", "(2147483647, 2147483647)", "'<f8'", "'>f4'",
        "'|u1'", "'<U100000'", "'<U5'", "'|S3'", "'|O'", "[('a', '<f4')]", "'<i8'", "'<u8'", "'<f16'", "'<U999999999'", "99999999999999999999", "20L", "(20, 2, 2, 2)",
    }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Tables and images of several types.</summary>
    public static IReadOnlyList<byte[]> Features { get; } =
    [
        Array("<f4", "(20, 3)", Count * 3 * 4), Array(">f8", "(20, 2)", Count * 2 * 8), Array("|u1", "(20, 1, 6, 6)", Count * 36),
        Array("<i8", "(20, 2)", Count * 2 * 8), Array("<f4", "(20, 3)", Count * 3 * 4, isFortran: true), Array("<f2", "(20, 3, 5, 5)", Count * 75 * 2),
    ];

    /// <summary>Class numbers.</summary>
    public static byte[] Labels { get; } = Array("|u1", "(20,)", Count);

    /// <summary>Class names.</summary>
    public static byte[] Names { get; } = Array("<U1", "(20,)", Count * 4);

    /// <summary>A changed array; the stated length of the header fits in half of the cases, so that what follows is read.</summary>
    public static byte[] Change(Draws draws, byte[] array)
    {
        const int Start = 10;
        int end = Start + BinaryPrimitives.ReadUInt16LittleEndian(array.AsSpan(8));
        if (draws.OneIn(3))
            return ByteMutator.Mutate(draws, array, draws.Of(Features), s_words);
        byte[] header = ByteMutator.Mutate(draws, array[Start..end], draws.Of(Features)[Start..end], s_words);
        byte[] start = array[..Start];
        if (!draws.OneIn(4))
            BinaryPrimitives.WriteUInt16LittleEndian(start.AsSpan(8), (ushort)header.Length);
        return [.. start, .. header, .. array.AsSpan(end)];
    }

    private static byte[] Array(string type, string shape, int bytes, bool isFortran = false)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': {shape}, }}");
        text = text.PadRight(118 - 1) + "\n";
        byte[] values = new byte[bytes];
        int size = type[^1] - '0';
        for (int i = 0; i < bytes; i++)
        {
            values[i] = type[1] == 'f' ? (byte)(i % size == (type[0] == '>' ? 0 : size - 1) ? 0x3F : i * 37)
                : type[1] == 'U' ? (byte)(i % 4 == 0 ? 'a' + (i / 4 % 2) : 0) : (byte)(i % 8 == 0 || size == 1 ? i / 4 % 3 : 0);
        }

        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(text), .. values];
    }
}
