namespace Thalweg.Data;

/// <summary>The numbers of one named input or target of a sample; arrays and numbers convert to it.</summary>
public readonly struct SampleValues
{
    private SampleValues(float[]? floats, int[]? integers) => (Floats, Integers) = (floats, integers);

    /// <summary>The numbers; null where they are whole.</summary>
    internal float[]? Floats { get; }

    /// <summary>The whole numbers; null where they are not.</summary>
    internal int[]? Integers { get; }

    /// <summary>Number of numbers.</summary>
    internal int Length => Floats?.Length ?? Integers?.Length ?? 0;

    /// <summary>Several numbers.</summary>
    /// <param name="values">The numbers, row-major.</param>
    public static implicit operator SampleValues(float[] values) => new(values, null);

    /// <summary>Several whole numbers.</summary>
    /// <param name="values">The numbers, row-major.</param>
    public static implicit operator SampleValues(int[] values) => new(null, values);

    /// <summary>One number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator SampleValues(float value) => new([value], null);

    /// <summary>One whole number, such as a label.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator SampleValues(int value) => new(null, [value]);
}

/// <summary>One sample of a stream: inputs and targets by name, as in
/// <c>new Sample { ["features"] = pixels, ["target"] = 3 }</c>.</summary>
public sealed class Sample
{
    private readonly List<(string Name, SampleValues Values)> _values = [];

    /// <summary>An input or a target.</summary>
    /// <param name="name">Its name: <see cref="Dataset.FeatureName"/> and <see cref="LearningTask.TargetName"/> where there is
    /// one of each.</param>
    public SampleValues this[string name]
    {
        set
        {
            _values.RemoveAll(own => own.Name == name);
            _values.Add((name, value));
        }
    }

    /// <summary>By how much the sample counts in the loss, dimensionless, 0 or more; default 1. Only where
    /// <see cref="SampleStream.HasWeights"/>.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>Writes the sample into a batch; a sequence has the length of its numbers.</summary>
    internal void Write(SampleWriter writer, Batch batch)
    {
        foreach ((string name, SampleValues values) in _values)
        {
            TensorSpec spec = batch.Specs[batch.PositionOf(name)];
            if (spec.IsSequence && batch.Inputs.ContainsKey(name) && values.Length > 0)
                writer.Length = Math.Min(values.Length / spec.StepWidth, spec.Shape[0]);
            if (values.Floats is { } floats)
                writer.Write(name, floats);
            else
                writer.Write(name, values.Integers ?? []);
        }
    }

    /// <summary>Steps of its sequences; 0 where there are none.</summary>
    internal int LengthIn(IReadOnlyList<TensorSpec> inputs)
    {
        foreach (TensorSpec spec in inputs)
        {
            if (spec.IsSequence)
                return _values.Find(own => own.Name == spec.Name).Values.Length / spec.StepWidth;
        }

        return 0;
    }
}
