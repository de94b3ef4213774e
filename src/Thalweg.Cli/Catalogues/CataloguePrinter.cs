using System.Text.Json;
using Thalweg.Catalogues;
using Thalweg.Cli.Printing;

namespace Thalweg.Cli.Catalogues;

/// <summary>Prints catalogues to the terminal.</summary>
internal static class CataloguePrinter
{
    /// <summary>Prints a family: a line each.</summary>
    public static void List(CatalogueFamily family, bool json)
    {
        if (json)
        {
            XmlDocumentation documentation = XmlDocumentation.Load();
            JsonOutput.Write(writer =>
            {
                writer.WriteObjects(family.Name, family.Groups.SelectMany(group => group.Entries), entry =>
                {
                    Write(writer, entry, documentation);
                });
            });
            return;
        }

        bool isFirst = true;
        foreach ((string title, IReadOnlyList<CatalogueEntry> entries) in family.Groups)
        {
            if (!isFirst)
                Console.Out.WriteLine();
            isFirst = false;
            bool hasCost = entries[0].Cost is not null;
            string[] head = hasCost ? [title, "bytes/parameter", "when to use it"] : [title, "when to use it"];
            PlainTable.Write([head, .. entries.Select(entry => hasCost
                ? new[] { CatalogueText.Signature(entry), CatalogueText.Bytes(entry.Cost!), CatalogueText.Use(entry) }
                : [CatalogueText.Signature(entry), CatalogueText.Use(entry)])]);
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine($"thalweg {family.Name} show NAME prints the formula, defaults, variants, source and cost of one.");
        if (family.Closing.Length > 0)
            Console.Out.WriteLine(family.Closing);
    }

    /// <summary>Prints all there is to know of an entry.</summary>
    /// <param name="family">Its family.</param>
    /// <param name="text">Name, or a text with settings, which are then printed with what they leave out.</param>
    /// <param name="json">Whether to print JSON.</param>
    public static void Show(CatalogueFamily family, string text, bool json)
    {
        CatalogueEntry entry = family.Find(text);
        IReadOnlyList<(string Label, string Text)> more = family.Facts(text);
        XmlDocumentation documentation = XmlDocumentation.Load();
        if (json)
        {
            JsonOutput.Write(writer =>
            {
                Write(writer, entry, documentation);
                foreach ((string label, string fact) in more)
                    writer.WriteString(label, fact);
            });
            return;
        }

        if (documentation.Summary(entry.DocumentationId) is { Length: > 0 } summary)
        {
            Console.Out.WriteLine(summary);
            Console.Out.WriteLine();
        }

        PlainTable.Write([.. Facts(entry, text.Contains('(', StringComparison.Ordinal)), .. more]);
        if (entry.Parameters.Count > 0)
        {
            Console.Out.WriteLine();
            PlainTable.Write([["parameter", "default", "meaning"],
                .. entry.Parameters.SelectMany(parameter => Rows(parameter, documentation))]);
        }

        foreach (CatalogueVariant variant in entry.Variants)
        {
            Console.Out.WriteLine();
            PlainTable.Write([("variant", variant.Text), ("formula", variant.Formula), ("source", variant.Source)]);
        }
    }

    private static IEnumerable<(string Label, string Text)> Facts(CatalogueEntry entry, bool hasSettings)
    {
        yield return ("name", CatalogueText.Signature(entry));
        yield return ("formula", entry.Formula);
        if (entry.Text.StartsWith("chain(", StringComparison.Ordinal))
            yield return ("chain", entry.Text);
        else if (hasSettings)
            yield return ("text", entry.Text);
        yield return ("source", entry.Source);
        yield return ("use", CatalogueText.Use(entry));
        if (entry.Cost is { } cost)
            yield return ("cost", CatalogueText.Cost(cost));
        if (entry.RobbinsMonro.Length > 0)
            yield return ("robbins-monro", entry.RobbinsMonro);
        if (entry.IterationCost.Length > 0)
        {
            yield return ("cost", $"an iteration: {entry.IterationCost}");
            yield return ("memory", $"at most {entry.Memory}");
        }
    }

    private static IEnumerable<string[]> Rows(CatalogueParameter parameter, XmlDocumentation documentation)
    {
        yield return [parameter.Name, CatalogueText.Default(parameter), documentation.Summary(parameter.DocumentationId)];
        foreach (CatalogueChoice choice in parameter.Choices.Where(choice => choice.DocumentationId.Length > 0))
            yield return ["", choice.Name, documentation.Summary(choice.DocumentationId)];
    }

    private static void Write(Utf8JsonWriter writer, UpdateCost cost)
    {
        writer.WriteStartObject("cost");
        writer.WriteNumber("gradients", cost.Gradients);
        writer.WriteNumber("passes", cost.Passes);
        writer.WriteString("matrixWork", cost.MatrixWork);
        writer.WriteNumber("bytesPerParameter", cost.BytesPerParameter);
        writer.WriteTexts("state", cost.Slots);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CatalogueEntry entry, XmlDocumentation documentation)
    {
        writer.WriteString("name", entry.Name);
        writer.WriteString("summary", documentation.Summary(entry.DocumentationId));
        writer.WriteString("text", entry.Text);
        writer.WriteString("formula", entry.Formula);
        writer.WriteString("source", entry.Source);
        writer.WriteString("use", CatalogueText.Use(entry));
        if (entry.RobbinsMonro.Length > 0)
            writer.WriteString("robbinsMonro", entry.RobbinsMonro);
        if (entry.IterationCost.Length > 0)
        {
            writer.WriteString("iterationCost", entry.IterationCost);
            writer.WriteString("memory", entry.Memory);
        }

        if (entry.Cost is { } cost)
            Write(writer, cost);

        writer.WriteObjects("parameters", entry.Parameters, parameter =>
        {
            writer.WriteString("name", parameter.Name);
            writer.WriteString("default", parameter.Default);
            writer.WriteTexts("choices", parameter.Choices.Select(choice => choice.Name));
            writer.WriteString("meaning", documentation.Summary(parameter.DocumentationId));
        });
        writer.WriteObjects("variants", entry.Variants, variant =>
        {
            writer.WriteString("text", variant.Text);
            writer.WriteString("formula", variant.Formula);
            writer.WriteString("source", variant.Source);
        });
    }
}
