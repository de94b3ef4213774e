using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>The run that instruments are attached to, with its counted work.</summary>
public sealed class InstrumentRun
{
    private readonly Dictionary<int, TrainingProbe> _probes = [];
    private (long Step, UpdateSums Sums)? _sums;

    internal InstrumentRun(Trainer trainer, NetworkPass pass)
    {
        (Trainer, Samples) = (trainer, pass.Samples);
        Parameters = trainer.Parameters.Segments.Items.Sum(segment => (long)segment.Size);
        Forward = InstrumentWork.Of(pass.Recording.Ops);
        int updates = trainer.Options.Minimizer is null ? trainer.Optimizer.State.Slots.Count + 3 : 8;

        // The backward pass makes a product for the input and one for the weight of each of the forward pass.
        Step = (3 * Forward) + new InstrumentWork(0, (double)Parameters * pass.ElementBytes * updates, 1);
        int size = trainer.Options.MicroBatchSize ?? trainer.BatchSize;
        Step = Math.Max(1, (trainer.BatchSize + size - 1) / Math.Max(1, size)) * Step;
        HasRecurrence = pass.Recording.Ops.Any(op => op.Kind == OpKind.Recurrent);
        HasBatchNorm = pass.Recording.Ops.Any(op => op is { Kind: OpKind.Normalization, Name: "batch norm" });
        LayerElements = pass.Layers.Sum(layer => (long)layer.Rows * layer.Units);
        LayerUnits = [.. pass.Layers.Select(layer => (layer.Rows, layer.Units))];
        ElementBytes = pass.ElementBytes;

        // Products with the mean gradient, and norms: no more than a forward pass for dense layers; of convolutions the single gradients.
        double windows = pass.Recording.Ops.Where(op => op.Kind == OpKind.Affine && op.Name != "linear")
            .Sum(op => 2.0 * Samples * op.InputShape(1).Length * ElementBytes);
        SingleGradientWork = Forward + new InstrumentWork(0, windows, 4 * trainer.Parameters.Segments.Items.Count);
    }

    /// <summary>Work of norms and products of the gradients of single samples.</summary>
    public InstrumentWork SingleGradientWork { get; }

    /// <summary>The run.</summary>
    public Trainer Trainer { get; }

    /// <summary>Samples of a micro-batch of the step on which work was counted.</summary>
    public int Samples { get; }

    /// <summary>Number of parameters.</summary>
    public long Parameters { get; }

    /// <summary>Bytes of one parameter.</summary>
    public int ElementBytes { get; }

    /// <summary>Elements of the outputs of all layers.</summary>
    public long LayerElements { get; }

    /// <summary>Rows and units of the output of each layer.</summary>
    public IReadOnlyList<(int Rows, int Units)> LayerUnits { get; }

    /// <summary>Work of a forward pass.</summary>
    public InstrumentWork Forward { get; }

    /// <summary>Work of a step: forward and backward pass and update.</summary>
    public InstrumentWork Step { get; }

    /// <summary>Work of a product with the Hessian: forward pass, backward pass, and the backward pass of both.</summary>
    public InstrumentWork HessianProduct => 9 * Forward;

    /// <summary>Whether the network has recurrent layers.</summary>
    public bool HasRecurrence { get; }

    /// <summary>Whether the network normalizes over the batch.</summary>
    public bool HasBatchNorm { get; }

    /// <summary>Sums over the update of a step.</summary>
    internal UpdateSums SumsOf(long step, Tensor before)
    {
        if (_sums is not { } known || known.Step != step)
            _sums = known = (step, UpdateSums.Of(Trainer.Parameters, before));

        return known.Sums;
    }

    /// <summary>An objective to look at samples of choice, shared by all instruments that need the same room.</summary>
    /// <param name="samples">Room for so many samples, 1 or more.</param>
    public TrainingProbe Probe(int samples)
    {
        if (!_probes.TryGetValue(samples, out TrainingProbe? probe))
            _probes[samples] = probe = Trainer.NewProbe(samples);

        return probe;
    }
}
