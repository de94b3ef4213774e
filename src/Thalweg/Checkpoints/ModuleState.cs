using System.Runtime.InteropServices;
using Thalweg.Checkpoints;
using Thalweg.Layers;

namespace Thalweg.Models;

/// <summary>The parameters and buffers of a network to and from a safetensors file.</summary>
public static class ModuleState
{
    /// <summary>Where a file says the order of the axes of its dense and recurrent weights.</summary>
    internal const string LayoutName = "thalweg.weights";

    /// <summary>The order of this library.</summary>
    internal const string LayoutText = "[in, out]";

    /// <summary>Adds all parameters and buffers, and says the order of the axes of weights.</summary>
    /// <param name="writer">Takes the tensors.</param>
    /// <param name="module">The network.</param>
    /// <param name="nameOf">Name in the file, from the full name in the network.</param>
    public static void Write(SafetensorsWriter writer, Module module, Func<string, string> nameOf)
    {
        writer.SetMetadata(LayoutName, LayoutText);
        foreach ((string name, Tensor tensor) in Tensors(module))
            Add(writer, nameOf(name), tensor);
    }

    /// <summary>Adds one tensor; its values are read when the file is written, so it must not change before.</summary>
    /// <param name="writer">Takes the tensor.</param>
    /// <param name="name">Name in the file.</param>
    /// <param name="tensor">The tensor; contiguous.</param>
    public static void Add(SafetensorsWriter writer, string name, Tensor tensor)
    {
        ReadOnlySpan<byte> Bytes() => tensor.DType == DType.Float32
            ? MemoryMarshal.AsBytes(tensor.AsSpan<float>())
            : MemoryMarshal.AsBytes(tensor.AsSpan<double>());
        writer.Add(name, tensor.DType.ToStored(), tensor.Shape.ToArray(), stream => stream.Write(Bytes()));
    }

    /// <summary>Fills a network from a file that holds exactly its parameters and buffers.</summary>
    /// <param name="file">The file.</param>
    /// <param name="module">The network; initialized here with the file's element type.</param>
    /// <param name="source">Name of the file for messages.</param>
    /// <exception cref="ThalwegException">A tensor is missing, left over, or of another shape or type; the message names it.</exception>
    public static void Read(SafetensorsFile file, Module module, string source)
    {
        DType dtype = module.NamedParameters()
            .Any(p => file.TryGet(p.Name, out SafetensorsEntry? entry) && entry.Type == SafetensorsType.F64)
            ? DType.Float64
            : DType.Float32;
        module.Initialize(0, dtype);
        HashSet<string> known = [];
        foreach ((string name, Tensor tensor) in Tensors(module))
        {
            known.Add(name);
            Fill(file, name, tensor, source);
        }

        if (file.Entries.FirstOrDefault(e => !known.Contains(e.Name)) is { } extra)
        {
            throw new ThalwegException($"{source}: expected only the {known.Count} tensors of the architecture, found '{extra.Name}' " +
                "too; the model file is damaged or was altered");
        }
    }

    /// <summary>Fills one tensor.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Name in the file.</param>
    /// <param name="tensor">What to fill.</param>
    /// <param name="source">Name of the file for messages.</param>
    /// <exception cref="ThalwegException">The tensor is missing, or of another shape or type.</exception>
    public static void Fill(SafetensorsFile file, string name, Tensor tensor, string source)
    {
        SafetensorsEntry entry = Find(file, name, tensor, source);
        if (tensor.DType == DType.Float32)
            entry.CopyTo(tensor.AsSpan<float>());
        else
            entry.CopyTo(tensor.AsSpan<double>());
    }

    /// <summary>The entry of a tensor, of its shape and type.</summary>
    internal static SafetensorsEntry Find(SafetensorsFile file, string name, Tensor tensor, string source)
    {
        if (!file.TryGet(name, out SafetensorsEntry? entry))
        {
            throw new ThalwegException(
                $"{source}: expected a tensor '{name}' of shape {tensor.Shape}, found none; the model file is damaged or was altered");
        }

        return entry.Shape.SequenceEqual(tensor.Shape.ToArray()) && entry.Type == tensor.DType.ToStored()
            ? entry
            : throw new ThalwegException($"{source}: expected '{name}' as {tensor.DType} {tensor.Shape}, found {entry.Type} " +
                $"[{string.Join(", ", entry.Shape.ToArray())}]; "
                + "the model file is damaged or was altered");
    }

    /// <summary>The type of the elements in a file.</summary>
    internal static SafetensorsType ToStored(this DType dtype) => dtype == DType.Float32 ? SafetensorsType.F32 : SafetensorsType.F64;

    /// <summary>All parameters and buffers with their full names.</summary>
    /// <param name="module">The network.</param>
    public static IEnumerable<(string Name, Tensor Tensor)> Tensors(Module module) =>
        module.NamedParameters().Select(p => (p.Name, p.Parameter.Value)).Concat(module.NamedBuffers());
}
