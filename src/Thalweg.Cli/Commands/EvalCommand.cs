using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg eval</c>: how well a model does on data with known answers.</summary>
internal static class EvalCommand
{
    private const string Summary = """
        Measures a model on data whose answers are known.

        The preprocessing stored in the model is applied; columns are found by name where both sides have names, else by position.
        To measure on the rows that a run held out, write them to a file first: thalweg data export --part test.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Option<string?> model = ModelOption.Make();
        Option<string?> data = OptionFactory.Text("--data", "NAME|PATH", "Data with the target, in any format that train reads");
        data.Required = true;
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        LayoutOptions layout = new();
        Command command = new("eval", Summary) { model, data };
        layout.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed => Run(parsed.GetValue(model)!, parsed.GetValue(data)!, layout.Read(parsed), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string modelPath, string dataPath, DataOptions options, bool json)
    {
        TrainedModel model = TrainedModel.Load(modelPath);
        using PreparedReader reader = PreparedReader.Open(dataPath, model.Preprocessing, requireTarget: true, options);
        Evaluation evaluation = model.Evaluate(reader.ReadAll());
        if (json)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteString("model", modelPath);
                writer.WriteString("data", dataPath);
                writer.WriteFigures(evaluation);
                writer.WriteNumber("skippedRows", reader.SkippedRows);
                writer.WriteTexts("ignoredColumns", reader.IgnoredColumns);
            });
        }
        else
        {
            PlainTable.Write(Rows(dataPath, reader, evaluation));
        }

        return ExitCode.Success;
    }

    private static IEnumerable<(string Label, string Text)> Rows(string dataPath, PreparedReader reader, Evaluation evaluation)
    {
        yield return ("data", $"{dataPath}: {Figures.Plural(evaluation.Samples, "row")}");
        if (reader.SkippedRows > 0)
            yield return ("note", $"{Figures.Plural(reader.SkippedRows, "row")} without a target left out");
        if (reader.IgnoredColumns.Count > 0)
            yield return ("note", $"columns that the model does not know: {string.Join(", ", reader.IgnoredColumns)}");
        yield return (evaluation.MetricName, Figures.Metric(evaluation));
        yield return ("loss", Figures.Loss(evaluation.Loss));
        if (evaluation.Task == TaskKind.Regression)
            yield return ("error", Figures.Error(evaluation));
    }
}
