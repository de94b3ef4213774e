using System.CommandLine;
using Thalweg.Checkpoints;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg eval</c>: how well a model does on data with known answers.</summary>
internal static class EvalCommand
{
    private const string Test = "test";

    private const string Summary = """
        Measures a model on data whose answers are known.

        The preprocessing stored in the model is applied; columns are found by name where both sides have names, else by position.
        With --part it measures on a part of the data of its training, divided as then: test are the rows that training did not see.
        Every reading of them, and of other data, is written down with the model; from the second model on the same rows there is a
        warning, and the interval is wider.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Option<string?> model = ModelOption.Make();
        Option<string?> data = OptionFactory.Text(
            "--data", "NAME|PATH", "Data with the target, in any format that train reads; with --part, where the training data lie now");
        Option<string?> part = OptionFactory.Choice(
            "--part", ["training", "validation", Test], "Part of the data that the model was trained on, in place of other data");
        Option<string?> index = IndexOption.Make();
        Option<string?> metrics = OptionFactory.Text(
            "--metrics", "LIST",
            "Metrics beside those of the task, separated by commas, as in 'f1(weighted), top_k_accuracy(5)' [default: none]");
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        LayoutOptions layout = new();
        Command command = new("eval", Summary) { model, data, part, metrics };
        layout.AddTo(command);
        command.Options.Add(index);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(model)!;
            DataOptions options = layout.Read(parsed);
            ReportOptions report = new() { Metrics = Settings.ParseAll<Metric>(parsed.GetValue(metrics) ?? "") };
            Func<IRunIndex> runs = () => IndexOption.Open(parsed.GetValue(index), FolderOf(path));
            Measured measured = (parsed.GetValue(part), parsed.GetValue(data)) switch
            {
                ({ } name, var location) => OfPart(path, (name, location), report, runs),
                (null, { } location) => OfData(path, location, options, (report, runs)),
                _ => throw new ThalwegException("eval: expected --data, or --part test for the rows that training did not see; give one"),
            };
            Print(path, measured, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Measured OfData(
        string modelPath, string location, DataOptions options, (ReportOptions Report, Func<IRunIndex> Open) how)
    {
        TrainedModel model = TrainedModel.Load(modelPath);
        using PreparedReader reader = PreparedReader.Open(location, model.Preprocessing, requireTarget: true, options);
        TestSet test = reader.ReadTestSet();
        NotePrinter.WriteErrors(reader.Notes);
        using IRunIndex index = how.Open();
        RunTestLedger ledger = new(FolderOf(modelPath), index);
        TestJudgment judged = TestJudgment.OfSaved(model, test, ledger, "eval --data", how.Report);
        return new Measured(location, judged.Figures)
        {
            Report = judged.Report,
            SkippedRows = reader.SkippedRows,
            IgnoredColumns = reader.IgnoredColumns,
            Notes = reader.Notes,
            Judged = judged,
        };
    }

    private static Measured OfPart(
        string modelPath, (string Name, string? Location) part, ReportOptions how, Func<IRunIndex> open)
    {
        TrainedModel model = TrainedModel.Load(ModelFile.PathOf(modelPath));
        DataOrigin origin = model.Origin ?? throw new ThalwegException(
            $"--part {part.Name}: the model does not say which data it was trained on; give them with --data, without --part");
        if (part.Name == Test && origin.TestCount == 0)
            throw new ThalwegException("--part test: the model was trained without test data; choose another part, or give --data");
        if (part.Name == "validation" && origin.ValidationCount == 0)
        {
            throw new ThalwegException(
                "--part validation: the model was trained without validation data; choose another part, or give --data");
        }

        DataSplit split = origin.Open(model.Preprocessing, part.Location);
        how = how with { Training = split.Training.Data };
        string words = $"{part.Location ?? origin.Place}, {part.Name} part";
        if (part.Name == Test)
        {
            using IRunIndex index = open();
            RunTestLedger ledger = new(FolderOf(modelPath), index);
            TestJudgment judged = TestJudgment.OfSaved(model, split.Test!, ledger, "eval --part test", how);
            return new Measured(words, judged.Figures)
            {
                Report = judged.Report,
                Trivial = judged.TrivialOf(split.Training),
                Judged = judged,
                TestReads = judged.FolderReads,
            };
        }

        Dataset data = part.Name == "training" ? split.Training.Data : split.Validation.Data;
        Evaluation figures = model.Evaluate(data, how, out EvaluationReport? report);
        return new Measured(words, figures) { Report = report, Trivial = Baseline.Of(split.Training.Data, data) };
    }

    private static string FolderOf(string modelPath) => Path.GetDirectoryName(Path.GetFullPath(ModelFile.PathOf(modelPath)))!;

    private static void Print(string modelPath, Measured measured, bool json)
    {
        if (!json)
        {
            PlainTable.Write(Rows(measured));
            return;
        }

        JsonOutput.Write(writer =>
        {
            writer.WriteString("model", modelPath);
            writer.WriteString("data", measured.Data);
            writer.WriteFigures(measured.Figures);
            writer.WriteReport("report", measured.Report);
            writer.WriteNumber("skippedRows", measured.SkippedRows);
            writer.WriteTexts("ignoredColumns", measured.IgnoredColumns);
            writer.WriteNotes(measured.Notes);
            if (measured.Trivial is { } trivial)
                writer.WriteFigure("trivial", trivial);
            if (measured.TestReads > 0)
                writer.WriteNumber("testReads", measured.TestReads);
            if (measured.Judged is { } judged)
                writer.WriteReuse(judged.Reuse, judged.IndexNote);
        });
    }

    private static IEnumerable<(string Label, string Text)> Rows(Measured measured)
    {
        Evaluation figures = measured.Figures;
        yield return ("data", $"{measured.Data}: {Figures.Plural(figures.Samples, "row")}");
        yield return (figures.MetricName, Figures.Metric(figures));
        if (measured.Trivial is { } trivial)
            yield return ("trivial answer", TrainText.Trivial(figures.Task, trivial));
        yield return ("loss", Figures.Loss(figures.Loss));
        foreach ((string, string) line in (IEnumerable<(string, string)>)[.. ReportText.Metrics("metrics", measured.Report),
            .. ReportText.Classes(measured.Report), .. ReportText.Residuals(measured.Report)])
        {
            yield return line;
        }

        if (figures.Task is RegressionTask)
            yield return ("error", Figures.Error(figures));
        if (measured.TestReads > 0)
            yield return ("test data", $"read {TrainText.Times(measured.TestReads)}");
        if (measured.Judged is { } judged)
        {
            foreach ((string, string) row in TestText.Rows(judged.Reuse, judged.IndexNote))
                yield return row;
            if (judged.Reuse.Warning is { } warning)
                yield return ("warning", warning);
        }
    }

    /// <summary>What was measured.</summary>
    /// <param name="Data">The data in words.</param>
    /// <param name="Figures">The figures.</param>
    private sealed record Measured(string Data, Evaluation Figures)
    {
        /// <summary>The figures with what they are to be seen beside; null where there are several outputs.</summary>
        public EvaluationReport? Report { get; init; }

        public int SkippedRows { get; init; }

        public IReadOnlyList<string> IgnoredColumns { get; init; } = [];

        /// <summary>What is to be known of how the data were read.</summary>
        public IReadOnlyList<DataNote> Notes { get; init; } = [];

        /// <summary>What the trivial answer scores on the same rows; null where the training data are not at hand.</summary>
        public double? Trivial { get; init; }

        /// <summary>The reading of test data; null where these are others.</summary>
        public TestJudgment? Judged { get; init; }

        /// <summary>How often the test data have been read; 0 where these are others.</summary>
        public int TestReads { get; init; }
    }
}
