using System.Globalization;
using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>What is probably not as it was meant: printed at the start and at the end of a run, and an error where the recipe is
/// strict.</summary>
internal static class RunWarnings
{
    private const string PlainSigns = "-_./:,=+~";
    private const double ManyRows = 0.05, ManyMissing = 0.2;
    private const int FewValues = 20;

    /// <summary>Names that people give to what is to be learned, and hardly to anything else.</summary>
    private static readonly string[] s_targetNames =
        ["target", "label", "labels", "class", "classes", "y", "outcome", "response", "survived", "churn", "churned"];

    /// <summary>What can be said before training.</summary>
    /// <param name="recipe">What was asked for.</param>
    /// <param name="data">What the data hold; null where they were given as they are.</param>
    /// <param name="trainer">The run at its start.</param>
    public static IReadOnlyList<string> AtStart(Recipe recipe, DataDescription? data, Trainer trainer)
    {
        if (data is null)
            return trainer.Warnings;
        int all = data.Rows + data.RowsWithoutTarget;
        List<string> warnings = [];
        if (data.RowsWithoutTarget > ManyRows * all)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{data.RowsWithoutTarget:#,0} of {all:#,0} rows have no value of the "
                + $"target '{data.Target}' and are left out"));
        }

        if (recipe.Data.Target is null && OtherTarget(data) is { } other)
            warnings.Add(other);
        warnings.AddRange(trainer.Warnings);
        return warnings;
    }

    /// <summary>What can be said at the end.</summary>
    /// <param name="validation">Figures on the validation data; null where no epoch was finished.</param>
    /// <param name="trivial">What the trivial answer scores there.</param>
    /// <param name="linear">What a linear model scores there; null where none was fitted.</param>
    /// <param name="reuse">How many models were judged on the test rows; null where they were not read.</param>
    public static IReadOnlyList<string> AtEnd(Evaluation? validation, double trivial, Evaluation? linear, TestReuse? reuse)
    {
        List<string> warnings = [];
        if (validation is not null && validation.Metric <= trivial)
        {
            warnings.Add(validation.Task.HasClasses
                ? "the model is no better than always answering the most frequent class"
                : "the model is no better than always answering the mean");
        }
        else if (validation is not null && linear is not null && validation.Metric < linear.Metric)
        {
            warnings.Add($"a linear model does better on the same rows ({linear.MetricName} {Figure(linear)}); try network.layers linear");
        }

        if (reuse?.Warning is { } reused)
            warnings.Add(reused);
        return warnings;
    }

    /// <summary>Refuses a run with warnings, where that was asked for.</summary>
    /// <exception cref="ThalwegException">There is one, and the recipe is strict.</exception>
    public static void RefuseIfStrict(Recipe recipe, IReadOnlyList<string> warnings)
    {
        if (recipe.Data.Strict && warnings.Count > 0)
            throw new ThalwegException($"data.strict: {warnings[0]}; change that, or leave data.strict out");
    }

    /// <summary>Why another column than the last was probably meant.</summary>
    private static string? OtherTarget(DataDescription data)
    {
        // Arrays have no columns. What the columns hold is known; how many different values is not, and takes time.
        IReadOnlyList<ColumnReport> columns = data.Reading.Columns;
        string[] names = [.. columns.Select(column => column.Name.Trim().ToLowerInvariant())];
        if (columns.Count == 0 || IsTargetName(data.Target, names))
            return null;
        string taken = $"the last column, '{data.Target}', is learned, since no data.target was given";
        if (columns.FirstOrDefault(column => IsTarget(column, names)) is { } other)
            return $"{taken}, and '{other.Name}' looks like the target; if so, add data.target {Quote(other.Name)}";
        int all = data.Rows + data.RowsWithoutTarget;
        if (data.RowsWithoutTarget > ManyMissing * all)
            return $"{taken}, and {data.RowsWithoutTarget} of {all} values are missing there; name the column to learn with data.target";
        int classes = data.Classes.Count;
        return classes > FewValues && 10 * classes > data.Rows
            ? $"{taken}, and its {classes} different texts are rather names than classes; name the column to learn with data.target"
            : null;
    }

    private static bool IsTarget(ColumnReport column, string[] all) =>
        column.Kind is not ("ignored" or "weight" or "group") && IsTargetName(column.Name, all);

    /// <summary>Whether a name is that of a target; y beside x is a coordinate.</summary>
    private static bool IsTargetName(string name, string[] all) =>
        name.Trim().ToLowerInvariant() is var plain && s_targetNames.Contains(plain) && !(plain == "y" && all.Contains("x"));

    private static string Figure(Evaluation evaluation) => evaluation.Task.HasClasses
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * evaluation.Accuracy:0.00} %")
        : string.Create(CultureInfo.InvariantCulture, $"{evaluation.R2:0.0000}");

    /// <summary>A name in quotes where a shell or YAML would want them.</summary>
    private static string Quote(string name) =>
        name.Length > 0 && name.All(letter => char.IsLetterOrDigit(letter) || PlainSigns.Contains(letter, StringComparison.Ordinal))
            ? name
            : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
