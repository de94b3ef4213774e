using System.Buffers.Binary;
using System.Text;

namespace Thalweg.Data;

/// <summary>Texts in arrays: class names.</summary>
internal static class ArrayText
{
    private static readonly UTF8Encoding s_bytes = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>One text per item as a column of categories; an empty text counts as missing.</summary>
    /// <exception cref="ThalwegException">A text cannot be decoded.</exception>
    public static TableColumn ToColumn(string location, string name, ArrayData texts)
    {
        List<string> categories = [];
        Dictionary<string, int> codeOf = new(StringComparer.Ordinal);
        int[] codes = new int[texts.Count];
        for (int row = 0; row < codes.Length; row++)
        {
            string text = Decode(location, texts, row);
            if (text.Length == 0)
            {
                codes[row] = -1;
                continue;
            }

            if (!codeOf.TryGetValue(text, out codes[row]))
            {
                codeOf[text] = codes[row] = categories.Count;
                categories.Add(text);
            }
        }

        return new TableColumn(name, codes, [.. categories]);
    }

    private static string Decode(string location, ArrayData texts, int row)
    {
        ReadOnlySpan<byte> bytes = texts.Raw(row, 1);
        try
        {
            return texts.Format.Kind == 'S' ? s_bytes.GetString(bytes.TrimEnd((byte)0)) : DecodeWide(bytes, texts.Format.IsBigEndian);
        }
        catch (ArgumentException)
        {
            throw new ThalwegException($"{location}: item {row}: the text 0x{Convert.ToHexString(bytes[..Math.Min(bytes.Length, 16)])} cannot "
                + "be decoded; save the labels as text of Unicode (astype('U'))");
        }
    }

    /// <summary>UTF-32, filled up with zeros.</summary>
    private static string DecodeWide(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        StringBuilder text = new();
        for (int start = 0; start < bytes.Length; start += 4)
        {
            uint scalar = isBigEndian
                ? BinaryPrimitives.ReadUInt32BigEndian(bytes[start..])
                : BinaryPrimitives.ReadUInt32LittleEndian(bytes[start..]);
            if (scalar == 0)
                break;
            text.Append(new Rune(scalar));
        }

        return text.ToString();
    }
}
