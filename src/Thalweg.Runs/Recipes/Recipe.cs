using System.Globalization;

namespace Thalweg.Runs;

/// <summary>Everything that decides what a run computes: data, network, starting weights, training, seed, precision.</summary>
/// <remarks>
/// A field that is null is left to <see cref="Resolve"/>. A recipe prints as YAML and reads back equal, is addressed by path
/// (<c>training.optimizer.learning_rate</c>), and is compared field by field.
/// </remarks>
public sealed record Recipe
{
    /// <summary>Version of the form of recipe files that this library writes; it reads this one and older ones.</summary>
    public const int FormatVersion = 1;

    /// <summary>The data, how they are read, and how they are divided.</summary>
    public DataRecipe Data { get; init; } = new();

    /// <summary>The network.</summary>
    public NetworkRecipe Network { get; init; } = new();

    /// <summary>What is done to the starting weights.</summary>
    public StartRecipe Start { get; init; } = new();

    /// <summary>How the network is trained.</summary>
    public TrainingRecipe Training { get; init; } = new();

    /// <summary>How the run is kept safe.</summary>
    public RunRecipe Run { get; init; } = new();

    /// <summary>Names split, weights, order of the samples and dropout: the same seed gives the same bits; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Element type of the network: <c>float32</c>, the default, or <c>float64</c>.</summary>
    [Field(Words = ["float32", "float64"])]
    public DType Precision { get; init; } = DType.Float32;

    /// <summary>Threads of the kernels, 1 or more; null, the default, for <see cref="Thalweg.Threads.Current"/>. They change the speed
    /// alone.</summary>
    [Field(Least = 1)]
    public int? Threads { get; init; }

    /// <summary>Paths of all fields, in the order of the file.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. RecipeField.All.Select(field => field.Path)];

