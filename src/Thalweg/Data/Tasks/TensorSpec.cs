namespace Thalweg.Data;

/// <summary>What one named tensor of a batch holds for each sample.</summary>
/// <param name="name">Name, by which a module finds the tensor; not empty.</param>
/// <param name="shape">Shape for one sample, such as <c>[1, 28, 28]</c>; <c>[]</c> for one number. Where <see cref="IsSequence"/>, the
/// first size is the longest length.</param>
public sealed class TensorSpec(string name, params IReadOnlyList<int> shape)
{
    /// <summary>Name in the batch.</summary>
    public string Name => name;

    /// <summary>Shape for one sample.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>Whether the numbers are whole, such as labels and symbols: an Int32 tensor. False (default): of the type
    /// of the network.</summary>
    public bool IsInteger { get; init; }

    /// <summary>Whether the first axis is time, along which samples have lengths of their own; default false.</summary>
    public bool IsSequence { get; init; }

    /// <summary>What stands past the end of a shorter sequence; default 0.</summary>
    public double Padding { get; init; }

    /// <summary>Numbers per sample: the product of the shape.</summary>
    public int Width { get; } = shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Numbers in each time step of a sequence.</summary>
    internal int StepWidth => IsSequence ? Width / shape[0] : Width;

    /// <summary>Name and shape, as in <c>image [1, 28, 28]</c>.</summary>
    public override string ToString() => $"{name} [{string.Join(", ", shape)}]";
}
