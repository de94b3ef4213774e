using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>The run that instruments are attached to, with its counted work.</summary>
public sealed class InstrumentRun
{
    private readonly Dictionary<int, TrainingProbe> _probes = [];
    private readonly Dictionary<int, int[]> _fixed = [];
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

        // Norms and products with the mean gradient: no more than a forward pass for dense layers; where a parameter acts on several places of a
        // sample its gradient is made for each, from inputs and cotangents that are computed again.
        RecordedOp[] several = [.. pass.Recording.Ops.Where(op => op.Kind == OpKind.Recurrent
            || (op.Kind == OpKind.Affine && (op.Name != "linear" || op.OutputShape.Rank > 2)))];
        double made = several.Where(op => op.Kind == OpKind.Affine).Sum(op => 2.0 * Samples * op.InputShape(1).Length * ElementBytes);
        double places = several.Where(op => op.Kind == OpKind.Recurrent || op.Name == "linear")
            .Sum(op => InstrumentWork.Of(op).MultiplyAdds);
        SingleGradientWork = Forward + new InstrumentWork(places, made, 4 * trainer.Parameters.Segments.Items.Count);
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

    /// <summary>Vectors as long as all parameters, in double.</summary>
    internal VectorPool Vectors => field ??= new VectorPool(checked((int)Trainer.Parameters.Values.Length));

    /// <summary>A vector and its product in the type of the parameters, for one product with a matrix of curvature after another.</summary>
    internal (Tensor Vector, Tensor Product) CurvatureVectors
    {
        get
        {
            if (field.Vector is null)
            {
                Tensor values = Trainer.Parameters.Values;
                field = (Tensor.Zeros(values.Shape, values.DType).Clone(), Tensor.Zeros(values.Shape, values.DType).Clone());
            }

            return field;
        }
    }

    /// <summary>Samples of the training data to which measurements come back, drawn by the seed.</summary>
    /// <param name="count">Samples at most, 1 or more.</param>
    internal ReadOnlyMemory<int> FixedSamples(int count)
    {
        if (!_fixed.TryGetValue(count, out int[]? samples))
        {
            int[] all = [.. Enumerable.Range(0, Trainer.TrainingData.Data.Count)];
            RandomStream stream = new(Trainer.Options.Seed, RandomPurpose.Instruments, ulong.MaxValue);
            stream.Shuffle(all.AsSpan());
            _fixed[count] = samples = [.. all.Take(Math.Min(count, Trainer.BatchSize))];
        }

        return samples;
    }

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
