using System.IO.Enumeration;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Picks parameters by name: <c>*</c> stands for any letters, <c>?</c> for one.</summary>
internal static class NamePattern
{
    /// <summary>1 for each parameter whose name matches, 0 for the others.</summary>
    /// <exception cref="ThalwegException">No name matches.</exception>
    public static void Mark(string pattern, ParameterSegments segments, Span<double> marks)
    {
        bool any = false;
        for (int k = 0; k < marks.Length; k++)
        {
            bool matches = Matches(pattern, segments.Items[k].Name);
            marks[k] = matches ? 1 : 0;
            any |= matches;
        }

        if (!any)
        {
            string[] names = [.. segments.Items.Select(segment => segment.Name)];
            throw new ThalwegException(
                $"[parameters] expected '{pattern}' to match a parameter, found none; {NearestName.Advice(pattern, names)}");
        }
    }

    /// <summary>Whether a name matches.</summary>
    public static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
