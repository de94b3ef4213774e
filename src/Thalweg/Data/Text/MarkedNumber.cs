using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>What one cell says about how a file writes its numbers; sets as in <see cref="NumberMarks.All"/>.</summary>
/// <param name="Fits">Marks with which the cell is a number.</param>
/// <param name="Proves">Marks whose groups the cell proves: two of them, or one beside a decimal mark.</param>
/// <param name="IsCommaDecimal">Whether its comma can only be a decimal mark.</param>
/// <param name="Sign">Its currency or percent sign; '\0' where there is none.</param>
internal readonly record struct NumberEvidence(int Fits, int Proves, bool IsCommaDecimal, char Sign);

/// <summary>Numbers as people write them: grouped digits, decimal commas, currency and percent signs, parentheses for a minus.</summary>
internal static class MarkedNumber
{
    private const int LongestNumber = 64;
    private const int GroupDigits = 3;

    /// <summary>Reads a finite number.</summary>
    /// <param name="cell">UTF-8.</param>
    /// <param name="marks">How it is written.</param>
    /// <param name="number">The value; a currency or percent sign is passed over, so that 12 % is 12.</param>
    public static bool TryRead(ReadOnlySpan<byte> cell, NumberMarks marks, out double number)
    {
        number = 0;
        if (cell.Length > LongestNumber)
            return false;
        Span<char> text = stackalloc char[LongestNumber], plain = stackalloc char[LongestNumber];
        Stripped stripped = Strip(text[..Encoding.UTF8.GetChars(cell, text)]);
        Shape shape = ShapeOf(stripped.Body, marks, plain);
        if (!shape.IsNumber
            || !double.TryParse(plain[..shape.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            || !double.IsFinite(number))
        {
            return false;
        }

        number = stripped.IsNegative ? -number : number;
        return true;
    }

    /// <summary>Which marks a cell fits and which it proves.</summary>
    public static NumberEvidence Inspect(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > LongestNumber)
            return default;
        Span<char> text = stackalloc char[LongestNumber], plain = stackalloc char[LongestNumber];
        Stripped stripped = Strip(text[..Encoding.UTF8.GetChars(cell, text)]);
        int fits = 0, proves = 0;
        bool hasComma = false;
        for (int i = 0; i < NumberMarks.All.Length; i++)
        {
            Shape shape = ShapeOf(stripped.Body, NumberMarks.All[i], plain);
            if (!shape.IsNumber)
                continue;
            fits |= 1 << i;
            if (shape.Groups >= 2 || (shape.Groups == 1 && shape.HasDecimal))
                proves |= 1 << i;
            hasComma |= shape.HasDecimal && NumberMarks.All[i].Decimal == ',';
        }

        return new NumberEvidence(fits, proves, hasComma && (fits & ~NumberMarks.Commas) == 0, fits == 0 ? '\0' : stripped.Sign);
    }

    /// <summary>Takes away signs of every kind, and the blanks beside them.</summary>
    private static Stripped Strip(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        bool isNegative = text is ['(', .., ')'], hasSign = isNegative;
        char sign = '\0';
        if (isNegative)
            text = text[1..^1].Trim();
        while (!text.IsEmpty)
        {
            bool isFirst = IsSign(text[0], isBehind: false, hasSign, sign);
            if (!isFirst && !IsSign(text[^1], isBehind: true, hasSign, sign))
                break;
            char character = isFirst ? text[0] : text[^1];
            if (character is '-' or '\u2212' or '+')
                (hasSign, isNegative) = (true, character != '+');
            else
                sign = character;
            text = (isFirst ? text[1..] : text[..^1]).Trim();
        }

        return new Stripped(text, isNegative, sign);
    }

    private static bool IsSign(char character, bool isBehind, bool hasSign, char unit) => character switch
    {
        '-' or '\u2212' => !hasSign,
        '+' => !hasSign && !isBehind,
        '%' => isBehind && unit == '\0',
        _ => unit == '\0' && char.GetUnicodeCategory(character) == UnicodeCategory.CurrencySymbol,
    };

    /// <summary>Looks at a number without signs, and writes it in the invariant form.</summary>
    private static Shape ShapeOf(ReadOnlySpan<char> body, NumberMarks marks, Span<char> plain)
    {
        int length = 0, position = 0, digits = 0, groups = 0, groupStart = 0;
        Span<int> widths = stackalloc int[LongestNumber];
        for (; position < body.Length && (char.IsAsciiDigit(body[position]) || marks.IsGroup(body[position])); position++)
        {
            if (char.IsAsciiDigit(body[position]))
            {
                plain[length++] = body[position];
                digits++;
                continue;
            }

            widths[groups++] = position - groupStart;
            groupStart = position + 1;
        }

        widths[groups] = position - groupStart;
        if (groups > 0 && (!AreGroups(widths[..(groups + 1)]) || body[0] == '0'))
            return default;
        bool hasDecimal = position < body.Length && body[position] == marks.Decimal;
        if (hasDecimal)
        {
            plain[length++] = '.';
            for (position++; position < body.Length && char.IsAsciiDigit(body[position]); position++, digits++)
                plain[length++] = body[position];
        }

        if (digits > 0 && groups == 0)
            length += CopyExponent(body, ref position, plain[length..]);
        return new Shape(digits > 0 && position == body.Length, length, groups, hasDecimal);
    }

    private static int CopyExponent(ReadOnlySpan<char> body, ref int position, Span<char> plain)
    {
        ReadOnlySpan<char> rest = body[position..];
        int sign = rest is [_, '+' or '-', ..] ? 2 : 1;
        if (rest.Length <= sign || rest[0] is not ('e' or 'E') || rest[sign..].ContainsAnyExceptInRange('0', '9'))
            return 0;
        rest.CopyTo(plain);
        position = body.Length;
        return rest.Length;
    }

    /// <summary>Whether digits stand in groups of three behind one to three digits, or in twos before the last three as in India.</summary>
    private static bool AreGroups(ReadOnlySpan<int> widths)
    {
        if (widths[0] is < 1 or > GroupDigits || widths[^1] != GroupDigits)
            return false;
        ReadOnlySpan<int> middle = widths[1..^1];
        return !middle.ContainsAnyExcept(GroupDigits) || (!middle.ContainsAnyExcept(2) && widths[0] <= 2);
    }

    private readonly record struct Shape(bool IsNumber, int Length, int Groups, bool HasDecimal);

    private readonly ref struct Stripped(ReadOnlySpan<char> body, bool isNegative, char sign)
    {
        public readonly ReadOnlySpan<char> Body = body;

        public readonly bool IsNegative = isNegative;

        public readonly char Sign = sign;
    }
}
