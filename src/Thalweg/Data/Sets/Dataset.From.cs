namespace Thalweg.Data;

/// <content>Data sets from custom arrays and sources.</content>
public sealed partial class Dataset
{
    /// <summary>Makes a data set of classes from arrays in memory, which it keeps.</summary>
    /// <param name="features">Features, row-major: `[rows, width]`, width being the product of <paramref name="featureShape"/>.</param>
    /// <param name="featureShape">Shape of one sample, such as [4] or [1, 28, 28].</param>
    /// <param name="labels">Class of each row: `[rows]`, each in 0 .. number of classes - 1.</param>
    /// <param name="classNames">Name of each class, at least two.</param>
    /// <exception cref="ThalwegException">The lengths do not fit together or a label has no class: fix the arrays.</exception>
    public static Dataset ForClassification(
        float[] features, IReadOnlyList<int> featureShape, int[] labels, IReadOnlyList<string> classNames)
    {
        CheckWidth(features, featureShape, labels.Length);
        if (classNames.Count < 2)
            throw new ThalwegException($"[data] expected at least 2 classes, got {classNames.Count}; one class leaves nothing to learn");
        return From(features, featureShape, labels, LearningTask.Classification([.. classNames]));
    }

    /// <summary>Makes a data set of numbers to predict from arrays in memory, which it keeps.</summary>
    /// <param name="features">Features, row-major: `[rows, width]`, width being the product of <paramref name="featureShape"/>.</param>
    /// <param name="featureShape">Shape of one sample, such as [4].</param>
    /// <param name="targets">Number to learn for each row: `[rows]`, best of mean 0 and standard deviation 1.</param>
    /// <exception cref="ThalwegException">The lengths do not fit together: fix the arrays.</exception>
    public static Dataset ForRegression(float[] features, IReadOnlyList<int> featureShape, float[] targets)
    {
        CheckWidth(features, featureShape, targets.Length);
        return new(ColumnsOf(new FloatFeatures(features, features.Length / targets.Length), featureShape, null, targets),
            AllRows(targets.Length), LearningTask.Regression());
    }

    /// <summary>Makes a data set from arrays in memory, which it keeps.</summary>
    /// <param name="features">Features, row-major: `[rows, width]`, width being the product of <paramref name="featureShape"/>.</param>
    /// <param name="featureShape">Shape of one sample, such as [4] or [1, 28, 28].</param>
    /// <param name="targets">What is to be learned, row-major: `[rows, numbers]`, as the task says: several numbers, or 1 and 0
    /// for several labels.</param>
    /// <param name="task">What is learned, such as <see cref="LearningTask.MultiLabel"/>.</param>
    /// <exception cref="ThalwegException">The lengths do not fit together, or a target is not one of the task: fix the arrays.</exception>
    public static Dataset From(float[] features, IReadOnlyList<int> featureShape, float[] targets, LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        int numbers = task.Targets[0].Width;
        CheckWidth(features, featureShape, targets.Length / numbers);
        return From(
            task, [DataColumn.Of(FeatureName, features, featureShape)],
            [DataColumn.Of(task.Targets[0].Name, targets, task.Targets[0].Shape)]);
    }

    /// <inheritdoc cref="From(float[], IReadOnlyList{int}, float[], LearningTask)"/>
    public static Dataset From(float[] features, IReadOnlyList<int> featureShape, int[] targets, LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        int numbers = task.Targets[0].Width;
        CheckWidth(features, featureShape, targets.Length / numbers);
        return From(
            task, [DataColumn.Of(FeatureName, features, featureShape)],
            [DataColumn.Of(task.Targets[0].Name, targets, task.Targets[0].Shape)]);
    }

