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

    /// <summary>The full recipe as YAML with comments: the reason of each default above it, and what each field reads that is not
    /// set.</summary>
    /// <param name="data">The data of the recipe, which the first line describes; null, the default, for no such line.</param>
    /// <param name="head">First line of the comment at the top, such as how to run it; default none.</param>
    /// <returns>Text that <see cref="Recipe.Parse"/> reads as an equal recipe.</returns>
    public string ToCommentedYaml(Data.DataSplit? data = null, string? head = null) => CommentedRecipe.Write(
        this, [.. head is null ? [] : new[] { head }, .. data is null ? [] : new[] { CommentedRecipe.Describe(data) }]);

    /// <summary>Writes <see cref="ToCommentedYaml"/> to a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replaces">Whether a file that is there is replaced; default false.</param>
    /// <param name="data">As for <see cref="ToCommentedYaml"/>.</param>
    /// <param name="head">As for <see cref="ToCommentedYaml"/>.</param>
    /// <exception cref="ThalwegException">The file is there already, or cannot be written.</exception>
    public void Save(string path, bool replaces = false, Data.DataSplit? data = null, string? head = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path) || (!replaces && File.Exists(path)))
        {
            throw new ThalwegException(
                $"{path}: expected a new file, found {(Directory.Exists(path) ? "a folder" : "one")}; choose another name, or replace it");
        }

        byte[] text = System.Text.Encoding.UTF8.GetBytes(ToCommentedYaml(data, head));
        Checkpoints.AtomicFile.Write(path, stream => stream.Write(text));
    }

    /// <summary>What was given and the defaults that depend on the data: what <c>run.json</c> holds.</summary>
    internal Recipe Recorded { get; init; } = new();
}
