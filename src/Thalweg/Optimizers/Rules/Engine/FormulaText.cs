using System.Text.RegularExpressions;

namespace Thalweg.Rules;

/// <summary>Formulas of rules in a row.</summary>
internal static partial class FormulaText
{
    /// <summary>The formula of a rule that stands behind others, and receives their update u where the first receives
    /// the gradient g.</summary>
    public static string OfUpdate(string formula)
    {
        string text = Matrix().Replace(Gradient().Replace(formula, "u"), "U");
        return text.StartsWith("u = u, ", StringComparison.Ordinal) || text.StartsWith("u = u; ", StringComparison.Ordinal)
            ? text["u = u, ".Length..]
            : text;
    }

    /// <summary>g, g_i, g_k and g_before, but neither g~, the gradient at drawn targets, nor g_0 and "g taken at", those
    /// of another place.</summary>
    [GeneratedRegex(@"\bg(?!~| taken)(?=\b|_(?:i|k|1|before)\b)")]
    private static partial Regex Gradient();

    /// <summary>G, the gradient of a matrix.</summary>
    [GeneratedRegex(@"\bG\b")]
    private static partial Regex Matrix();
}
