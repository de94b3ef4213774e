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
    private readonly object _gate = new();
    private int _readers;

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

    /// <summary>Number of the copy: it grows with each one that is taken.</summary>
    public long Version { get; private set; }

    /// <summary>Whether the copy of the weights lies in a file, and is read when it is written elsewhere.</summary>
    public bool IsInFile => _file is not null;

    /// <summary>Keeps the copy as it is until <see cref="EndRead"/>: <see cref="Capture"/> waits.</summary>
    public void BeginRead()
    {
        lock (_gate)
            _readers++;
    }

    /// <summary>Ends what <see cref="BeginRead"/> began, on any thread.</summary>
    public void EndRead()
    {
        lock (_gate)
        {
            _readers--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes a copy of what the network holds now.</summary>
    public void Capture()
    {
        WaitForReaders();
        Version++;
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

    /// <summary>The tensors of the copy that lie in memory, by the names that <see cref="Write"/> gives them.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors()
    {
        if (_values is not null)
        {
            yield return (ParametersName, _values);
        }

        foreach ((string name, _, Tensor copy) in _buffers)
        {
            yield return (name, copy);
        }
    }

    /// <summary>Adds the part of the copy that lies in a file; nothing where all lies in memory.</summary>
    /// <param name="writer">Takes the tensor; reads it when it writes.</param>
    /// <param name="nameOf">Name in the file.</param>
    public void WriteFile(SafetensorsWriter writer, Func<string, string> nameOf)
    {
        if (_file is not null)
        {
            writer.Add(nameOf(ParametersName), _parameters.Values.DType.ToStored(), _parameters.Values.Shape.ToArray(), CopyTo);
        }
    }

    /// <summary>Adds the copy to a file: the flat vector as <c>parameters</c>, and each buffer.</summary>
    /// <param name="writer">Takes the tensors; reads them when it writes.</param>
    /// <param name="nameOf">Name in the file.</param>
    public void Write(SafetensorsWriter writer, Func<string, string> nameOf)
    {
        WriteFile(writer, nameOf);
        foreach ((string name, Tensor tensor) in Tensors())
        {
            ModuleState.Add(writer, nameOf(name), tensor);
        }
    }

    /// <summary>Takes the copy from a file that <see cref="Write"/> wrote to.</summary>
    /// <param name="file">The file.</param>
    /// <param name="nameOf">Name in the file.</param>
    /// <param name="source">Name of the file for messages.</param>
    /// <exception cref="ThalwegException">A tensor is missing, or of another shape or type.</exception>
    public void Read(SafetensorsFile file, Func<string, string> nameOf, string source)
    {
        WaitForReaders();
        Version++;
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

    private void WaitForReaders()
    {
        lock (_gate)
        {
            while (_readers > 0)
            {
                Monitor.Wait(_gate);
            }
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
