using Thalweg.Data;
using Thalweg.Diagnostics;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Samples;

/// <summary>Points in the plane that are made when they are asked for: inside of a ring, or outside.</summary>
internal sealed class Rings(int count) : ISampleSource
{
    public int Count => count;

    public IReadOnlyList<TensorSpec> Inputs { get; } = [new TensorSpec("features", 2)];

    public void Read(int sample, SampleWriter writer)
    {
        double angle = sample * 2.399963, radius = 0.5 + (sample % 2);
        writer.Write("features", [(float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle))]);
        writer.Write("target", [sample % 2]);
    }
}

/// <summary>Squared distance of the probabilities from the label.</summary>
internal sealed record BrierLoss : Loss
{
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        Tensor each = (outputs.Softmax() - targets.OneHot(outputs.Shape[1], outputs.DType)).Square().Sum(1);
        return reduction == Reduction.None ? each : reduction == Reduction.Sum ? each.Sum() : each.Mean();
    }
}

/// <summary>The share of activations above a limit: an instrument of your own.</summary>
internal sealed record LargeShare(double Limit = 1) : Instrument
{
    public override string Definition => "per layer: share of activations above the limit";

    public override string Source => "none";

    public override InstrumentCost Cost => InstrumentCost.Elements;

    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    public override InstrumentWork Work(InstrumentRun run) => new(0, 8.0 * run.LayerElements, 1);

    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach (LayerOutput layer in pass.Layers)
        {
            Tensor limit = Tensor.Scalar(Limit, layer.Values.DType);
            moment.Read("share", layer.Values.IsGreater(limit).To(layer.Values.DType).Mean().Item(), layer.Path);
        }
    }
}

internal static class CustomInstruments
{
    public static void Run(TextWriter output)
    {
        // Neither the module (own-module), nor the rule (own-optimizer), nor the source, nor the instrument is registered.
        Dataset data = Dataset.From(new Rings(400), LearningTask.Classification("inside", "outside"));
        Sequential network = new(new Dense(2, 16), new ScaledSkip(16), new Dense(16, 2));
        InstrumentPanel panel = new(new InstrumentPanelOptions
        {
            Instruments = [.. InstrumentSets.Full.Select(instrument => instrument with { When = new EverySteps(20) }), new LargeShare()],
            Budget = double.PositiveInfinity,
        });
        Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(data), new TrainerOptions
        {
            Epochs = 10,
            Optimizer = [new Signum(), new ScaleByLearningRate(0.003)],
            Loss = new BrierLoss(),
            Observers = [panel],
        });
        trainer.Fit();

        string[] off = [.. panel.Readings.Where(reading => reading.IsOff).Select(reading => reading.Instrument)];
        output.WriteLine($"{panel.Readings.Select(reading => reading.Instrument).Except(off).Count()} instruments read");
        foreach (InstrumentReading reading in panel.Readings.Where(reading => reading.IsOff))
            output.WriteLine($"off: {reading.Instrument}: {reading.Note}");

        output.WriteLine($"share of large activations in layer 1: {Last("large_share", "share", "1").Value:f3}");
        output.WriteLine($"single gradients cover {Last("gradient_noise", "coverage", "").Value:P0}");

        InstrumentReading Last(string instrument, string quantity, string layer) => panel.Readings
            .Last(reading => reading.Instrument == instrument && reading.Quantity == quantity && reading.Layer == layer);
    }
}
