using System.Numerics;

namespace Thalweg.Data;

/// <summary>Where the samples of a data set are kept; several data sets may see it through rows of their own.</summary>
internal abstract class SampleStore
{
    /// <summary>Number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>The inputs of a sample.</summary>
    public abstract IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>Whether samples have targets.</summary>
    public abstract bool HasTargets { get; }

    /// <summary>Length of each sequence by row; null where all are full, or known only once they are read.</summary>
    public virtual int[]? Lengths => null;

    /// <summary>Whether samples have lengths of their own.</summary>
    public virtual bool HasLengths => Lengths is not null;

    /// <summary>Whether the rows lie in a file, so that gathering them may wait for the disk.</summary>
    public virtual bool IsMapped => false;

    /// <summary>Refuses a store whose file was changed since it was opened.</summary>
    public virtual void CheckUnchanged()
    {
    }

    /// <summary>The same rows without inputs, where targets can be read without them.</summary>
    public virtual SampleStore TargetsAlone => this;

    /// <summary>Fills a batch.</summary>
    /// <param name="rows">Row of each sample of the data set.</param>
    /// <param name="samples">Samples to take.</param>
    /// <param name="batch">What is filled.</param>
    public abstract void Fill(ReadOnlySpan<int> rows, ReadOnlySpan<int> samples, Batch batch);
}

/// <summary>Samples whose inputs and targets are columns.</summary>
/// <param name="inputs">Inputs, of one length.</param>
/// <param name="targets">Targets; none where samples have none.</param>
internal sealed class ColumnStore(DataColumn[] inputs, DataColumn[] targets) : SampleStore
{
    private readonly TensorSpec[] _inputs = [.. inputs.Select(column => column.Spec)];

    public override int Count => inputs.Length == 0 ? targets[0].Count : inputs[0].Count;

    public override IReadOnlyList<TensorSpec> Inputs => _inputs;

    public override bool HasTargets => targets.Length > 0;

    public override SampleStore TargetsAlone { get; } = inputs.Length == 0 || targets.Length == 0 ? null! : new ColumnStore([], targets);

    public override int[]? Lengths { get; } = inputs.Concat(targets).FirstOrDefault(column => column.Lengths is not null)?.Lengths;

    public override bool IsMapped => Array.Exists(inputs, column => column.Store?.IsMapped ?? false);

    /// <summary>The first input.</summary>
    public DataColumn Features => inputs[0];

    /// <summary>The first target; null where there is none.</summary>
    public DataColumn? Target => targets.Length == 0 ? null : targets[0];

    public override void CheckUnchanged()
    {
        foreach (DataColumn column in inputs)
            column.Store?.CheckUnchanged();
    }

    public override void Fill(ReadOnlySpan<int> rows, ReadOnlySpan<int> samples, Batch batch)
    {
        CheckUnchanged();
        batch.Begin(samples.Length, LongestOf(rows, samples));
        for (int i = 0; Lengths is not null && i < samples.Length; i++)
            batch.SetLength(i, Lengths[rows[samples[i]]]);
        for (int i = 0; i < inputs.Length; i++)
            Fill(inputs[i], i, new Samples(rows, samples), batch);
        for (int i = 0; i < targets.Length; i++)
            Fill(targets[i], inputs.Length + i, new Samples(rows, samples), batch);
        batch.End();
    }

    private int LongestOf(ReadOnlySpan<int> rows, ReadOnlySpan<int> samples)
    {
        int longest = 0;
        for (int i = 0; Lengths is not null && i < samples.Length; i++)
            longest = Math.Max(longest, Lengths[rows[samples[i]]]);
        return longest;
    }

    private static void Fill(DataColumn column, int position, scoped Samples from, Batch batch)
    {
        Tensor tensor = batch[position];
        if (column.Integers is { } integers)
            Copy(column, integers, from, (batch, position));
        else if (column.Spec.IsSequence)
            Copy(column, column.Floats!, from, (batch, position));
        else if (tensor.DType == DType.Float32)
            column.Store!.Gather(from.Rows, from.Chosen, tensor.AsSpan<float>());
        else
            column.Store!.Gather(from.Rows, from.Chosen, tensor.AsSpan<double>());
    }

    private static void Copy<T>(DataColumn column, T[] values, scoped Samples from, (Batch Batch, int Position) to)
        where T : unmanaged, INumber<T>
    {
        int width = column.Spec.Width, time = to.Batch.Time;
        int taken = column.Spec.IsSequence && time > 0 ? Math.Min(width, column.Spec.StepWidth * time) : width;
        for (int i = 0; i < from.Chosen.Length; i++)
            to.Batch.Write<T>(to.Position, i, values.AsSpan(from.Rows[from.Chosen[i]] * width, taken));
    }

    /// <summary>Some samples, and the row of each.</summary>
    private readonly ref struct Samples(ReadOnlySpan<int> rows, ReadOnlySpan<int> chosen)
    {
        public ReadOnlySpan<int> Rows { get; } = rows;

        public ReadOnlySpan<int> Chosen { get; } = chosen;
    }
}

/// <summary>Samples that a source reads one by one.</summary>
/// <param name="source">The source.</param>
internal sealed class SourceStore(ISampleSource source) : SampleStore
{
    public override int Count => source.Count;

    public override IReadOnlyList<TensorSpec> Inputs => source.Inputs;

    public override bool HasTargets => true;

    public override bool HasLengths { get; } = source.Inputs.Any(spec => spec.IsSequence);

    public override void Fill(ReadOnlySpan<int> rows, ReadOnlySpan<int> samples, Batch batch)
    {
        batch.Begin(samples.Length, HasLengths ? source.Inputs.First(spec => spec.IsSequence).Shape[0] : 0);
        for (int i = 0; i < samples.Length; i++)
        {
            batch.Writer.Begin(i);
            try
            {
                source.Read(rows[samples[i]], batch.Writer);
                batch.Writer.End();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                throw Failed(source.Name, rows[samples[i]], error);
            }
        }

        batch.End();
    }

    /// <summary>The error of a source, with the sample at which it came.</summary>
    internal static ThalwegException Failed(string name, long sample, Exception error) => new(
        $"[data] expected sample {sample} of the source '{name}', got {(error is ThalwegException ? error.Message
            : $"{error.GetType().Name}: {error.Message}")}; correct the source, or leave the sample out", error);
}
