namespace Thalweg.Data;

/// <summary>One named input or target of all samples, in memory; see <see cref="Dataset.From(LearningTask, IReadOnlyList{DataColumn},
/// IReadOnlyList{DataColumn})"/>.</summary>
public sealed class DataColumn
{
    private DataColumn(TensorSpec spec, FeatureStore? store, float[]? floats, int[]? integers, int[]? lengths = null)
    {
        (Spec, Store, Floats, Integers, Lengths) = (spec, store, floats, integers, lengths);
        Count = store?.Count ?? ((floats?.Length ?? integers!.Length) / Math.Max(1, spec.Width));
    }

    /// <summary>Name, and shape for one sample.</summary>
    public TensorSpec Spec { get; }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Rows of features that may lie in a file; null for the other kinds.</summary>
    internal FeatureStore? Store { get; }

    /// <summary>The numbers of all samples; null where they are whole, or lie in a file.</summary>
    internal float[]? Floats { get; }

    /// <summary>The whole numbers of all samples; null where they are not.</summary>
    internal int[]? Integers { get; }

    /// <summary>Length of each sequence; null where there are none.</summary>
    internal int[]? Lengths { get; }

    /// <summary>Numbers of all samples in an array, which the column keeps.</summary>
    /// <param name="name">Name in batches.</param>
    /// <param name="values">The numbers, row-major: <c>[samples, shape...]</c>.</param>
    /// <param name="shape">Shape for one sample; none for one number.</param>
    /// <exception cref="ThalwegException">The numbers are no whole samples.</exception>
    public static DataColumn Of(string name, float[] values, params IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        TensorSpec spec = new(name, shape);
        CheckWhole(spec, values.Length);
        return new DataColumn(spec, new FloatFeatures(values, spec.Width), values, null);
    }

    /// <summary>Whole numbers of all samples in an array, which the column keeps: labels, symbols.</summary>
    /// <inheritdoc cref="Of(string, float[], IReadOnlyList{int})"/>
    public static DataColumn Of(string name, int[] values, params IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        TensorSpec spec = new(name, shape) { IsInteger = true };
        CheckWhole(spec, values.Length);
        return new DataColumn(spec, null, null, values);
    }

    /// <summary>Sequences of symbols or labels of any lengths, which are padded in batches.</summary>
    /// <param name="name">Name in batches.</param>
    /// <param name="sequences">The sequences, each of 1 or more steps.</param>
    /// <param name="padding">What stands past the end of a shorter one; default 0. Labels take
    /// <see cref="TokenClassificationTask.IgnoredLabel"/>.</param>
    /// <exception cref="ThalwegException">There are none, or one is empty.</exception>
    public static DataColumn OfSequences(string name, IReadOnlyList<int[]> sequences, int padding = 0)
    {
        (int[] lengths, int longest) = LengthsOf(name, sequences, 1);
        int[] values = new int[sequences.Count * longest];
        values.AsSpan().Fill(padding);
        for (int i = 0; i < sequences.Count; i++)
            sequences[i].CopyTo(values, i * longest);
        return new(new TensorSpec(name, longest) { IsInteger = true, IsSequence = true, Padding = padding }, null, null, values, lengths);
    }

    /// <summary>Sequences of vectors of any lengths, which are padded with zeros in batches.</summary>
    /// <param name="name">Name in batches.</param>
    /// <param name="sequences">The sequences, each <c>[steps, width]</c> row-major of 1 or more steps.</param>
    /// <param name="width">Numbers in each step, 1 or more.</param>
    /// <exception cref="ThalwegException">There are none, or one has no whole steps.</exception>
    public static DataColumn OfSequences(string name, IReadOnlyList<float[]> sequences, int width)
    {
        (int[] lengths, int longest) = LengthsOf(name, sequences, width);
        float[] values = new float[sequences.Count * longest * width];
        for (int i = 0; i < sequences.Count; i++)
            sequences[i].CopyTo(values, i * longest * width);
        return new(new TensorSpec(name, longest, width) { IsSequence = true }, null, values, null, lengths);
    }

    /// <summary>Rows that may lie in a file.</summary>
    internal static DataColumn Of(string name, FeatureStore store, IReadOnlyList<int> shape) =>
        new(new TensorSpec(name, shape), store, null, null);

    /// <summary>The same numbers as a target of a task says.</summary>
    internal DataColumn As(TensorSpec spec) => new(spec, Store, Floats, Integers, Lengths);

    private static void CheckWhole(TensorSpec spec, int numbers)
    {
        if (spec.Width < 1 || numbers == 0 || numbers % spec.Width != 0)
        {
            throw new ThalwegException($"[data] expected whole samples of shape [{string.Join(", ", spec.Shape)}] in '{spec.Name}', got "
                + $"{numbers} numbers; the array must hold samples times the product of the shape");
        }
    }

    private static (int[] Lengths, int Longest) LengthsOf<T>(string name, IReadOnlyList<T[]> sequences, int width)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        int wrong = width < 1 ? 0 : sequences.ToList().FindIndex(s => s is null || s.Length == 0 || s.Length % width != 0);
        if (sequences.Count == 0 || wrong >= 0)
        {
            throw new ThalwegException($"[data] expected sequences of 1 or more steps of {width} numbers in '{name}', got "
                + $"{(sequences.Count == 0 ? "none" : $"{sequences[wrong]?.Length ?? 0} numbers in sequence {wrong}")}; "
                + "leave empty ones out");
        }

        int[] lengths = [.. sequences.Select(s => s.Length / width)];
        return (lengths, lengths.Max());
    }
}
