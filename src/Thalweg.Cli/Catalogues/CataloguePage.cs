using System.Text;
using Thalweg.Catalogues;

namespace Thalweg.Cli.Catalogues;

/// <summary>A page of <c>docs/</c> in Markdown, made from the catalogue.</summary>
internal static class CataloguePage
{
    /// <summary>The text of a page.</summary>
    /// <param name="family">What it is about.</param>
    /// <exception cref="ThalwegException">The XML documentation is not beside the program: build it with documentation.</exception>
    public static string Make(CatalogueFamily family)
    {
        XmlDocumentation documentation = XmlDocumentation.Load();
        if (documentation.Summary("T:Thalweg.Optimizers.Adam").Length == 0)
        {
            throw new ThalwegException(
                $"[docs] expected Thalweg.xml in {AppContext.BaseDirectory}, found none; build Thalweg.Cli from source");
        }

        StringBuilder page = new();
        page.Append($"# {family.Title}\n\n");
        page.Append("<!-- Made by `thalweg docs --out docs` from the source: change the source, not this page. -->\n\n");
        page.Append($"{family.Introduction} `thalweg {family.Name} show NAME` prints the same for one of them.\n");
        foreach ((string title, IReadOnlyList<CatalogueEntry> entries) in family.Groups)
        {
            Overview(page, title, entries);
            CatalogueParameter[] shared = [.. entries.MaxBy(entry => entry.Parameters.Count(parameter => parameter.IsShared))!.Parameters
                .Where(parameter => parameter.IsShared)];
            if (shared.Length > 0)
                page.Append("\nParameters of all of these, beside their own:\n");
            Parameters(page, shared, documentation);
            foreach (CatalogueEntry entry in entries)
                Section(page, entry, documentation);
        }

        return page.ToString();
    }

    private static void Overview(StringBuilder page, string title, IReadOnlyList<CatalogueEntry> entries)
    {
        bool hasCost = entries[0].Cost is not null;
        page.Append($"\n## {title}\n\n");
        page.Append(hasCost ? "| name | state, bytes per parameter | passes | when to use it |\n|---|---|---|---|\n"
            : "| name | when to use it |\n|---|---|\n");
        foreach (CatalogueEntry entry in entries)
        {
            string cost = entry.Cost is { } update ? $" {CatalogueText.Bytes(update)} | {update.Passes} |" : "";
            page.Append($"| [{entry.Name}](#{entry.Name}) |{cost} {Cell(CatalogueText.Use(entry))} |\n");
        }
    }

    private static void Section(StringBuilder page, CatalogueEntry entry, XmlDocumentation documentation)
    {
        page.Append($"\n### {entry.Name}\n\n");
        if (documentation.Summary(entry.DocumentationId) is { Length: > 0 } summary)
            page.Append($"{summary}\n\n");
        page.Append($"```\n{Lines(entry.Formula)}\n```\n\n");
        if (entry.Text.StartsWith("chain(", StringComparison.Ordinal))
            page.Append($"- Chain: `{entry.Text}`\n");
        page.Append($"- Source: {entry.Source}\n- Use: {CatalogueText.Use(entry)}\n");
        if (entry.Cost is { } cost)
            page.Append($"- Cost: {CatalogueText.Cost(cost)}\n");
        if (entry.RobbinsMonro.Length > 0)
            page.Append($"- Check of Robbins and Monro: {entry.RobbinsMonro}\n");
        if (entry.IterationCost.Length > 0)
            page.Append($"- Cost of an iteration: {entry.IterationCost}\n- Memory: at most {entry.Memory}\n");
        Parameters(page, [.. entry.Parameters.Where(parameter => !parameter.IsShared)], documentation);
        if (entry.Variants.Count == 0)
            return;
        page.Append("\nVariants:\n");
        foreach (CatalogueVariant variant in entry.Variants)
        {
            page.Append($"\n- `{variant.Text}`: {variant.Source}\n\n  ```\n  "
                + $"{Lines(variant.Formula).Replace("\n", "\n  ", StringComparison.Ordinal)}\n  ```\n");
        }
    }

    private static void Parameters(StringBuilder page, CatalogueParameter[] parameters, XmlDocumentation documentation)
    {
        if (parameters.Length == 0)
            return;
        bool hasMeaning = parameters.Any(parameter => parameter.DocumentationId.Length > 0);
        page.Append(hasMeaning ? "\n| parameter | default | meaning |\n|---|---|---|\n" : "\n| parameter | default |\n|---|---|\n");
        foreach (CatalogueParameter parameter in parameters)
        {
            string choices = string.Join("; ", parameter.Choices.Where(choice => choice.DocumentationId.Length > 0)
                .Select(choice => $"`{choice.Name}`: {documentation.Summary(choice.DocumentationId).TrimEnd('.')}"));
            string meaning = $"{documentation.Summary(parameter.DocumentationId)}{(choices.Length > 0 ? $" {choices}." : "")}";
            page.Append($"| {parameter.Name} | {CatalogueText.Default(parameter)} |{(hasMeaning ? $" {Cell(meaning)} |" : "")}\n");
        }
    }

    /// <summary>A formula with a line for each of its parts.</summary>
    private static string Lines(string formula) => formula.Replace("; ", "\n", StringComparison.Ordinal);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
