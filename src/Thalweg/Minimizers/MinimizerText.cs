using Thalweg.Rules;

namespace Thalweg.Minimizers;

/// <summary>Reads minimizers from their text forms, as in <c>lbfgs(memory=20, search=more_thuente)</c>.</summary>
/// <remarks>What is left out has its default; what is not known is an error that names the nearest.</remarks>
public static class MinimizerText
{
    /// <summary>Names of all minimizers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. TextForms.Kind<Minimizer>().Select(form => form.Name)];

    /// <summary>Reads a minimizer.</summary>
    /// <param name="text">The text: a name, and settings in parentheses.</param>
    /// <exception cref="ThalwegException">The name, a setting or a value is not known or out of range: the message gives the
    /// choices.</exception>
    public static Minimizer Parse(string text) => RuleText.Build<Minimizer>(TextNode.Read(text), "minimizer");
}