    /// <summary>Reads a recipe from a YAML file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ThalwegException">The file is missing, damaged or of a newer version, or a field is unknown or out of range: the
    /// message names the line and what to write.</exception>
    public static Recipe Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return RecipeReader.Read(ReadFile(path), path);
    }

    /// <summary>The text of a recipe file.</summary>
    internal static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string reason = error is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : error.Message;
            throw new ThalwegException($"{path}: cannot read the recipe ({reason}); give the path of a recipe file", error);
        }
    }

    /// <summary>Reads a recipe from YAML.</summary>
    /// <param name="yaml">The text, as <see cref="ToYaml"/> writes it; fields that are left out keep their defaults.</param>
    /// <exception cref="ThalwegException">As for <see cref="Load"/>.</exception>
    public static Recipe Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return RecipeReader.Read(yaml, "recipe");
    }

    /// <summary>The recipe as YAML; fields that are null or false are left out.</summary>
    /// <returns>Text that <see cref="Parse"/> reads as an equal recipe.</returns>
    public string ToYaml() => RecipeWriter.Write(this);

    /// <summary>The value of a field, or a group of fields.</summary>
    /// <param name="path">The path, as in <c>training.optimizer.learning_rate</c>.</param>
    /// <returns>The value; null where it is not set.</returns>
    /// <exception cref="ThalwegException">There is no such field: the message gives the nearest.</exception>
    public object? Get(string path) => RecipeField.GroupOf(this, path) ?? RecipeField.Find(path).Get(this);

    /// <summary>The value of a field as a string that <see cref="With"/> reads.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The string; null where the field is not set.</returns>
    /// <exception cref="ThalwegException">There is no such field.</exception>
    public string? GetText(string path)
    {
        RecipeField field = RecipeField.Find(path);
        return field.Format(field.Get(this));
    }

    /// <summary>The same recipe with another value of a field.</summary>
    /// <param name="path">The path, as in <c>training.optimizer.learning_rate</c>.</param>
    /// <param name="value">A value of the field's type, a string that gives one, or null to leave the field to its default.</param>
    /// <exception cref="ThalwegException">There is no such field, or the value is not one of it: the message says what is.</exception>
    public Recipe With(string path, object? value)
    {
        RecipeField field = RecipeField.Find(path);
        return field.With(this, value is string text ? field.Parse(text) : field.Convert(value));
    }

    /// <summary>The fields in which this recipe differs from another.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Path, value here and value there, in the order of the file; empty where the recipes are equal.</returns>
    public IReadOnlyList<RecipeDifference> Diff(Recipe other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return
        [
            .. from field in RecipeField.All
               let old = field.Get(this)
               let now = field.Get(other)
               where !Equals(old, now)
               select new RecipeDifference(field.Path, field.Format(old), field.Format(now)),
        ];
    }

    /// <summary>Refuses values out of range, which <c>with</c> does not look at.</summary>
    /// <exception cref="ThalwegException">A value is out of range: the message names the field.</exception>
    public void Validate()
    {
        foreach (RecipeField field in RecipeField.All)
            field.Validate(field.Get(this));
    }

    /// <summary>Refuses names and texts that are not known, which shows without the data.</summary>
    /// <exception cref="ThalwegException">A value is out of range, or a name is not known: the message gives the nearest.</exception>
    public void Check() => RecipeChecks.BeforeData(this);

    /// <summary>The recipe with the defaults filled in.</summary>
    /// <param name="training">The training samples, on which many defaults depend; see <see cref="OpenData"/>.</param>
    /// <returns>The full recipe, and the reason of each value that was filled in.</returns>
    /// <exception cref="ThalwegException">Two fields contradict each other, or do not fit the data.</exception>
    public ResolvedRecipe Resolve(Data.TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Validate();
        return RecipeDefaults.Resolve(this, training.Data);
    }

    /// <summary>The same recipe with the short form of its network written out as the list of layers that it stands for; the weights are
    /// equal to the bit.</summary>
    /// <param name="training">The training samples, on whose shape, and defaults, the layers depend.</param>
    /// <returns>The recipe; this one where the network is a list already, or was made in code.</returns>
    /// <exception cref="ThalwegException">The network does not fit the samples.</exception>
    public Recipe Expand(Data.TrainingSet training)
    {
        Recipe full = Resolve(training).Recipe;
        if (NetworkRecipe.IsList(this) || NetworkRecipe.IsCustom(this))
            return this;
        string layers = NetworkText.Expand(NetworkBuilder.Describe(full), training.Data.FeatureShape);
        return this with { Network = new NetworkRecipe { Layers = layers } };
    }

    /// <summary>Opens and divides the data.</summary>
    /// <exception cref="ThalwegException">The data are missing or damaged, or do not fit the recipe.</exception>
    public RunData OpenData()
    {
        Validate();
        return RunData.Open(this);
    }

    /// <summary>Makes all that a run needs, without training: data, the full recipe, network, trainer.</summary>
    /// <param name="network">A network in place of that of <see cref="Network"/>; default null.</param>
    /// <exception cref="ThalwegException">The data are missing or damaged, or the recipe does not fit them.</exception>
    public PreparedRecipe Prepare(NetworkFactory? network = null)
    {
        RecipeChecks.BeforeData(this);
        return Prepare(OpenData(), network);
    }

    /// <summary>Makes all that a run needs, with data that are open already.</summary>
    /// <param name="data">The data.</param>
    /// <param name="network">A network in place of that of <see cref="Network"/>; default null.</param>
    /// <exception cref="ThalwegException">The recipe does not fit the data.</exception>
    public PreparedRecipe Prepare(RunData data, NetworkFactory? network = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return PreparedRecipe.Of(Resolve(data.Split.Training), data, new RunOptions { Network = network });
    }
}

/// <summary>A field in which two recipes differ.</summary>
/// <param name="Path">Path of the field.</param>
/// <param name="Old">Value in the first; null where it is not set.</param>
/// <param name="New">Value in the second; null where it is not set.</param>
public sealed record RecipeDifference(string Path, string? Old, string? New)
{
    /// <summary>In one line, as in <c>seed: 1 -> 2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path}: {Old ?? "not set"} -> {New ?? "not set"}");
}
