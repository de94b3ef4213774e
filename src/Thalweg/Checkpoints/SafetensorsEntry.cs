using System.Runtime.InteropServices;

namespace Thalweg.Checkpoints;

/// <summary>One tensor of a safetensors file: name, element type, shape and values.</summary>
public sealed class SafetensorsEntry
{
    private readonly int[] _shape;
    private readonly byte[] _bytes;

    internal SafetensorsEntry(string name, SafetensorsType type, int[] shape, byte[] bytes)
    {
        (Name, Type, _shape, _bytes) = (name, type, shape, bytes);
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The sizes of the dimensions, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Number of elements.</summary>
    public int Count => _bytes.Length / SafetensorsTypes.Size(Type);

    /// <summary>The values as stored: little-endian, row-major.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The values where they lie, without a copy.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>: <see cref="float"/> for F32, <see cref="long"/> for I64,
    /// and so on.</typeparam>
    /// <returns>`[Count]` values, row-major.</returns>
    /// <exception cref="ThalwegException">The tensor has another element type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        if (!SafetensorsTypes.CanReadAs<T>(Type))
        {
            throw new ThalwegException($"[checkpoint] tensor {CheckpointError.Quoted(Name)}: expected elements of type " +
                $"{SafetensorsTypes.Of<T>()}, found {SafetensorsTypes.Name(Type)}; read it as what it is");
        }

        return MemoryMarshal.Cast<byte, T>(_bytes);
    }

    /// <summary>Copies the values.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>.</typeparam>
    /// <param name="destination">`[Count]` values, row-major.</param>
    /// <exception cref="ThalwegException">The tensor has another element type or another number of elements.</exception>
    public void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = AsSpan<T>();
        if (values.Length != destination.Length)
        {
            throw new ThalwegException($"[checkpoint] tensor {CheckpointError.Quoted(Name)}: expected {destination.Length} elements, " +
                $"found {values.Length} of shape {CheckpointError.Shape(_shape)}; the file belongs to another architecture");
        }

        values.CopyTo(destination);
    }
}
