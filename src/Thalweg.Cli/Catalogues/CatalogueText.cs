using System.Globalization;
using Thalweg.Catalogues;
using Thalweg.Cli.Options;

namespace Thalweg.Cli.Catalogues;

/// <summary>What lists, pages and the command say alike.</summary>
internal static class CatalogueText
{
    /// <summary>The name with its parameters by place: <c>cosine(start, steps)</c>.</summary>
    public static string Signature(CatalogueEntry entry)
    {
        string[] needed = [.. entry.Parameters.Where(parameter => parameter.Default is null).Select(parameter => parameter.Name)];
        return needed.Length == 0 ? entry.Name : $"{entry.Name}({string.Join(", ", needed)})";
    }

    /// <summary>Bytes of state, as in "8".</summary>
    public static string Bytes(UpdateCost cost) => cost.BytesPerParameter.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The cost of an update in one line.</summary>
    public static string Cost(UpdateCost cost)
    {
        string state = cost.Slots.Count == 0 ? "no state"
            : $"{Bytes(cost)} bytes of state per parameter in single precision: {string.Join(", ", cost.Slots)}";
        string work = cost.MatrixWork.Length == 0 ? "" : $", {cost.MatrixWork}";
        return $"{Count(cost.Gradients, "gradient")}, {Count(cost.Passes, "pass", "passes")} over the parameters{work}, {state}";
    }

    /// <summary>When to use an entry, and by which option of the command where it has no name there.</summary>
    public static string Use(CatalogueEntry entry) =>
        FlagNames.Of(entry.Name) is { } flags ? $"{entry.Use}; in the command {flags}" : entry.Use;

    /// <summary>Default and choices of a parameter.</summary>
    public static string Default(CatalogueParameter parameter) => parameter.Default ?? "to be given";

    private static string Count(int number, string word, string? plural = null) =>
        number == 1 ? $"1 {word}" : $"{number} {plural ?? word + "s"}";
}
