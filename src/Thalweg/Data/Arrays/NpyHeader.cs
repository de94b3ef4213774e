using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>The header of a NumPy array file.</summary>
/// <remarks>Format: NEP 1, "A Simple File Format for NumPy Arrays": magic, version, length, then a Python dictionary with the keys
/// descr, fortran_order and shape. Plain numbers and texts are read; object arrays hold Python code and are refused.</remarks>
/// <param name="Format">How the values lie.</param>
/// <param name="IsFortranOrder">Whether the first index runs fastest.</param>
/// <param name="Shape">Sizes, the number of items first.</param>
internal sealed record NpyHeader(NumberFormat Format, bool IsFortranOrder, long[] Shape)
{
    private const int LargestHeader = 1 << 16;

    /// <summary>Characters that one text may have.</summary>
    private const int LongestText = 1 << 16;

    /// <summary>Reads the header, leaving the stream at the first value.</summary>
    public static (NpyHeader Header, long Length) Read(string location, Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..8], 8, throwOnEndOfStream: false) < 8 || start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8))
            throw new ThalwegException($"{location}: expected a NumPy array (.npy); it does not begin as one");
        int lengthBytes = start[6] == 1 ? 2 : 4;
        if (start[6] is 0 or > 3 || stream.ReadAtLeast(start.Slice(8, lengthBytes), lengthBytes, throwOnEndOfStream: false) < lengthBytes)
            throw new ThalwegException($"{location}: version {start[6]} of the .npy format is not known, or the file is truncated");
        uint length = lengthBytes == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > LargestHeader)
        {
            throw new ThalwegException($"{location}: the .npy header states a length of {length} bytes, more than {LargestHeader}; "
                + "the file is damaged");
        }

        byte[] text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw new ThalwegException($"{location}: the .npy header ends early; the file is truncated");
        return (Parse(location, Encoding.Latin1.GetString(text)), 8 + lengthBytes + length);
    }

    private static NpyHeader Parse(string location, string text)
    {
        string? descr = null;
        bool? fortran = null;
        long[]? shape = null;
        PythonText reader = new(location, text);
        reader.Expect('{');
        while (!reader.TryTake('}'))
        {
            string key = reader.ReadString();
            reader.Expect(':');
            switch (key)
            {
                case "descr": descr = reader.TryTake('[') ? throw Structured(location) : reader.ReadString(); break;
                case "fortran_order": fortran = reader.ReadBoolean(); break;
                case "shape": shape = reader.ReadTuple(); break;
                default: throw reader.Fault($"the key '{key}' is not known");
            }

            if (!reader.TryTake(','))
            {
                reader.Expect('}');
                break;
            }
        }

        if (descr is null || fortran is null || shape is null || shape.Length > 8)
            throw reader.Fault("descr, fortran_order or shape is missing");
        return FromDescription(location, descr, fortran.Value, shape);
    }

    private static NpyHeader FromDescription(string location, string descr, bool fortran, long[] shape)
    {
        if (FindFormat(descr) is not { } format)
        {
            throw new ThalwegException($"{location}: values of type {CellText.Quote(descr)} cannot be read; expected numbers of up to "
                + $"64 bits, truth values, or texts as labels; {Remedy(descr)}");
        }

        if (shape.Length == 0)
            throw new ThalwegException($"{location}: expected an array of items, got a single value (an array without axes); save all items");
        return new NpyHeader(format, fortran, shape);
    }

    private static NumberFormat? FindFormat(string descr)
    {
        if (descr.Length < 3 || descr[0] is not ('<' or '>' or '|' or '='))
            return null;
        bool isBigEndian = descr[0] == '>' || (descr[0] == '=' && !BitConverter.IsLittleEndian);
        if (descr[1..] is "f2" or "f4" or "f8" or "i1" or "i2" or "i4" or "i8" or "u1" or "u2" or "u4" or "u8" or "b1")
            return new NumberFormat(descr[1], descr[2] - '0', isBigEndian);
        bool isText = descr[1] is 'U' or 'S'
            & int.TryParse(descr.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            & length is >= 1 and <= LongestText;
        return isText ? new NumberFormat(descr[1], descr[1] == 'U' ? 4 * length : length, isBigEndian) : null;
    }

    private static string Remedy(string descr) => descr.ElementAtOrDefault(1) switch
    {
        'O' => "object arrays hold Python code and are refused: convert with astype(float), or astype(str) for labels, and save again",
        'M' or 'm' => "convert times with astype('datetime64[s]').astype('int64'), or to the parts that matter, and save again",
        'c' => "save real and imaginary part as two columns",
        'f' => "convert with astype('float64') and save again",
        _ => "convert with astype and save again",
    };

    private static ThalwegException Structured(string location) => new(
        $"{location}: expected one type for all values, got a structured array (fields with names); "
        + "save a plain array of its columns, or write the table as CSV");

    /// <summary>Reads the little of Python's syntax that a header may hold.</summary>
    private ref struct PythonText(string location, string text)
    {
        private int _at;

        public readonly ThalwegException Fault(string what) =>
            new($"{location}: the .npy header cannot be read: {what}; the file is damaged");

        public bool TryTake(char expected)
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                _at++;
            if (_at >= text.Length || text[_at] != expected)
                return false;
            _at++;
            return true;
        }

        public void Expect(char expected)
        {
            if (!TryTake(expected))
                throw Fault($"expected '{expected}' at character {_at}");
        }

        public string ReadString()
        {
            char quote = TryTake('\'') ? '\'' : '"';
            if (quote == '"' && !TryTake('"'))
                throw Fault($"expected a string at character {_at}");
            int end = text.IndexOf(quote, _at);
            if (end < 0)
                throw Fault("a string is not closed");
            string value = text[_at..end];
            _at = end + 1;
            return value;
        }

        public bool ReadBoolean()
        {
            string word = ReadWord();
            return word switch
            {
                "True" => true,
                "False" => false,
                _ => throw Fault($"expected True or False, found {CellText.Quote(word)}"),
            };
        }

        public long[] ReadTuple()
        {
            List<long> sizes = [];
            Expect('(');
            while (!TryTake(')'))
            {
                string word = ReadWord().TrimEnd('L');
                if (!long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long size) || sizes.Count > 32)
                    throw Fault($"expected a size, found {CellText.Quote(word)}");
                sizes.Add(size);
                if (!TryTake(','))
                {
                    Expect(')');
                    break;
                }
            }

            return [.. sizes];
        }

        private string ReadWord()
        {
            while (_at < text.Length && text[_at] == ' ')
                _at++;
            int start = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '-'))
                _at++;
            return text[start.._at];
        }
    }
}
