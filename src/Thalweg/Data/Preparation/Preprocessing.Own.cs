using System.Text.Json.Serialization;

namespace Thalweg.Data;

/// <content>Preprocessing of custom data, which come ready for the network.</content>
public sealed partial record Preprocessing
{
    /// <summary>The inputs by name, where there are several, or they are whole numbers or sequences; null for one
    /// array of features.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<InputEncoding>? Inputs { get; init; }

    /// <summary>That of data that come ready for the network, as own arrays and sources do: features go in as they are.</summary>
    /// <param name="data">The data that the network was trained on.</param>
    public static Preprocessing Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        bool isPlain = data.Inputs.Count == 1 && !data.Inputs[0].IsInteger && !data.Inputs[0].IsSequence;
        return new Preprocessing
        {
            Task = data.Task,
            FeatureShape = data.FeatureShape.Count == 0 ? [1] : [.. data.FeatureShape],
            Target = new TargetEncoding
            {
                Name = LearningTask.TargetName,
                Index = -1,
                ClassNames = data.Task.HasClasses ? [.. data.ClassNames] : [],
            },
            Image = new ImageEncoding(1, 0, 1),
            Inputs = isPlain ? null : [.. data.Inputs.Select(spec => new InputEncoding
            {
                Name = spec.Name,
                Shape = [.. spec.Shape],
                IsInteger = spec.IsInteger,
                IsSequence = spec.IsSequence,
                Padding = spec.Padding,
            })],
        };
    }
}

/// <summary>One of the named inputs of a network.</summary>
public sealed record InputEncoding
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Shape for one sample.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Whether its numbers are whole; default false.</summary>
    public bool IsInteger { get; init; }

    /// <summary>Whether its first axis is time; default false.</summary>
    public bool IsSequence { get; init; }

    /// <summary>What stands past the end of a shorter sequence; default 0.</summary>
    public double Padding { get; init; }
}
