using System.CommandLine;
using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Cli.Runs;
using Thalweg.Data;
using Thalweg.Diagnostics;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg audit</c>: looks at a network before it trains.</summary>
internal static class AuditCommand
{
    private const string Summary = """
        Looks at the starting weights of a network: do signals and gradients keep their size from layer to layer, can every unit learn?

        Both are predicted by theory and measured on up to 512 training samples, as mean squares of x W + b and of the derivative of
        the loss by it. The options are those of train; nothing is trained or written.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        IReadOnlyList<Setting> settings = TrainOptions.Make();
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON object");
        Command command = new("audit", Summary);
        foreach (Setting setting in settings)
            command.Options.Add(setting.Option);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            TrainSettings given = TrainCommand.Read(parsed, settings, new TrainSettings());
            Loss? loss = RunData.LossOf(given);
            (DataSplit split, Sequential network, IReadOnlyList<string> start) = Prepare(given);
            AuditReport report = InitializationAudit.Run(network, split.Training, loss: loss);
            if (parsed.GetValue(json))
                WriteJson(report, start);
            else
                WriteText(report, start);
            return ExitCode.Success;
        });
        return command;
    }

    private static (DataSplit Split, Sequential Network, IReadOnlyList<string> Start) Prepare(TrainSettings settings)
    {
        _ = NetworkBuilder.Describe(settings);
        DataSplit split = RunData.Open(settings).Split;
        settings = settings.For(split.Training.Data);
        Sequential network = NetworkBuilder.Build(settings, split.Preprocessing);
        return (split, network, NetworkStart.Apply(settings, network, split.Training));
    }

    private static void WriteText(AuditReport report, IReadOnlyList<string> start)
    {
        foreach (string line in start)
            Console.Out.WriteLine(line);
        PlainTable.Write(
        [
            ["weight", "shape", "activation", "gain", "proposed", "signal", "predicted", "gradient", "predicted", "flat"],
            .. report.Layers.Select(layer => (string[])
            [
                layer.Name, layer.Shape.ToString(), layer.Activation, Text(layer.Gain), Text(layer.ProposedGain),
                Text(layer.MeasuredForward),
                Text(layer.PredictedForward), Text(layer.MeasuredBackward), Text(layer.PredictedBackward), layer.Flat.ToString(
                    "P0", CultureInfo.InvariantCulture),
            ]),
        ]);
        PlainTable.Write(
        [
            ("inputs", $"mean square {Text(report.InputSquare)}"),
            ("loss", Text(report.Loss)),
            ("per layer", $"signals x {Text(report.ForwardFactor)}, gradients x {Text(report.BackwardFactor)} (squares)"),
            .. report.Findings.Select(finding => ("finding", finding)),
            ("verdict", Name(report.Verdict)),
        ]);
    }

    private static void WriteJson(AuditReport report, IReadOnlyList<string> start) => JsonOutput.Write(writer =>
    {
        writer.WriteString("verdict", Name(report.Verdict));
        writer.WriteTexts("findings", report.Findings);
        writer.WriteTexts("start", start);
        writer.WriteNumber("inputSquare", report.InputSquare);
        writer.WriteNumber("loss", report.Loss);
        writer.WriteObjects("layers", report.Layers, layer =>
        {
            writer.WriteString("name", layer.Name);
            writer.WriteString("activation", layer.Activation);
            writer.WriteNumber("gain", layer.Gain);
            writer.WriteNumber("proposedGain", layer.ProposedGain);
            writer.WriteNumber("signal", layer.MeasuredForward);
            writer.WriteNumber("predictedSignal", layer.PredictedForward);
            writer.WriteNumber("gradient", layer.MeasuredBackward);
            writer.WriteNumber("values", layer.Values);
            writer.WriteNumber("predictedGradient", layer.PredictedBackward);
            writer.WriteNumber("flat", layer.Flat);
        });
    });

    private static string Name(AuditVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
