using System.Globalization;
using System.Text.RegularExpressions;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>Puts the values of a trial into a recipe.</summary>
/// <remarks>
/// A path is that of a field (<c>training.optimizer.learning_rate</c>), or goes on into the text of one: <c>network.layers[1].units</c> is a
/// setting of the second layer of a list of layers, <c>training.optimizer.name.b2</c> one of the optimizer. <see cref="WidthPath"/> and
/// <see cref="DepthPath"/> are the units of each hidden layer and the number of hidden layers of a network <c>mlp:...</c>.
/// </remarks>
public static partial class RecipePoint
{
    /// <summary>Units of each hidden layer of <c>mlp:...</c>.</summary>
    public const string WidthPath = "network.width";

    /// <summary>Number of hidden layers of <c>mlp:...</c>.</summary>
    public const string DepthPath = "network.depth";

    private const string Layers = "network.layers", Mlp = "mlp:", Search = "[search] ";

    /// <summary>A recipe with the values of a trial.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="point">The values.</param>
    /// <exception cref="ThalwegException">A path is none of this recipe, with the nearest, or a value is none of its field.</exception>
    public static Recipe Apply(Recipe recipe, TrialPoint point)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(point);

        // Fields first: what a layer is must be known before its settings are changed.
        foreach ((string path, TrialValue value) in point.OrderBy(item => Recipe.Paths.Contains(item.Key) ? 0 : IsShape(item.Key) ? 1 : 2))
            recipe = With(recipe, path, value.Text);
        return recipe;
    }

    /// <summary>Refuses a space with a path that a recipe does not have, or an end of a distribution that is no value of its field.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="space">The space.</param>
    /// <exception cref="ThalwegException">A path is none of this recipe, with the nearest, or a value is none of its field.</exception>
    public static void Check(Recipe recipe, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(space);
        foreach (SearchParameter parameter in space)
            Check(recipe, space, parameter);
    }

    private static void Check(Recipe recipe, SearchSpace space, SearchParameter parameter)
    {
        try
        {
            if (Recipe.Paths.Contains(parameter.Path))
            {
                IEnumerable<string> values = parameter.Distribution is ChoiceDistribution choice ? choice.Values
                    : ((double[])[0, 1]).Select(unit => parameter.Distribution.FromUnit(unit).Text);
                foreach (string value in values)
                    With(recipe, parameter.Path, value).Check();
            }
            else if (parameter.When is null && !space.Any(other => other.Path == Layers))
            {
                With(recipe, parameter.Path, parameter.Distribution.FromUnit(0).Text).Check();
            }
            else
            {
                _ = FieldOf(parameter.Path);
            }
        }
        catch (ThalwegException error) when (!error.Message.StartsWith(Search, StringComparison.Ordinal))
        {
            throw new ThalwegException($"{Search}{error.Message}", error);
        }
    }

    /// <summary>The value that a recipe has at a path, as text; null where it is not set there.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="path">The path.</param>
    /// <exception cref="ThalwegException">The path is none of this recipe, with the nearest.</exception>
    public static string? ValueOf(Recipe recipe, string path)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (IsShape(path))
        {
            int[] units = UnitsOf(recipe, path);
            return (path == DepthPath ? units.Length : units[0]).ToString(CultureInfo.InvariantCulture);
        }

        (RecipeField field, string rest) = FieldOf(path);
        if (rest.Length == 0)
            return recipe.GetText(path);
        SettingsNode? node = Read(recipe, field, path);
        foreach (string step in StepsOf(rest, path))
        {
            node = node is null ? null : Index(step) is { } index ? ElementsOf(node, path).ElementAtOrDefault(index)
                : node.Arguments.FirstOrDefault(argument => argument.Name == step)?.Value;
        }

        return node?.ToString();
    }

    private static Recipe With(Recipe recipe, string path, string value)
    {
        if (IsShape(path))
            return Reshaped(recipe, path, value);
        (RecipeField field, string rest) = FieldOf(path);
        if (rest.Length == 0)
            return recipe.With(path, value);
        SettingsNode node = Read(recipe, field, path);
        return recipe.With(field.Path, Changed(node, [.. StepsOf(rest, path)], value, path).ToString());
    }

    private static SettingsNode Read(Recipe recipe, RecipeField field, string path)
    {
        string text = recipe.GetText(field.Path)
            ?? throw new ThalwegException($"{path}: expected a recipe that sets {field.Path}, got one that leaves it to its default; set it");
        try
        {
            return SettingsNode.Read(text);
        }
        catch (ThalwegException error)
        {
            throw new ThalwegException($"{path}: expected settings in {field.Path}, got the short form {text}, which has none; write a network as a "
                + "list of layers", error);
        }
    }

    private static bool IsShape(string path) => path is WidthPath or DepthPath;

    /// <summary>The field whose path a path begins with, and what follows.</summary>
    private static (RecipeField Field, string Inner) FieldOf(string path)
    {
        if (RecipeField.All.FirstOrDefault(field => path == field.Path || (path.StartsWith(field.Path, StringComparison.Ordinal)
            && path[field.Path.Length] is '.' or '[')) is { } found)
        {
            return (found, path[found.Path.Length..]);
        }

        return IsShape(path) ? (RecipeField.Find(Layers), "") : throw new ThalwegException(
            $"[search] expected a path of the recipe, got '{path}'; {NearestName.Advice(path, [.. Recipe.Paths, WidthPath, DepthPath])}");
    }

    private static IEnumerable<string> StepsOf(string rest, string path)
    {
        if (!Form().IsMatch(rest))
            throw new ThalwegException($"[search] expected a path such as network.layers[1].units, got '{path}'; correct it");
        return Step().Matches(rest).Select(match => match.Value.TrimStart('.'));
    }

    private static int? Index(string step) =>
        step[0] == '[' ? int.Parse(step[1..^1], NumberStyles.None, CultureInfo.InvariantCulture) : null;

    private static IReadOnlyList<SettingsNode> ElementsOf(SettingsNode node, string path) => node.Elements
        ?? (node.Arguments is [{ Name: null, Value.Elements: { } inner }] ? inner
            : throw new ThalwegException($"{path}: expected a list to choose from, got {node}; write the network as a list of layers"));

    private static SettingsNode Changed(SettingsNode node, string[] steps, string value, string path)
    {
        if (steps.Length == 0)
            return SettingsNode.Read(value);
        if (Index(steps[0]) is not { } index)
        {
            int known = node.Arguments.ToList().FindIndex(argument => argument.Name == steps[0]);
            SettingsNode old = known >= 0 ? node.Arguments[known].Value : new SettingsNode("");
            SettingsArgument changed = new(steps[0], Changed(old, steps[1..], value, path));
            return known >= 0 ? node with { Arguments = [.. node.Arguments.Select((argument, i) => i == known ? changed : argument)] }
                : Named(node, changed, path);
        }

        IReadOnlyList<SettingsNode> elements = ElementsOf(node, path);
        if (index >= elements.Count)
        {
            throw new ThalwegException($"{path}: expected an element from 0 to {elements.Count - 1}, got {index}; give the setting a "
                + "condition under which there is one");
        }

        SettingsNode list = SettingsNode.List(elements.Select((element, i) => i == index ? Changed(element, steps[1..], value, path) : element));
        return node.Elements is not null ? list : node with { Arguments = [new SettingsArgument(null, list)] };
    }

    /// <summary>A setting that is given by name, where it was not written before or was written by its position.</summary>
    private static SettingsNode Named(SettingsNode node, SettingsArgument argument, string path)
    {
        // By position first: units of dense(64) are its first setting.
        if (Settings.FormOf<Layers.LayerSettings>(node.Name) is { ParameterNames: { } names })
        {
            int position = names.ToList().IndexOf(argument.Name!);
            if (position < 0)
                throw new ThalwegException($"{path}: {node.Name} has no setting {argument.Name}; {NearestName.Advice(argument.Name!, names)}");
            if (position < node.Arguments.Count && node.Arguments[position].Name is null)
                return node with { Arguments = [.. node.Arguments.Select((old, i) => i == position ? argument with { Name = null } : old)] };
        }

        return node with { Arguments = [.. node.Arguments, argument] };
    }

    private static Recipe Reshaped(Recipe recipe, string path, string value)
    {
        int[] units = UnitsOf(recipe, path);
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            throw new ThalwegException($"{path}: expected a whole number of {(path == DepthPath ? 0 : 1)} or more, got '{value}'; correct it");
        int depth = path == DepthPath ? number : units.Length, width = path == WidthPath ? number : units[0];
        string text = depth == 0 ? "linear" : $"{Mlp}{string.Join(',', Enumerable.Repeat(width, depth))}";
        return recipe.With(Layers, text);
    }

    private static int[] UnitsOf(Recipe recipe, string path)
    {
        string layers = recipe.Network.Layers;
        if (layers.StartsWith(Mlp, StringComparison.Ordinal) && layers[Mlp.Length..].Split(',')
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int units) ? units : 0).ToArray()
            is { Length: > 0 } all && all.All(units => units > 0))
        {
            return all;
        }

        throw new ThalwegException($"{path}: expected a network such as mlp:64,64, got {layers}; take settings of its layers instead, as in "
            + "network.layers[0].units");
    }

    [GeneratedRegex(@"^(\.[a-z0-9_]+|\[[0-9]{1,4}\])+$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"\.[a-z0-9_]+|\[[0-9]+\]", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
