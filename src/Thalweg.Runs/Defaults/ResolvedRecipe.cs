namespace Thalweg.Runs;

/// <summary>A recipe with the defaults filled in, each with its reason; see <see cref="Recipe.Resolve"/>.</summary>
public sealed record ResolvedRecipe
{
    /// <summary>The full recipe: it gives the same run where defaults have changed since.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>What was given.</summary>
    public required Recipe Given { get; init; }

    /// <summary>Why a value was filled in, by the path of the field; fields that were given are not there.</summary>
    public required IReadOnlyDictionary<string, string> Reasons { get; init; }

    /// <summary>What was given and the defaults that depend on the data: what <c>run.json</c> holds.</summary>
    internal Recipe Recorded { get; init; } = new();
}
