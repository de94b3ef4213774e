using System.Text.RegularExpressions;

namespace Thalweg.Tuning;

/// <summary>How a condition compares the value of another parameter.</summary>
public enum ConditionOperator
{
    /// <summary>It is one of the values: <c>=</c> or <c>in [a, b]</c>.</summary>
    In,

    /// <summary>It is not the value: <c>!=</c>.</summary>
    NotEqual,

    /// <summary>It is a number below: <c>&lt;</c>.</summary>
    Less,

    /// <summary>It is a number that is not above: <c>&lt;=</c>.</summary>
    AtMost,

    /// <summary>It is a number above: <c>&gt;</c>.</summary>
    Greater,

    /// <summary>It is a number that is not below: <c>&gt;=</c>.</summary>
    AtLeast,
}

/// <summary>A comparison of another parameter with values.</summary>
/// <param name="Path">Path of the other parameter.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Values">With what: one value, or several for <see cref="ConditionOperator.In"/>.</param>
public sealed record SearchComparison(string Path, ConditionOperator Operator, ValueList<string> Values)
{
    /// <summary>Whether a value of the other parameter passes.</summary>
    /// <param name="value">The value; null where the other parameter is left out itself, which no comparison passes.</param>
    public bool Holds(TrialValue? value) => value is { } given && Operator switch
    {
        ConditionOperator.In => Values.Any(one => given.IsSameAs(new TrialValue(one))),
        ConditionOperator.NotEqual => !given.IsSameAs(new TrialValue(Values[0])),
        ConditionOperator.Less => given.Number < Number,
        ConditionOperator.AtMost => given.Number <= Number,
        ConditionOperator.Greater => given.Number > Number,
        _ => given.Number >= Number,
    };

    private double Number => new TrialValue(Values[0]).Number;

    /// <summary>The comparison as it is written.</summary>
    public override string ToString() => Operator switch
    {
        ConditionOperator.In when Values.Count == 1 => $"{Path} = {Node(Values[0])}",
        ConditionOperator.In => $"{Path} in {SettingsNode.List(Values.Select(Node))}",
        ConditionOperator.NotEqual => $"{Path} != {Node(Values[0])}",
        ConditionOperator.Less => $"{Path} < {Node(Values[0])}",
        ConditionOperator.AtMost => $"{Path} <= {Node(Values[0])}",
        ConditionOperator.Greater => $"{Path} > {Node(Values[0])}",
        _ => $"{Path} >= {Node(Values[0])}",
    };

    private static SettingsNode Node(string value) => new TrialValue(value).ToNode();
}

/// <summary>When a parameter is there: all comparisons hold. Where they do not, trials leave it out and the recipe's own value
/// stands.</summary>
/// <param name="Comparisons">The comparisons, at least one.</param>
public sealed partial record SearchCondition(ValueList<SearchComparison> Comparisons)
{
    /// <summary>Reads a condition, as in <c>network.depth &gt;= 2 and training.optimizer.name in [adam, sgd]</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">It does not follow the grammar.</exception>
    public static SearchCondition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new([.. SearchText.Split(text, " and ").Select(part => Comparison(part, text))]);
    }

    /// <summary>Whether the condition holds.</summary>
    /// <param name="valueOf">The value of another parameter; null where it is left out.</param>
    public bool Holds(Func<string, TrialValue?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        return Comparisons.All(comparison => comparison.Holds(valueOf(comparison.Path)));
    }

    /// <summary>The condition, which <see cref="Parse"/> reads back.</summary>
    public override string ToString() => string.Join(" and ", Comparisons);

    private static SearchComparison Comparison(string text, string whole)
    {
        Match match = Form().Match(text);
        if (!match.Success)
        {
            throw new ThalwegException($"[search] expected a condition as in 'network.depth >= 2' or 'a in [x, y]', got '{whole}'; "
                + "compare the path of a parameter with a value");
        }

        string sign = match.Groups["sign"].Value;
        SettingsNode value = SettingsNode.Read(match.Groups["value"].Value);
        ValueList<string> values = sign == "in" && value.Elements is { } elements
            ? [.. elements.Select(element => TrialValue.Of(element).Text)]
            : [TrialValue.Of(value).Text];
        return new(match.Groups["path"].Value, sign switch
        {
            "=" or "==" or "in" => ConditionOperator.In,
            "!=" => ConditionOperator.NotEqual,
            "<" => ConditionOperator.Less,
            "<=" => ConditionOperator.AtMost,
            ">" => ConditionOperator.Greater,
            _ => ConditionOperator.AtLeast,
        }, values);
    }

    [GeneratedRegex(@"^\s*(?<path>[^\s=<>!]+)\s*(?<sign>==|=|!=|<=|<|>=|>|\bin\b)\s*(?<value>\S.*?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>Cuts texts of spaces outside of quotation marks.</summary>
internal static class SearchText
{
    /// <summary>The parts between separators that do not stand in quotation marks or brackets.</summary>
    public static IReadOnlyList<string> Split(string text, string separator)
    {
        List<string> parts = [];
        int start = 0, depth = 0;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (letter is '(' or '[' or ')' or ']')
            {
                depth += letter is '(' or '[' ? 1 : -1;
            }
            else if (depth == 0 && string.CompareOrdinal(text, i, separator, 0, separator.Length) == 0)
            {
                parts.Add(text[start..i]);
                start = i + separator.Length;
                i = start - 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }
}
