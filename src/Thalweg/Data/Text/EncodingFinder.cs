using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>The encoding of a text of which every byte was looked at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Note">What is to be known about it; null where nothing was guessed.</param>
internal sealed record TextEncoding(string Name, DataNote? Note = null);

/// <summary>Finds the encoding of a text and checks the whole of it, before its first row counts.</summary>
/// <remarks>A byte order mark is followed. Without one the text is UTF-8 where all of it is valid; else UTF-16 where zero bytes show it;
/// else Windows-1252 where all of it has a meaning there and it does not look like damaged UTF-8. Everything else is refused.</remarks>
internal static class EncodingFinder
{
    private const int StartBytes = 4096;
    private const int ChunkBytes = 1 << 18;

    /// <summary>Finds and checks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="given">The encoding that was given; null detects it.</param>
    /// <param name="maxSize">Most bytes that the file may unpack to.</param>
    /// <exception cref="ThalwegException">A byte does not decode: line and byte are named.</exception>
    public static TextEncoding Find(string path, string? given, long maxSize)
    {
        byte[] start = SourceFile.ReadPrefix(path, StartBytes, out _);
        string? marked = TextEncodings.OfMark(start);
        string? specified = given is null ? null : TextEncodings.NameOf(TextEncodings.Get(given));
        if (specified == TextEncodings.Utf16 && marked == TextEncodings.Utf16BigEndian)
            specified = marked;
        if ((specified ?? marked ?? TextEncodings.Utf16WithoutMark(start)) is { } name && name != TextEncodings.Utf8)
        {
            CheckDecodes(path, name, maxSize);
            string note = $"the file has no byte order mark; its zero bytes show {name.ToUpperInvariant()}";
            return specified is not null || marked is not null
                ? new TextEncoding(name)
                : new TextEncoding(name, new DataNote("encoding", note, nameof(DataOptions.Encoding)));
        }

        if (IsUtf8(path, maxSize))
            return new TextEncoding(TextEncodings.Utf8);
        using Stream stream = SourceFile.Open(path, maxSize);
        ByteCounts counts = ByteCounts.Of(stream);
        return specified is null && marked is null && counts.IsWindows1252
            ? new TextEncoding(TextEncodings.Windows1252, new DataNote(
                "encoding", $"{counts.FirstInvalid} is not UTF-8; the file was read as Windows-1252", nameof(DataOptions.Encoding)))
            : throw Refused(path, counts, isStated: specified is not null || marked is not null);
    }

    /// <summary>Whether all bytes are UTF-8 and none is zero.</summary>
    private static bool IsUtf8(string path, long maxSize)
    {
        using Stream stream = SourceFile.Open(path, maxSize);
        byte[] buffer = new byte[ChunkBytes];
        int kept = 0;
        while (true)
        {
            int length = kept + stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            bool isEnd = length < buffer.Length;
            int whole = isEnd ? length : length - CutBytes(buffer);
            ReadOnlySpan<byte> chunk = buffer.AsSpan(0, whole);
            if (chunk.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(chunk))
                return false;
            if (isEnd)
                return true;
            kept = length - whole;
            buffer.AsSpan(whole, kept).CopyTo(buffer);
        }
    }

    /// <summary>Number of bytes at the end of a chunk that begin a character whose other bytes are in the next one.</summary>
    private static int CutBytes(ReadOnlySpan<byte> chunk)
    {
        for (int back = 1; back <= 3; back++)
        {
            byte value = chunk[^back];
            if ((value & 0xC0) == 0x80)
                continue;
            int length = value switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
            return length > back ? back : 0;
        }

        return 0;
    }

    /// <summary>Refuses a text of which a byte does not decode.</summary>
    private static void CheckDecodes(string path, string name, long maxSize)
    {
        Encoding encoding = TextEncodings.Get(name);
        Decoder decoder = encoding.GetDecoder();
        using Stream stream = SourceFile.Open(path, maxSize);
        byte[] bytes = new byte[ChunkBytes];
        char[] characters = new char[encoding.GetMaxCharCount(ChunkBytes)];
        TextPosition position = new();
        for (bool isEnd = false; !isEnd; position.Advance(bytes.Length))
        {
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            isEnd = length < bytes.Length;
            int bad = UndefinedByte(bytes.AsSpan(0, length), name);
            int count = 0;
            try
            {
                count = decoder.GetChars(bytes.AsSpan(0, length), characters, isEnd);
            }
            catch (DecoderFallbackException error)
            {
                bad = Math.Clamp(error.Index, 0, Math.Max(0, length - 1));
            }

            if (bad >= 0)
            {
                position.CountLines(Lenient(encoding).GetString(bytes, 0, bad));
                throw new ThalwegException($"{path}: {position.At(bad, bytes[bad])}: expected text in {name}, got a byte that does not "
                    + "decode; name another encoding by DataOptions.Encoding, or fix the file");
            }

            position.CountLines(characters.AsSpan(0, count));
            if (characters.AsSpan(0, count).Contains('\0'))
            {
                throw new ThalwegException($"{path}: line {position.Line} or before: expected text in {name}, got a zero character; "
                    + "this is not a text, or name another encoding by DataOptions.Encoding");
            }
        }
    }

    /// <summary>The encoding that replaces what does not decode, to count the lines before it.</summary>
    private static Encoding Lenient(Encoding encoding)
    {
        Encoding copy = (Encoding)encoding.Clone();
        copy.DecoderFallback = DecoderFallback.ReplacementFallback;
        return copy;
    }

    private static int UndefinedByte(ReadOnlySpan<byte> bytes, string name) =>
        name == TextEncodings.Windows1252 ? bytes.IndexOfAny(TextEncodings.UndefinedInWindows1252) : -1;

    private static ThalwegException Refused(string path, ByteCounts counts, bool isStated)
    {
        if (counts.FirstZero is { } zero)
        {
            return new ThalwegException($"{path}: {zero}: this is not a text in UTF-8 (it holds zero bytes); "
                + "expected CSV, IDX, .npy, .npz or a directory of IDX files");
        }

        string why = isStated ? "the file is said to be UTF-8"
            : counts.FirstNotWindows1252 is { } other ? $"it is not Windows-1252 either, because of {other}"
            : string.Create(CultureInfo.InvariantCulture,
                $"{counts.Sequences} other characters are UTF-8, {counts.Invalid} bytes are not, so that the file seems damaged");
        return new ThalwegException($"{path}: {counts.FirstInvalid}: expected text in UTF-8, got a byte that is not; {why}; "
            + "fix the file, or name its encoding by DataOptions.Encoding");
    }
}
