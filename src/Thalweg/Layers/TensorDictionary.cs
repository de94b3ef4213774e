using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Thalweg.Layers;

/// <summary>Tensors by name, in an order of their own: the inputs or outputs of a module that has several.</summary>
public sealed class TensorDictionary : IReadOnlyDictionary<string, Tensor>
{
    private readonly string[] _names;
    private readonly Tensor[] _tensors;

    /// <summary>Makes a dictionary.</summary>
    /// <param name="tensors">Names and tensors in order; the names differ.</param>
    /// <exception cref="ThalwegException">A name is empty or there twice.</exception>
    public TensorDictionary(params ReadOnlySpan<(string Name, Tensor Tensor)> tensors)
    {
        (_names, _tensors) = (new string[tensors.Length], new Tensor[tensors.Length]);
        for (int i = 0; i < tensors.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(tensors[i].Tensor);
            if (string.IsNullOrEmpty(tensors[i].Name) || _names.AsSpan(0, i).Contains(tensors[i].Name))
            {
                throw new ThalwegException($"[tensors] expected names that differ and are not empty, got '{tensors[i].Name}' at place {i}; "
                    + "give each tensor a name of its own");
            }

            (_names[i], _tensors[i]) = tensors[i];
        }
    }

    /// <summary>Number of tensors.</summary>
    public int Count => _names.Length;

    /// <summary>Length of each sequence of the batch, <c>[batch]</c>, where samples are padded; null where all are full.</summary>
    public int[]? Lengths { get; init; }

    /// <summary>The names in order.</summary>
    public IEnumerable<string> Keys => _names;

    /// <summary>The tensors in order.</summary>
    public IEnumerable<Tensor> Values => _tensors;

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="ThalwegException">There is none of that name: the message lists the names.</exception>
    public Tensor this[string key] => TryGetValue(key, out Tensor? tensor)
        ? tensor
        : throw new ThalwegException($"[tensors] expected one of the names {string.Join(", ", _names)}, got '{key}'; correct the name, or "
            + "add the tensor");

    /// <summary>The tensor at a place.</summary>
    /// <param name="position">Place, from 0.</param>
    public Tensor this[int position] => _tensors[position];

    /// <summary>The only tensor.</summary>
    /// <exception cref="ThalwegException">There are several, or none: the message lists the names.</exception>
    public Tensor Single => Count == 1
        ? _tensors[0]
        : throw new ThalwegException($"[tensors] expected one tensor, got {Count}: {string.Join(", ", _names)}; let the network derive from "
            + $"{nameof(TensorDictionaryModule)}, and the task have as many outputs as the network");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Array.IndexOf(_names, key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value)
    {
        int position = Array.IndexOf(_names, key);
        value = position < 0 ? null : _tensors[position];
        return position >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() =>
        _names.Select((name, i) => KeyValuePair.Create(name, _tensors[i])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Puts another tensor at a place.</summary>
    internal void Set(int position, Tensor tensor) => _tensors[position] = tensor;
}
