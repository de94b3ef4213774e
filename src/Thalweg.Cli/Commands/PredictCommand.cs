using System.CommandLine;
using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Models;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg predict</c>: what a model says about new data, as CSV.</summary>
internal static class PredictCommand
{
    private const string Summary = """
        Predicts for new data and writes CSV, a row per row of the data, in the same order.

        The first column has the name of the target: for classes the most probable class, beside it p(CLASS), the probability of each;
        for numbers the number, in the unit of the target.
        Rows are read, predicted and written in blocks: memory does not grow with the data. A file is written whole or not at all.
        """;

    private const int BufferSize = 1 << 16;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Option<string?> model = ModelOption.Make();
        Option<string?> data = OptionFactory.Text("--data", "NAME|PATH", "Data in any format that train reads; a target is not needed");
        data.Required = true;
        Option<string?> output = OptionFactory.Text("--out", "FILE", "Where the CSV goes [default: standard output]");
        LayoutOptions layout = new();
        Command command = new("predict", Summary) { model, data, output };
        layout.AddTo(command);
        command.SetAction(parsed => Run(parsed.GetValue(model)!, parsed.GetValue(data)!, layout.Read(parsed), parsed.GetValue(output)));
        return command;
    }

    private static int Run(string modelPath, string dataPath, DataOptions options, string? outputPath)
    {
        TrainedModel model = TrainedModel.Load(modelPath);
        using PreparedReader reader = PreparedReader.Open(dataPath, model.Preprocessing, requireTarget: false, options);
        if (outputPath is not null)
        {
            AtomicFile.Write(outputPath, stream => Write(stream, model, reader));
        }
        else
        {
            using Stream output = StandardOutput.Open();
            Write(output, model, reader);
        }

        NotePrinter.WriteErrors(reader.Notes);
        return ExitCode.Success;
    }

    private static void Write(Stream stream, TrainedModel model, PreparedReader reader)
    {
        // The first block before the header, so that data that does not fit writes nothing.
        PreparedBlock? block = reader.Read();
        StreamWriter writer = new(stream, new UTF8Encoding(false), BufferSize, leaveOpen: true) { NewLine = "\n" };
        PredictionWriter predictions = new(writer, model.Preprocessing);
        predictions.WriteHeader();
        Predictor predictor = new(model, PreparedReader.BlockRows);
        double[] results = new double[PreparedReader.BlockRows * predictor.Width];
        for (; block is not null; block = reader.Read())
        {
            predictor.Predict(block.Features, block.Count, results);
            predictions.Write(results.AsSpan(0, block.Count * predictor.Width));
        }

        // Flushed here and not in a using: after a closed pipe there is nobody to flush to.
        writer.Flush();
    }
}
