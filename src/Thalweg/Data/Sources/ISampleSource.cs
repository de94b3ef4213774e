namespace Thalweg.Data;

/// <summary>Samples that can be read in any order: custom data that need not lie in memory. <see cref="Dataset.From(ISampleSource,
/// LearningTask)"/> makes a data set of it.</summary>
/// <remarks>Samples are read when a batch needs them, one at a time, on the thread that trains. Reading a sample twice gives the same
/// numbers: a run is then repeatable and can be resumed.</remarks>
public interface ISampleSource
{
    /// <summary>Name for messages.</summary>
    string Name => GetType().Name;

    /// <summary>Number of samples, 1 or more; does not change.</summary>
    int Count { get; }

    /// <summary>The inputs of a sample; its targets are those of the task.</summary>
    IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>Reads a sample: writes each input and each target.</summary>
    /// <param name="sample">Which, from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="writer">Takes the numbers; good until the method returns.</param>
    void Read(int sample, SampleWriter writer);
}
