namespace Thalweg.Tuning;

/// <summary>A parameter of a space: a path of a recipe, its values, and when it is there.</summary>
/// <param name="Path">Path of a field of the recipe, as in <c>training.optimizer.learning_rate</c> or
/// <c>network.layers[1].units</c>.</param>
/// <param name="Distribution">The values.</param>
/// <param name="When">The condition under which a trial has it; null (default) for always.</param>
public sealed record SearchParameter(string Path, Distribution Distribution, SearchCondition? When = null)
{
    private const string ConditionWord = " if ";

    /// <summary>Reads a parameter, as in <c>network.layers[1].units=logint(16, 256) if network.depth &gt;= 2</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">It does not follow the grammar, or the distribution cannot be.</exception>
    public static SearchParameter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        string path = sign < 0 ? "" : text[..sign].Trim();
        if (path.Length == 0 || path.Any(char.IsWhiteSpace))
        {
            throw new ThalwegException($"[search] expected a path and a distribution, got '{text}'; write it as in "
                + "training.optimizer.learning_rate=log(1e-5, 1)");
        }

        return Of(path, text[(sign + 1)..]);
    }

    /// <summary>The distribution with its condition, as it is written behind the path.</summary>
    public string Definition => When is null ? $"{Distribution}" : $"{Distribution}{ConditionWord}{When}";

    /// <summary>The parameter, which <see cref="Parse"/> reads back.</summary>
    public override string ToString() => $"{Path}={Definition}";

    /// <summary>The parameter of a path and a distribution with its condition.</summary>
    internal static SearchParameter Of(string path, string definition)
    {
        IReadOnlyList<string> parts = SearchText.Split(definition, ConditionWord);
        try
        {
            if (parts.Count > 2)
                throw new ThalwegException($"[search] expected one condition, got '{definition}'; join conditions by 'and'");
            return new(path, Distribution.Parse(parts[0]), parts.Count == 2 ? SearchCondition.Parse(parts[1]) : null);
        }
        catch (ThalwegException error)
        {
            throw new ThalwegException($"{path}: {error.Message}", error);
        }
    }
}
