using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Thalweg.Runs;

/// <summary>A line of a section: a path and what is written for it.</summary>
/// <param name="Path">The path, as in <c>training.optimizer.learning_rate</c>; groups within groups are joined by dots.</param>
/// <param name="Text">What is written for it; empty where it is a list.</param>
/// <param name="Items">The elements where it is a list; null where it is none.</param>
/// <param name="Location">File, line and column, for messages; empty for one that was made in code.</param>
public sealed record RecipeSectionEntry(string Path, string Text, IReadOnlyList<string>? Items = null, string Location = "");

/// <summary>Sections of a recipe file that are no part of the recipe, and are read by those who use them: <c>search</c>.</summary>
public static class RecipeSection
{
    /// <summary>The sections that a recipe file may have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["search"];

    /// <summary>Reads a section of a recipe file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The section, one of <see cref="Names"/>.</param>
    /// <returns>Its lines in order; none where the file has no such section.</returns>
    /// <exception cref="ThalwegException">The file is missing or damaged, or the section holds something else than paths with values: the
    /// message names the line.</exception>
    public static IReadOnlyList<RecipeSectionEntry> Load(string path, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Read(Recipe.ReadFile(path), name, path);
    }

    /// <summary>Reads a section of the text of a recipe.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="name">The section, one of <see cref="Names"/>.</param>
    /// <returns>Its lines in order; none where the text has no such section.</returns>
    /// <exception cref="ThalwegException">As for <see cref="Load"/>.</exception>
    public static IReadOnlyList<RecipeSectionEntry> Parse(string yaml, string name)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return Read(yaml, name, "recipe");
    }

    /// <summary>A section as YAML, which <see cref="Parse"/> reads back.</summary>
    /// <param name="name">The section, one of <see cref="Names"/>.</param>
    /// <param name="entries">Its lines.</param>
    public static string Write(string name, IEnumerable<RecipeSectionEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Emitter emitter = RecipeWriter.Begin(text);
        emitter.Emit(new Scalar(name));
        emitter.Emit(new MappingStart());
        foreach (RecipeSectionEntry entry in entries)
        {
            emitter.Emit(RecipeWriter.Quoted(entry.Path));
            if (entry.Items is { } items)
                RecipeWriter.Write(emitter, items, SequenceStyle.Flow);
            else
                emitter.Emit(RecipeWriter.Quoted(entry.Text));
        }

        emitter.Emit(new MappingEnd());
        return RecipeWriter.End(emitter, text);
    }

    private static List<RecipeSectionEntry> Read(string yaml, string name, string location)
    {
        List<RecipeSectionEntry> entries = [];
        if (RecipeReader.LoadYaml(yaml, location).Documents is [{ RootNode: YamlMappingNode root }]
            && root.Children.TryGetValue(new YamlScalarNode(name), out YamlNode? section)
            && section is not YamlScalarNode { Value: null or "" or "~" or "null" })
        {
            Group(entries, section as YamlMappingNode ?? throw Wrong(section, location, $"paths with values in {name}"), "", location);
        }

        return entries;
    }

    private static void Group(List<RecipeSectionEntry> entries, YamlMappingNode group, string prefix, string location)
    {
        foreach ((YamlNode key, YamlNode value) in group.Children)
        {
            string path = prefix + ((key as YamlScalarNode)?.Value ?? throw Wrong(key, location, "a path"));
            switch (value)
            {
                case YamlMappingNode inner:
                    Group(entries, inner, path + ".", location);
                    break;
                case YamlSequenceNode items:
                    entries.Add(new(path, "", [.. items.Select(item =>
                        (item as YamlScalarNode)?.Value ?? throw Wrong(item, location, "a value"))], Line(value, location)));
                    break;
                default:
                    entries.Add(new(path, ((YamlScalarNode)value).Value ?? "", null, Line(value, location)));
                    break;
            }
        }
    }

    private static string Line(YamlNode node, string location) => string.Create(
        CultureInfo.InvariantCulture, $"{location}, line {node.Start.Line}, column {node.Start.Column}");

    private static ThalwegException Wrong(YamlNode node, string location, string expected) =>
        new($"{Line(node, location)}: expected {expected}, got '{node}'; fix the line");
}
