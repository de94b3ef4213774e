using System.Text;
using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>Writes a recipe for people: each default with its reason above it, each field that is not set as a comment that says what it
/// reads.</summary>
internal static class CommentedRecipe
{
    private const int Width = 100;

    /// <summary>The text.</summary>
    /// <param name="resolved">The recipe.</param>
    /// <param name="head">Lines of a comment at the top; none where empty.</param>
    public static string Write(ResolvedRecipe resolved, IReadOnlyList<string> head)
    {
        StringBuilder text = new();
        foreach (string line in head)
            Comment(text, "", line);
        text.Append(RecipeReader.VersionName).Append(": ").Append(Recipe.FormatVersion).Append('\n');
        Group(text, resolved, [.. RecipeField.All], 0);
        return text.ToString();
    }

    /// <summary>What is known of the data, in one line.</summary>
    public static string Describe(DataSplit split)
    {
        Dataset data = split.Training.Data;
        string target = data.Task.HasClasses ? $"{data.ClassNames.Count} classes" : "numbers to predict";
        string test = split.Test is { } rows ? $"{rows.Count} for test" : "none for test";
        return $"{data.Count} samples for training, {split.Validation.Data.Count} for validation, {test}; "
            + $"a sample is [{string.Join(", ", data.FeatureShape)}], with {target}";
    }

    /// <summary>Writes fields that share the first names of their paths.</summary>
    private static void Group(StringBuilder text, ResolvedRecipe resolved, RecipeField[] fields, int depth)
    {
        string indent = new(' ', 2 * depth);
        foreach (IGrouping<string, RecipeField> part in fields.GroupBy(field => field.Path.Split('.')[depth]))
        {
            RecipeField[] inner = [.. part];
            if (inner is [{ } field] && field.Path.Split('.').Length == depth + 1)
            {
                Field(text, resolved, field, indent);
                continue;
            }

            bool isSet = inner.Any(item => IsSet(item, resolved.Recipe));
            text.Append(isSet ? $"{indent}{part.Key}:\n" : $"{indent}# {part.Key}:\n");
            Group(text, resolved, inner, depth + 1);
        }
    }

    private static void Field(StringBuilder text, ResolvedRecipe resolved, RecipeField field, string indent)
    {
        string name = field.Path.Split('.')[^1];
        if (!IsSet(field, resolved.Recipe))
        {
            Comment(text, indent, $"{name}: {field.Hint}");
            return;
        }

        if (resolved.Reasons.TryGetValue(field.Path, out string? reason))
            Comment(text, indent, reason);
        foreach (string line in RecipeWriter.Write(field, resolved.Recipe).TrimEnd('\n').Split('\n'))
            text.Append(indent).Append(line).Append('\n');
    }

    private static bool IsSet(RecipeField field, Recipe recipe) => field.Get(recipe) is { } value && !(field.IsSwitch && value is false);

    /// <summary>Writes a comment, in as many lines as it takes.</summary>
    private static void Comment(StringBuilder text, string indent, string comment)
    {
        int room = Width - indent.Length - 2, length = 0;
        foreach (string word in comment.Split(' '))
        {
            if (length == 0 || length + 1 + word.Length > room)
            {
                text.Append(length == 0 ? "" : "\n").Append(indent).Append("# ");
                length = 0;
            }

            text.Append(length == 0 ? "" : " ").Append(word);
            length += word.Length + (length == 0 ? 0 : 1);
        }

        text.Append('\n');
    }
}
