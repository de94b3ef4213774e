using System.Buffers;
using System.Text;

namespace Thalweg.Data;

/// <summary>A byte of a text.</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Position">0-based position in the text, unpacked.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct TextByte(long Line, long Position, byte Value)
{
    /// <summary>For a message.</summary>
    public override string ToString() => $"line {Line}, byte {Position} (0x{Value:X2})";
}

/// <summary>Counts lines and bytes of a text that is gone through from its start.</summary>
internal sealed class TextPosition
{
    private long _lineFeeds, _returns;

    /// <summary>Bytes that are behind.</summary>
    public long Position { get; private set; }

    /// <summary>1-based line: line feeds end lines, or carriage returns where there are more of these.</summary>
    public long Line => 1 + Math.Max(_lineFeeds, _returns);

    /// <summary>Goes on.</summary>
    public void Advance(int bytes) => Position += bytes;

    /// <summary>Counts a character.</summary>
    public void CountLine(byte character)
    {
        if (character == '\n')
            _lineFeeds++;
        else if (character == '\r')
            _returns++;
    }

    /// <summary>Counts the line breaks of a stretch.</summary>
    public void CountLines(ReadOnlySpan<char> characters)
    {
        _lineFeeds += characters.Count('\n');
        _returns += characters.Count('\r');
    }

    /// <summary>A byte some bytes ahead, on the current line.</summary>
    public TextByte At(int ahead, byte value) => new(Line, Position + ahead, value);
}

/// <summary>What the bytes of a text are that is not UTF-8 throughout.</summary>
internal sealed class ByteCounts
{
    private readonly TextPosition _place = new();

    private ByteCounts()
    {
    }

    /// <summary>Characters of UTF-8 of two bytes or more.</summary>
    public long Sequences { get; private set; }

    /// <summary>Bytes that belong to no character of UTF-8.</summary>
    public long Invalid { get; private set; }

    /// <summary>The first of these.</summary>
    public TextByte? FirstInvalid { get; private set; }

    /// <summary>The first zero byte.</summary>
    public TextByte? FirstZero { get; private set; }

    /// <summary>The first byte that Windows-1252 does not define, or that is a control character.</summary>
    public TextByte? FirstNotWindows1252 { get; private set; }

    /// <summary>Whether it can be a text in Windows-1252, rather than one in UTF-8 that was damaged.</summary>
    public bool IsWindows1252 => FirstZero is null && FirstNotWindows1252 is null && Invalid >= Sequences;

    /// <summary>Counts the bytes of a stream.</summary>
    public static ByteCounts Of(Stream stream)
    {
        ByteCounts counts = new();
        byte[] buffer = new byte[1 << 16];
        int kept = 0;
        while (true)
        {
            int length = kept + stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            bool isEnd = length < buffer.Length;
            int taken = counts.Take(buffer.AsSpan(0, length), isEnd);
            if (isEnd)
                return counts;
            kept = length - taken;
            buffer.AsSpan(taken, kept).CopyTo(buffer);
        }
    }

    private int Take(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes[at..], out Rune rune, out int length);
            if (status == OperationStatus.NeedMoreData && !isEnd)
                break;
            if (status == OperationStatus.Done)
                Sequences += length > 1 ? 1 : 0;
            else
                (FirstInvalid, Invalid) = (FirstInvalid ?? _place.At(0, bytes[at]), Invalid + length);
            foreach (byte value in bytes.Slice(at, length))
                Take(value);
            at += length;
        }

        return at;
    }

    private void Take(byte value)
    {
        if (value == 0)
            FirstZero ??= _place.At(0, value);
        bool isControl = value is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') or 0x7F;
        if (isControl || TextEncodings.UndefinedInWindows1252.Contains(value))
            FirstNotWindows1252 ??= _place.At(0, value);
        _place.CountLine(value);
        _place.Advance(1);
    }
}
