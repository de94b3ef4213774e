using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Thalweg.Runs;

/// <summary>Reads recipes from YAML.</summary>
internal sealed class RecipeReader
{
    /// <summary>The member that says the version of the form.</summary>
    public const string VersionName = "recipe_version";

    private readonly string _location;

    private RecipeReader(string location) => _location = location;

    /// <summary>Reads a recipe.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="location">The file, for messages.</param>
    public static Recipe Read(string yaml, string location)
    {
        YamlStream stream = LoadYaml(yaml, location);
        RecipeReader reader = new(location);
        if (stream.Documents.Count == 0)
            return new Recipe();
        YamlNode root = stream.Documents[0].RootNode;
        if (stream.Documents.Count > 1 || root is not YamlMappingNode fields)
        {
            throw reader.Wrong(root, $"one recipe with fields such as 'data: glyphs', got {stream.Documents.Count} documents"
                + $"{(root is YamlMappingNode ? "" : " without fields")}");
        }

        reader.CheckVersion(fields);
        return reader.Group(new Recipe(), fields, "");
    }

    /// <summary>Reads YAML within the limits of recipes.</summary>
    public static YamlStream LoadYaml(string yaml, string location)
    {
        YamlStream stream = [];
        try
        {
            YamlLimits.Check(yaml, location);
            stream.Load(new StringReader(yaml));
            return stream;
        }
        catch (YamlException error)
        {
            throw new ThalwegException(
                $"{location}, line {error.Start.Line}, column {error.Start.Column}: expected YAML, got something else "
                + $"({error.Message}); fix the line", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The parser meets some damage in a state that it does not expect, and does not say where.
            throw new ThalwegException($"{location}: expected YAML, got something else ({error.Message}); fix the file", error);
        }
    }

    private void CheckVersion(YamlMappingNode fields)
    {
        if (!fields.Children.TryGetValue(new YamlScalarNode(VersionName), out YamlNode? node))
            return;
        if (!int.TryParse((node as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version < 1)
            throw Wrong(node, $"{VersionName} of 1 to {Recipe.FormatVersion}, got '{node}'");
        if (version > Recipe.FormatVersion)
        {
            throw new ThalwegException($"{_location}: expected {VersionName} {Recipe.FormatVersion} or older, got {version}; "
                + "update Thalweg to read this recipe");
        }
    }

    /// <summary>The recipe with the fields of one mapping.</summary>
    private Recipe Group(Recipe recipe, YamlMappingNode fields, string prefix)
    {
        foreach ((YamlNode key, YamlNode value) in fields.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (prefix.Length == 0 && (name == VersionName || RecipeSection.Names.Contains(name)))
                continue;
            string path = prefix + name;
            if (RecipeField.All.FirstOrDefault(field => field.Path == path) is { } field)
                recipe = Set(recipe, field, value);
            else if (RecipeField.All.Any(field => field.Path.StartsWith(path + ".", StringComparison.Ordinal)))
                recipe = Inner(recipe, path, value);
            else
                throw Unknown(key, prefix, name);
        }

        return recipe;
    }

    /// <summary>The recipe with a group of fields, or the one field that may stand for them.</summary>
    private Recipe Inner(Recipe recipe, string path, YamlNode value)
    {
        if (value is YamlMappingNode fields)
            return Group(recipe, fields, path + ".");
        if (IsNull(value))
            return recipe;
        return RecipeField.All.FirstOrDefault(field => field.IsShorthand && field.Path[..field.Path.LastIndexOf('.')] == path) is { } field
            ? Set(recipe, field, value)
            : throw Wrong(value, $"fields of {path}, got '{value}'");
    }

    private Recipe Set(Recipe recipe, RecipeField field, YamlNode node)
    {
        if (IsNull(node))
            return recipe;
        try
        {
            return node switch
            {
                YamlScalarNode scalar when field.IsList => field.With(recipe, new ValueList<string>([scalar.Value!])),
                YamlScalarNode scalar => recipe.With(field.Path, scalar.Value),
                YamlSequenceNode items when field.IsList => field.With(recipe, new ValueList<string>(items.Select(Scalar))),
                YamlSequenceNode items when field.IsNetwork => recipe.With(field.Path, NetworkText.OfLayers(items.Select(Layer))),
                _ => throw new ThalwegException($"{field.Path}: expected {field.Expected("")}, got '{node}'"),
            };
        }
        catch (ThalwegException error) when (!error.Message.StartsWith(_location, StringComparison.Ordinal))
        {
            throw new ThalwegException($"{Line(node)}: {error.Message}", error);
        }
    }

    /// <summary>The text of a layer, which may be written as <c>dense: { units: 64 }</c>.</summary>
    private string Layer(YamlNode node)
    {
        if (node is not YamlMappingNode { Children: [(YamlScalarNode name, YamlNode value)] })
            return node is YamlSequenceNode items ? $"[{string.Join(", ", items.Select(Layer))}]" : Scalar(node);
        return value switch
        {
            YamlMappingNode fields =>
                $"{name.Value}({string.Join(", ", fields.Select(field => $"{Scalar(field.Key)}={Layer(field.Value)}"))})",
            _ when IsNull(value) => name.Value!,
            _ => $"{name.Value}({Layer(value)})",
        };
    }

    private string Scalar(YamlNode node) =>
        (node as YamlScalarNode)?.Value ?? throw Wrong(node, $"a string, got '{node}'");

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private string Line(YamlNode node) => string.Create(
        CultureInfo.InvariantCulture, $"{_location}, line {node.Start.Line}, column {node.Start.Column}");

    private ThalwegException Wrong(YamlNode node, string expected) => new($"{Line(node)}: expected {expected}; fix the line");

    private ThalwegException Unknown(YamlNode node, string prefix, string name)
    {
        int depth = prefix.Count(letter => letter == '.');
        string[] here =
        [
            .. RecipeField.All.Where(field => field.Path.StartsWith(prefix, StringComparison.Ordinal))
                .Select(field => field.Path.Split('.')[depth]).Distinct(),
        ];

        // A field that stands in another group is meant more often than one here that happens to be spelled alike.
        string near = RecipeField.All.FirstOrDefault(field => field.Path.EndsWith("." + name, StringComparison.Ordinal)) is { } other
            ? $" (did you mean {other.Path}?)"
            : Names.DidYouMean(name, here) is { Length: > 0 } inGroup ? inGroup
            : RecipeField.All.Select(field => field.Path).FirstOrDefault(path => Names.DidYouMean(name, [path.Split('.')[^1]]).Length > 0)
                is { } far ? $" (did you mean {far}?)" : "";
        string location = prefix.Length == 0 ? "a recipe" : prefix.TrimEnd('.');
        return Wrong(node, $"a field of {location}, one of {string.Join(", ", here)}, got '{name}'{near}");
    }
}
