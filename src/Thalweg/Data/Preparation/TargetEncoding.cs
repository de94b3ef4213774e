using System.Text.Json.Serialization;

namespace Thalweg.Data;

/// <summary>What is learned: the classes, or the unit of the number.</summary>
public sealed record TargetEncoding
{
    /// <summary>Name of the target column; "label" for images.</summary>
    public required string Name { get; init; }

    /// <summary>0-based position of the target column in the training data; -1 where labels are separate from the features.</summary>
    public required int Index { get; init; }

    /// <summary>Names of the classes in the order of the network's outputs; empty for regression.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Text that stands for each class in the data, where it is not the name; empty elsewhere.</summary>
    public IReadOnlyList<string> ClassValues { get; init; } = [];

    /// <summary>Whether the classes are those of a column of numbers, so that 3 is known as 3.0, too; default false.</summary>
    public bool AreNumbers { get; init; }

    /// <summary>Mean of the target over the training rows, in its own unit; 0 for classification.</summary>
    public double Mean { get; init; }

    /// <summary>Standard deviation of the target over the training rows, in its own unit, above 0; 1 for classification.</summary>
    public double Deviation { get; init; } = 1;

    /// <summary>Mean and deviation together.</summary>
    [JsonIgnore]
    public TargetScale Scale => new(Deviation, Mean);

    /// <summary>Turns what the network says into the unit of the target.</summary>
    /// <param name="standardized">A standardized value, dimensionless.</param>
    /// <returns>The value in the unit of the target.</returns>
    public double Invert(double standardized) => (standardized * Deviation) + Mean;

    /// <summary>Turns a value of the target into what the network learns.</summary>
    /// <param name="value">A value in the unit of the target.</param>
    /// <returns>The standardized value, dimensionless.</returns>
    public double Standardize(double value) => (value - Mean) / Deviation;

    /// <summary>Finds classes by their texts: by value, by name, or without a final period as in the UCI Adult test file.</summary>
    /// <param name="byNumber">Whether a text that is none of them counts by its number.</param>
    internal Func<string, int> ClassFinder(bool byNumber)
    {
        CategoryIndex values = new(ClassValues, byNumber), names = new(ClassNames, byNumber);
        return text => Find(text) is >= 0 and int found ? found : text.EndsWith('.') ? Find(text[..^1]) : -1;

        int Find(string text) => values.Find(text) is >= 0 and int value ? value : names.Find(text);
    }
}
