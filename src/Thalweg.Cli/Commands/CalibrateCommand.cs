using System.CommandLine;
using System.Globalization;
using Thalweg.Checkpoints;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Models;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg calibrate</c>: probabilities that are as sure as they are right.</summary>
internal static class CalibrateCommand
{
    private const string Summary = """
        Calibrates the class probabilities of a model by temperature scaling on its validation data, and saves the model with the
        temperature.

        The validation rows are found again as train divided the data; the most probable class of a row stays the same, and test data are
        not read. Run it again to replace the temperature.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Option<string?> model = ModelOption.Make();
        Option<string?> data = OptionFactory.Text("--data", "NAME|PATH", "Where the training data lie now [default: where they were]");
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON object");
        Command command = new("calibrate", Summary) { model, data, json };
        command.SetAction(parsed => Run(parsed.GetValue(model)!, parsed.GetValue(data), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string path, string? location, bool json)
    {
        TrainedModel model = TrainedModel.Load(path);
        DataOrigin origin = model.Origin ?? throw new ThalwegException(
            $"{path}: the model does not say which data it was trained on, and so not which rows are for validation; "
            + "calibrate it from C# with TemperatureScaling.Fit");
        CalibrationResult result = TemperatureScaling.Fit(model, origin.Open(model.Preprocessing, location).Validation);
        result.Apply().Save(ModelFile.PathOf(path));
        if (json)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteFigure("temperature", result.Temperature);
                writer.WriteFigure("lossBefore", result.LossBefore);
                writer.WriteFigure("lossAfter", result.LossAfter);
                writer.WriteFigure("calibrationErrorBefore", result.ErrorBefore);
                writer.WriteFigure("calibrationErrorAfter", result.ErrorAfter);
            });
            return ExitCode.Success;
        }

        PlainTable.Write(
        [
            ("temperature", result.Temperature.ToString("0.000", CultureInfo.InvariantCulture)),
            ("log loss", $"{Text(result.LossBefore)} -> {Text(result.LossAfter)} on the validation data"),
            ("calibration error", $"{Text(result.ErrorBefore)} -> {Text(result.ErrorAfter)}"),
        ]);
        return ExitCode.Success;
    }

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
