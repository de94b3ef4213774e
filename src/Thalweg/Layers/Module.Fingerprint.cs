using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Thalweg.Layers;

/// <content>What tells the weights of two networks apart.</content>
public abstract partial class Module
{
    /// <summary>Fingerprint of all parameters and buffers, by name, type, shape and value: 32 hexadecimal digits.</summary>
    /// <returns>The same for equal weights, wherever they are; another one after each change.</returns>
    /// <exception cref="ThalwegException">A parameter has no value yet: initialize the network.</exception>
    public string Fingerprint()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Tensor tensor) in NamedParameters().Select(item => (item.Name, item.Parameter.Value)).Concat(NamedBuffers()))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {tensor.DType} {tensor.Shape}\n"));
            hash.AppendData(tensor.DType == DType.Float32
                ? MemoryMarshal.AsBytes(tensor.AsSpan<float>()) : MemoryMarshal.AsBytes(tensor.AsSpan<double>()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
