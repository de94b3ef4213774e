using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>A rule that acts on the parameters whose names match a pattern, as groups of parameters do; it passes the update
/// of the others.</summary>
public abstract record NamedRule : Rule
{
    /// <summary>Sets the pattern.</summary>
    private protected NamedRule(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Names = names;
    }

    /// <summary>Names of the parameters: <c>*</c> stands for any letters, <c>?</c> for one, as in <c>0.*</c> or <c>*.bias</c>.</summary>
    public string Names { get; init; }

    internal sealed override bool IsBySegment => true;

    internal sealed override void Fill(ParameterSegments segments, Span<double> table) => NamePattern.Mark(Names, segments, table);
}
