using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>Character encodings by name, each strict: what does not decode is an error.</summary>
internal static class TextEncodings
{
    public const string Utf8 = "utf-8";
    public const string Windows1252 = "windows-1252";
    public const string Utf16 = "utf-16";
    public const string Utf16BigEndian = "utf-16be";

    private static readonly EncoderFallback s_encoder = EncoderFallback.ExceptionFallback;
    private static readonly DecoderFallback s_decoder = DecoderFallback.ExceptionFallback;

    /// <summary>Bytes to which Windows-1252 gives no character; .NET makes control characters of them.</summary>
    public static ReadOnlySpan<byte> UndefinedInWindows1252 => [0x81, 0x8D, 0x8F, 0x90, 0x9D];

    /// <summary>The encoding of a name; names as Python and R write them are known too.</summary>
    /// <exception cref="ThalwegException">There is none of that name.</exception>
    public static Encoding Get(string name)
    {
        string known = name.Trim().ToLowerInvariant().Replace('_', '-') switch
        {
            "utf8" or "utf-8-sig" or "utf8-sig" or "utf-8-bom" => Utf8,
            "utf16" or "utf-16le" or "utf-16-le" or "ucs-2" or "ucs-2le" => Utf16,
            "utf-16-be" => Utf16BigEndian,
            "latin-1" => "latin1",
            ['c', 'p', .. var page] when int.TryParse(page, out _) => page,
            var other => other,
        };
        try
        {
            bool isPage = int.TryParse(known, NumberStyles.None, CultureInfo.InvariantCulture, out int page);
            EncodingProvider pages = CodePagesEncodingProvider.Instance;
            return isPage
                ? pages.GetEncoding(page, s_encoder, s_decoder) ?? Encoding.GetEncoding(page, s_encoder, s_decoder)
                : pages.GetEncoding(known, s_encoder, s_decoder) ?? Encoding.GetEncoding(known, s_encoder, s_decoder);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new ThalwegException($"DataOptions.Encoding: expected a character encoding, got '{name}'; give utf-8, utf-16, "
                + "windows-1252, iso-8859-1, shift_jis, gb18030 or another name that .NET knows", error);
        }
    }

    /// <summary>The name by which an encoding is given and stored.</summary>
    public static string NameOf(Encoding encoding) => encoding.WebName.ToLowerInvariant();

    /// <summary>The encoding that a byte order mark states; null without one.</summary>
    public static string? OfMark(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Utf8,
        [0xFF, 0xFE, 0, 0, ..] => "utf-32",
        [0, 0, 0xFE, 0xFF, ..] => "utf-32be",
        [0xFF, 0xFE, ..] => Utf16,
        [0xFE, 0xFF, ..] => Utf16BigEndian,
        _ => null,
    };

    /// <summary>UTF-16 that bears no mark: its letters of ASCII, such as separators and digits, have a zero byte on the same side each;
    /// null for other text.</summary>
    public static string? Utf16WithoutMark(ReadOnlySpan<byte> start)
    {
        int even = 0, odd = 0;
        for (int i = 0; i < start.Length; i++)
        {
            if (start[i] == 0)
                (even, odd) = i % 2 == 0 ? (even + 1, odd) : (even, odd + 1);
        }

        // One in five characters at least: a table has separators, line breaks and mostly numbers.
        int enough = Math.Max(2, start.Length / 10);
        return even == 0 && odd >= enough ? Utf16 : odd == 0 && even >= enough ? Utf16BigEndian : null;
    }
}
