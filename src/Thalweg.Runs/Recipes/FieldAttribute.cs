namespace Thalweg.Runs;

/// <summary>What the values of a field of a recipe may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FieldAttribute : Attribute
{
    /// <summary>Lowest number; NaN for any.</summary>
    public double Least { get; init; } = double.NaN;

    /// <summary>Number that values must be above; NaN for any.</summary>
    public double Above { get; init; } = double.NaN;

    /// <summary>Number that values must be below; NaN for any.</summary>
    public double Below { get; init; } = double.NaN;

    /// <summary>Word that stands for the number 0.</summary>
    public string? ZeroWord { get; init; }

    /// <summary>Words for the members of an enumeration in their order, or for <see cref="Characters"/>; by default the members' names in
    /// snake_case.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>Characters that have a word.</summary>
    public string Characters { get; init; } = "";

    /// <summary>What a string of the field is, in a few words for a commented recipe; null where the type says it.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether the field may stand for the whole group, as <c>data: glyphs</c> does for <c>data: { source: glyphs }</c>.</summary>
    public bool IsShorthand { get; init; }
}