    /// <summary>Makes a data set of several inputs or targets by name, or of sequences.</summary>
    /// <param name="task">What is learned.</param>
    /// <param name="inputs">Inputs, one or more, of different names.</param>
    /// <param name="targets">Targets in the order of <see cref="LearningTask.Targets"/>, with their names; none for samples
    /// to predict for.</param>
    /// <exception cref="ThalwegException">Columns do not fit each other or the task: the message says which.</exception>
    public static Dataset From(LearningTask task, IReadOnlyList<DataColumn> inputs, IReadOnlyList<DataColumn> targets)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Count == 0)
            throw new ThalwegException("[data] expected one or more inputs, got none; give a column");
        DataColumn[] all = [.. inputs, .. targets];
        if (all.FirstOrDefault(column => column.Count != all[0].Count) is { } other)
        {
            throw new ThalwegException($"[data] expected {all[0].Count} samples of '{other.Spec.Name}', as of '{all[0].Spec.Name}', got "
                + $"{other.Count}; give as many of each");
        }

        if (all.Select(column => column.Spec.Name).Distinct().Count() < all.Length)
        {
            throw new ThalwegException("[data] expected names that differ for inputs and targets, got "
                + $"{string.Join(", ", all.Select(column => column.Spec.Name))}; rename one");
        }

        CheckLengths(all);
        DataColumn[] bound = targets.Count == 0 ? [] : [.. CheckTargets(task, targets)];
        return new Dataset(new ColumnStore([.. inputs], bound), AllRows(all[0].Count), task);
    }

    /// <summary>Makes a data set of a custom source, whose samples are read when they are needed.</summary>
    /// <param name="source">The source.</param>
    /// <param name="task">What is learned.</param>
    /// <exception cref="ThalwegException">The source has no samples or no inputs.</exception>
    public static Dataset From(ISampleSource source, LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(task);
        return source.Count >= 1 && source.Inputs.Count >= 1
            ? new Dataset(new SourceStore(source), AllRows(source.Count), task)
            : throw new ThalwegException($"[data] expected a source of 1 or more samples and inputs, got {source.Count} and "
                + $"{source.Inputs.Count} of '{source.Name}'; correct the source");
    }

    /// <summary>The rows of a store that a stream fills.</summary>
    internal static Dataset Of(StreamWindow window, LearningTask task) => new(window, AllRows(window.Count), task, window.Weights);

    private static ColumnStore ColumnsOf(FeatureStore store, IReadOnlyList<int> shape, int[]? labels, float[]? targets) => new(
        [DataColumn.Of(FeatureName, store, shape)],
        labels is not null ? [DataColumn.Of(LearningTask.TargetName, labels)]
            : targets is not null ? [DataColumn.Of(LearningTask.TargetName, targets, 1)]
            : []);

    private static IEnumerable<DataColumn> CheckTargets(LearningTask task, IReadOnlyList<DataColumn> targets)
    {
        if (targets.Count != task.Targets.Count)
        {
            throw new ThalwegException($"[data] expected the targets {string.Join(", ", task.Targets)} of the task {task.Name}, got "
                + $"{targets.Count}; give one column for each");
        }

        for (int i = 0; i < targets.Count; i++)
        {
            (TensorSpec wanted, DataColumn column) = (task.Targets[i], targets[i]);
            if (column.Spec.IsInteger != wanted.IsInteger || column.Spec.Width > wanted.Width
                || (column.Spec.Width != wanted.Width && !wanted.IsSequence))
            {
                throw new ThalwegException($"[data] expected {(wanted.IsInteger ? "whole numbers" : "numbers")} of shape "
                    + $"[{string.Join(", ", wanted.Shape)}] for the target '{wanted.Name}', got "
                    + $"{(column.Spec.IsInteger ? "whole numbers" : "numbers")} in '{column.Spec}'; convert them");
            }

            LearningTask own = task.Parts[task.Parts.Count == 1 ? 0 : i].Task;
            if (column.Integers is { } integers)
                own.CheckTargets(wanted.Name, integers);
            else if (column.Floats is { } floats)
                own.CheckTargets(wanted.Name, floats);
            yield return column.As(new TensorSpec(wanted.Name, column.Spec.Shape)
            {
                IsInteger = wanted.IsInteger,
                IsSequence = wanted.IsSequence,
                Padding = wanted.Padding,
            });
        }
    }

    private static void CheckLengths(DataColumn[] columns)
    {
        int[]? first = null;
        foreach (DataColumn column in columns.Where(column => column.Lengths is not null))
        {
            first ??= column.Lengths;
            int wrong = first.AsSpan().CommonPrefixLength(column.Lengths);
            if (wrong < first!.Length)
            {
                throw new ThalwegException($"[data] expected sequences of one length in each sample, got {first[wrong]} and "
                    + $"{column.Lengths![wrong]} steps in sample {wrong} ('{column.Spec.Name}'); give all its sequences one length");
            }
        }
    }

    private static void CheckWidth(float[] features, IReadOnlyList<int> featureShape, int rows)
    {
        long width = 1;
        foreach (int size in featureShape)
            width *= size;
        if (featureShape.Count == 0 || width < 1 || rows < 1 || features.Length != width * rows)
        {
            throw new ThalwegException($"[data] expected {rows} rows of shape [{string.Join(", ", featureShape)}], "
                + $"got {features.Length} features; "
                + "the array must hold rows times the product of the shape");
        }
    }
}
