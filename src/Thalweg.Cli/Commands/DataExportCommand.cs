using System.CommandLine;
using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Cli.Options;
using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg data export</c>: rows as they came, all or those of one part, as CSV or IDX.</summary>
internal static class DataExportCommand
{
    private const string Summary = """
        Writes rows to a file, as they came: with --part those that a run with the same data options and seed trains on or holds out.

        CSV by default. Images of bytes whose file name has 'images-idx3' become a pair of IDX files: the labels go to the same name
        with 'labels-idx1'.
        """;

    private static readonly string[] s_dataOptions =
    [
        "--data", "--samples", "--test", "--target", .. ReadingSettings.Names, "--ignore", "--categorical", "--task", "--sample-weight",
        "--seed",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        RecipeOptions options = new([.. TrainOptions.Make().Where(setting => s_dataOptions.Contains(setting.Option.Name))]);
        Option<string?> part = OptionFactory.Choice("--part", ["all", "training", "validation", "test"], "Which rows [default: all]");
        Option<string?> output = OptionFactory.Text("--out", "FILE", "Where they go");
        output.Required = true;
        Command command = new("export", Summary) { part, output };
        options.AddTo(command, asArgument: false);
        command.SetAction(parsed =>
        {
            Recipe recipe = options.Read(parsed);
            DataSource source = DataSource.Open(recipe.Data.Source, RunData.ReadingOf(recipe));
            Write(source, RowsOf(source, recipe, parsed.GetValue(part) ?? "all"), parsed.GetValue(output)!);
            return ExitCode.Success;
        });
        return command;
    }

    private static int[] RowsOf(DataSource source, Recipe recipe, string part)
    {
        if (part == "all")
            return source.AllRows();
        SplitOptions division = recipe.Data.Split.ToOptions(recipe.Seed);
        DataSplit split = source.Split(division);
        if (part != "test")
            return (part == "training" ? split.Training.Data : split.Validation.Data).SourceRows.ToArray();
        if (split.Test is null)
            throw new ThalwegException("--part test: there are no test data with --test none; choose another part, or leave --test out");
        if (source.HasSeparateTest && division.UseSeparateTest)
        {
            throw new ThalwegException(
                $"{source.Name}: its test data is separate from the rest already; give that to eval and predict as it is");
        }

        return split.Test.SourceRows.ToArray();
    }

    private static void Write(DataSource source, int[] rows, string path)
    {
        if (!Path.GetFileName(path).Contains("images-idx3", StringComparison.Ordinal))
        {
            AtomicFile.Write(path, stream =>
            {
                using StreamWriter writer = new(stream, new UTF8Encoding(false), leaveOpen: true);
                source.WriteCsv(writer, rows);
            });
            return;
        }

        string labels = Path.Combine(
            Path.GetDirectoryName(path) ?? "", Path.GetFileName(path).Replace("images-idx3", "labels-idx1", StringComparison.Ordinal));
        AtomicFile.Write(path, images => AtomicFile.Write(labels, stream => source.WriteIdx(images, stream, rows)));
    }
}
