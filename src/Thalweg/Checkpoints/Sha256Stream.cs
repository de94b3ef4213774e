using System.Security.Cryptography;

namespace Thalweg.Checkpoints;

/// <summary>SHA-256.</summary>
internal sealed class Sha256Stream : ChecksumStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override byte[] Finish() => _hash.GetHashAndReset();

    protected override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
