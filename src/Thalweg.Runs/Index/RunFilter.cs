using System.Globalization;
using System.Text;

namespace Thalweg.Runs;

/// <summary>How a field is compared.</summary>
public enum RunComparison
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c>; also where the run does not have the field.</summary>
    NotEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>~</c>: the text holds the other, in the same case.</summary>
    Contains,
}

/// <summary>Which runs are meant: comparisons of fields, joined by and, or, not.</summary>
public abstract record RunFilter
{
    private RunFilter()
    {
    }

    /// <summary>Both hold.</summary>
    public sealed record And(RunFilter Left, RunFilter Right) : RunFilter;

    /// <summary>At least one holds.</summary>
    public sealed record Or(RunFilter Left, RunFilter Right) : RunFilter;

    /// <summary>The other does not hold.</summary>
    public sealed record Not(RunFilter Inner) : RunFilter;

    /// <summary>A field stands in a relation to a value. A field that the run does not have stands in none.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="Comparison">The relation.</param>
    /// <param name="Text">The value as text.</param>
    public sealed record Compare(RunField Field, RunComparison Comparison, string Text) : RunFilter
    {
        /// <summary>The value as a number; null where it is none. Numbers are then compared as numbers.</summary>
        public double? Number { get; } = NumberOf(Text);
    }

    /// <summary>Reads a filter, as in <c>optimizer=adam and (accuracy>0.9 or tag=best)</c>.</summary>
    /// <param name="text">Comparisons with =, !=, &lt;, &lt;=, &gt;, &gt;= and ~ (contains), joined by and, or, not and parentheses;
    /// values with blanks or parentheses in quotes.</param>
    /// <param name="fields">The names of fields.</param>
    /// <exception cref="ThalwegException">It does not read: the message names the column.</exception>
    public static RunFilter Parse(string text, RunFields fields) => new RunFilterParser(text, fields).Parse();

    /// <summary>Whether a run fulfils the filter.</summary>
    /// <param name="run">The run.</param>
    public bool Matches(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return this switch
        {
            And both => both.Left.Matches(run) && both.Right.Matches(run),
            Or either => either.Left.Matches(run) || either.Right.Matches(run),
            Not not => !not.Inner.Matches(run),
            Compare { Comparison: RunComparison.NotEqual } unequal =>
                !(unequal with { Comparison = RunComparison.Equal }).Matches(run),
            Compare { Field.Kind: RunFieldKind.Tag } tag => run.Tags.Any(text => Holds(tag, text)),
            Compare compare => Holds(compare, run.TextOf(compare.Field)),
            _ => throw new ArgumentOutOfRangeException(nameof(run)),
        };
    }

    /// <summary>A text as the number that an index keeps beside it; null where it is no finite number.</summary>
    /// <param name="text">The text.</param>
    public static double? NumberOf(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : null;

    private static bool Holds(Compare compare, string? found)
    {
        if (found is null)
            return false;
        if (compare.Comparison == RunComparison.Contains)
            return found.Contains(compare.Text, StringComparison.Ordinal);
        bool isText = !compare.Field.IsNumber && compare.Field.Kind != RunFieldKind.Setting;
        int? sign = !isText && compare.Number is { } wanted && NumberOf(found) is { } number ? number.CompareTo(wanted)
            : compare.Field.IsNumber ? null : Order(found, compare.Text);
        return compare.Comparison switch
        {
            RunComparison.Equal => sign == 0,
            RunComparison.Less => sign < 0,
            RunComparison.LessOrEqual => sign <= 0,
            RunComparison.Greater => sign > 0,
            _ => sign >= 0,
        };
    }

    /// <summary>Compares texts by the bytes of UTF-8, as all indexes do.</summary>
    /// <param name="left">A text.</param>
    /// <param name="right">Another.</param>
    /// <returns>Below 0 where the first comes first, 0 where they are equal.</returns>
    public static int Order(string left, string right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
