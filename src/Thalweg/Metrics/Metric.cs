namespace Thalweg.Metrics;

/// <summary>A figure by which outputs are judged: what of each batch is added up, and the number that follows from the sums.</summary>
/// <remarks>
/// All that is remembered between batches is a fixed list of numbers, so that an epoch can be saved in the middle, and that parts computed
/// apart can be merged: in a fixed order, with equal bits each time. A custom metric derives from this record;
/// <see cref="Training.TrainerOptions.Metrics"/> has it computed, <see cref="Training.TrainerOptions.Monitor"/> lets it choose the best
/// epoch, and <see cref="Settings.Register{TRecord}"/> gives it a text form.
/// <code>
/// public sealed record LargestError : Metric
/// {
///     public override bool LessIsBetter =&gt; true;
///
///     public override int LengthFor(int classes) =&gt; 1;
///
///     public override void Add(in MetricBatch batch, Span&lt;double&gt; sums)
///     {
///         for (int i = 0; i &lt; batch.Count; i++)
///             sums[0] = Math.Max(sums[0], Math.Abs(batch.PredictedNumber(i) - batch.Number(i)) * batch.Unit);
///     }
///
///     public override void Merge(ReadOnlySpan&lt;double&gt; part, Span&lt;double&gt; sums) =&gt; sums[0] = Math.Max(sums[0], part[0]);
///
///     public override double Result(ReadOnlySpan&lt;double&gt; sums) =&gt; sums[0];
/// }
/// </code>
/// </remarks>
public abstract record Metric : SettingsRecord
{
    /// <summary>The metric of the task: accuracy for classes, R2 for numbers.</summary>
    public static Metric OfTask { get; } = new TaskMetric();

    /// <summary>The loss that the network is trained with.</summary>
    public static Metric Loss { get; } = new LossMetric();

    /// <summary>Name in reports; default its name in texts.</summary>
    public virtual string Name => Settings.NameOf(GetType());

    /// <summary>Whether smaller values are better; default false.</summary>
    public virtual bool LessIsBetter => false;

    /// <summary>How many numbers are kept between batches, 0 or more.</summary>
    /// <param name="classes">Number of classes; 0 where numbers are to be predicted.</param>
    /// <exception cref="ThalwegException">The metric does not fit the task.</exception>
    public abstract int LengthFor(int classes);

    /// <summary>Adds a batch.</summary>
    /// <param name="batch">Outputs and true targets.</param>
    /// <param name="sums">The numbers so far; at first 0.</param>
    public abstract void Add(in MetricBatch batch, Span<double> sums);

    /// <summary>Merges the numbers of a part that was computed apart into those of the parts before it; by default they are
    /// added.</summary>
    /// <param name="part">Numbers of the part.</param>
    /// <param name="sums">Numbers of the parts before.</param>
    public virtual void Merge(ReadOnlySpan<double> part, Span<double> sums)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += part[i];
    }

    /// <summary>The figure; NaN where it has none, as over no sample.</summary>
    /// <param name="sums">The numbers.</param>
    public abstract double Result(ReadOnlySpan<double> sums);

    /// <summary>The figure of some predictions.</summary>
    /// <param name="predictions">Outputs and true targets.</param>
    /// <returns>The figure; NaN where it has none, as over no sample.</returns>
    /// <exception cref="ThalwegException">The metric does not fit the task.</exception>
    public double Of(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        _ = LengthFor(predictions.Classes);
        return Compute(predictions.Batch);
    }

    /// <summary>The figure of all samples.</summary>
    internal virtual double Compute(in MetricBatch all)
    {
        double[] sums = new double[LengthFor(all.Classes)];
        Add(all, sums);
        return Result(sums);
    }

    /// <summary>Where the figure is a share of independent samples: how many of how many; else null.</summary>
    internal virtual (double Right, double Count)? ShareOf(in MetricBatch all) => null;

    /// <summary>Gives the figure of samples that are drawn from some with replacement; null where there is none.</summary>
    internal virtual Func<int[], double>? Resampler(Predictions predictions)
    {
        double[] sums = new double[LengthFor(predictions.Classes)];
        if (sums.Length > MostKept)
            return rows => Compute(predictions.Take(rows).Batch);

        double[] own = new double[predictions.Count * sums.Length];
        for (int i = 0; i < predictions.Count; i++)
            Add(predictions.Take([i]).Batch, own.AsSpan(i * sums.Length, sums.Length));

        return rows =>
        {
            Array.Clear(sums);
            foreach (int row in rows)
                Merge(own.AsSpan(row * sums.Length, sums.Length), sums);

            return Result(sums);
        };
    }

    /// <summary>Numbers that are kept of each sample for an interval, at most.</summary>
    private const int MostKept = 64;

    /// <summary>The figure of an evaluation, where it is among those that each has; null where it must be computed.</summary>
    internal virtual double? Known(Evaluation evaluation) => null;

    /// <summary>The error for data that the metric cannot judge.</summary>
    /// <param name="expected">What it judges, as in <c>classes</c>.</param>
    /// <param name="found">What there is.</param>
    protected ThalwegException Unfit(string expected, string found) =>
        new($"[{Settings.NameOf(GetType())}] expected {expected} to judge, got {found}; choose another metric");

    /// <summary>Refuses numbers to predict.</summary>
    /// <param name="classes">Number of classes; 0 where numbers are to be predicted.</param>
    /// <returns>The number of classes.</returns>
    /// <exception cref="ThalwegException">There are numbers to predict.</exception>
    protected int RefuseNumbers(int classes) => classes > 0 ? classes : throw Unfit("classes", "numbers to predict");

    /// <summary>Refuses classes.</summary>
    /// <param name="classes">Number of classes; 0 where numbers are to be predicted.</param>
    /// <exception cref="ThalwegException">There are classes.</exception>
    protected void RefuseClasses(int classes)
    {
        if (classes > 0)
            throw Unfit("numbers to predict", $"{classes} classes");
    }
}
