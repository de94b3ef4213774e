using System.Runtime.InteropServices;
using Thalweg.Checkpoints;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.TemporaryFiles;

namespace Thalweg.Training;

/// <summary>A copy of good weights and buffers to come back to; at first those of the start.</summary>
/// <remarks>Weights of more than 64 MiB are kept in a temporary file: a copy in memory would be a fifth stretch beside weights, gradient
/// and two moments.</remarks>
internal sealed class BestWeights
{
    private const string ParametersName = "parameters";
    private const long LargestInMemory = 64L << 20;
    private const int Chunk = 1 << 22;

    private readonly ParameterVector _parameters;
    private readonly (string Name, Tensor Buffer, Tensor Copy)[] _buffers;
    private readonly BatchNorm[] _counters;
    private readonly long[] _counts;
    private readonly Tensor? _values;
    private readonly TemporaryFile? _file;

    /// <summary>Keeps what the network holds now.</summary>
    /// <param name="module">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="largestInMemory">Bytes of weights above which they go to a file.</param>
    public BestWeights(Module module, ParameterVector parameters, long largestInMemory = LargestInMemory)
    {
        _parameters = parameters;
        _buffers = [.. module.NamedBuffers().Select(b => (b.Name, b.Value, b.Value.Clone()))];
        _counters = [.. BatchNorm.AllOf(module).Distinct()];
        _counts = [.. _counters.Select(layer => layer.BatchesTracked)];
        if (Bytes(parameters.Values).Length <= largestInMemory)
        {
            _values = parameters.Values.Clone();
            return;
        }

        _file = TemporaryFile.Create();
        _file.Append(Bytes(parameters.Values));
    }

    /// <summary>Takes a copy of what the network holds now.</summary>
    public void Capture()
    {
        _values?.Assign(_parameters.Values);
        _file?.Rewind();
        _file?.Append(Bytes(_parameters.Values));
        foreach ((_, Tensor buffer, Tensor copy) in _buffers)
        {
            copy.Assign(buffer);
        }

        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] = _counters[i].BatchesTracked;
        }
    }

    /// <summary>Puts the copy back into the network.</summary>
    public void Restore()
    {
        if (_values is not null)
        {
            _parameters.Values.Assign(_values);
        }

        _file?.Read(0, Bytes(_parameters.Values));
        foreach ((_, Tensor buffer, Tensor copy) in _buffers)
        {
            buffer.Assign(copy);
        }

        for (int i = 0; i < _counts.Length; i++)
        {
            _counters[i].BatchesTracked = _counts[i];
        }
    }

    /// <summary>Adds the copy to a file: the flat vector as <c>parameters</c>, and each buffer.</summary>
    /// <param name="writer">Takes the tensors; reads them when it writes.</param>
    /// <param name="nameOf">Name in the file.</param>
    public void Write(SafetensorsWriter writer, Func<string, string> nameOf)
    {
        if (_values is not null)
        {
            ModuleState.Add(writer, nameOf(ParametersName), _values);
        }
        else
        {
            writer.Add(nameOf(ParametersName), _parameters.Values.DType.ToStored(), _parameters.Values.Shape.ToArray(), CopyTo);
        }

        foreach ((string name, _, Tensor copy) in _buffers)
        {
            ModuleState.Add(writer, nameOf(name), copy);
        }
    }

    /// <summary>Takes the copy from a file that <see cref="Write"/> wrote to.</summary>
    /// <param name="file">The file.</param>
    /// <param name="nameOf">Name in the file.</param>
    /// <param name="source">Name of the file for messages.</param>
    /// <exception cref="ThalwegException">A tensor is missing, or of another shape or type.</exception>
    public void Read(SafetensorsFile file, Func<string, string> nameOf, string source)
    {
        if (_file is not null)
        {
            SafetensorsEntry entry = ModuleState.Find(file, nameOf(ParametersName), _parameters.Values, source);
            _file.Rewind();
            _file.Append(entry.Bytes);
        }
        else
        {
            ModuleState.Fill(file, nameOf(ParametersName), _values!, source);
        }

        foreach ((string name, _, Tensor copy) in _buffers)
        {
            ModuleState.Fill(file, nameOf(name), copy, source);
        }
    }

    private static Span<byte> Bytes(Tensor tensor) => tensor.DType == DType.Float32
        ? MemoryMarshal.AsBytes(tensor.AsSpan<float>())
        : MemoryMarshal.AsBytes(tensor.AsSpan<double>());

    private void CopyTo(Stream stream)
    {
        byte[] chunk = new byte[Chunk];
        for (long position = 0; position < _file!.Length; position += Chunk)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(Chunk, _file.Length - position));
            _file.Read(position, part);
            stream.Write(part);
        }
    }
}
