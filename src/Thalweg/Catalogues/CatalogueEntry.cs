namespace Thalweg.Catalogues;

/// <summary>What there is to know of an optimizer, a rule, a minimizer, a regularizer, a schedule or an initializer by name.</summary>
public sealed record CatalogueEntry
{
    /// <summary>Name in texts, as in <c>adam</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the type or method in the XML documentation, as in <c>T:Thalweg.Optimizers.Adam</c>.</summary>
    public required string DocumentationId { get; init; }

    /// <summary>The text that runs, with what it gives up to: for an optimizer its chain of rules; for others their text form.</summary>
    public required string Text { get; init; }

    /// <summary>The formula that runs, in the letters of the source.</summary>
    public required string Formula { get; init; }

    /// <summary>Where the formula comes from, with its number there.</summary>
    public required string Source { get; init; }

    /// <summary>When to use it.</summary>
    public required string Use { get; init; }

    /// <summary>The parameters: those that may be given by place first.</summary>
    public required IReadOnlyList<CatalogueParameter> Parameters { get; init; }

    /// <summary>Settings that change the formula, each with the formula that then runs.</summary>
    public IReadOnlyList<CatalogueVariant> Variants { get; init; } = [];

    /// <summary>What an update costs; null for what is no rule or optimizer.</summary>
    public UpdateCost? Cost { get; init; }

    /// <summary>Whether a schedule meets the conditions of Robbins and Monro, and why; empty for others.</summary>
    public string RobbinsMonro { get; init; } = "";

    /// <summary>What an iteration of a minimizer costs, in a few words; empty for others.</summary>
    public string IterationCost { get; init; } = "";

    /// <summary>Bound on the memory of a minimizer's run, as in <c>35 n doubles, n variables</c>; empty for others.</summary>
    public string Memory { get; init; } = "";
}

/// <summary>A parameter of an entry.</summary>
/// <param name="Name">Name in texts, as in <c>b1</c>.</param>
/// <param name="DocumentationId">Name of the property in the XML documentation; empty for initializers.</param>
/// <param name="Default">Its default as text; null where it must be given.</param>
/// <param name="Choices">What it can be, where it is a choice; else empty.</param>
/// <param name="IsShared">Whether all of the family have it, with this default.</param>
public sealed record CatalogueParameter(
    string Name, string DocumentationId, string? Default, IReadOnlyList<CatalogueChoice> Choices, bool IsShared = false);

/// <summary>One value of a parameter that is a choice.</summary>
/// <param name="Name">Name in texts, as in <c>folded</c>.</param>
/// <param name="DocumentationId">Name of the value in the XML documentation.</param>
public sealed record CatalogueChoice(string Name, string DocumentationId);

/// <summary>A published form of an entry, by the settings that give it.</summary>
/// <param name="Text">The text, as in <c>adam(form=folded)</c>.</param>
/// <param name="Formula">The formula that then runs.</param>
/// <param name="Source">Where that comes from.</param>
public sealed record CatalogueVariant(string Text, string Formula, string Source);
