using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Thalweg.Data;

/// <content>What the samples hold, in one number.</content>
public sealed partial class Dataset
{
    private const int HashedAtOnce = 512;

    /// <summary>SHA-256 of inputs, targets and weights of all samples, in order.</summary>
    /// <returns>Hexadecimal digits; null where samples come from a file, a source or a stream, and would have to be read again.</returns>
    public string? ContentHash()
    {
        if (_store is not ColumnStore || IsMapped)
            return null;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] rows = AllRows(Count);
        for (int start = 0; start < Count; start += HashedAtOnce)
        {
            Batch batch = Take(rows.AsSpan(start, Math.Min(HashedAtOnce, Count - start)));
            foreach ((_, Tensor tensor) in batch.Inputs.Concat(batch.Targets))
                hash.AppendData(BytesOf(tensor));
            if (_weights is not null)
                hash.AppendData(MemoryMarshal.AsBytes(batch.Weights!.AsSpan<float>()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ReadOnlySpan<byte> BytesOf(Tensor tensor) => tensor.DType == DType.Float32
        ? MemoryMarshal.AsBytes(tensor.AsSpan<float>())
        : tensor.DType == DType.Float64 ? MemoryMarshal.AsBytes(tensor.AsSpan<double>())
        : MemoryMarshal.AsBytes(tensor.AsSpan<int>());
}
