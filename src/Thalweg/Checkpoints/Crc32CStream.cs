using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Thalweg.Checkpoints;

/// <summary>Four CRC-32C (Castagnoli) side by side: number i over the words i, i + 4, ... of 8 bytes, little-endian, the last block of 32
/// bytes filled with zeros; then each over the length. 16 bytes, big-endian.</summary>
/// <remarks>Four, because one waits three cycles for its own last word; each finds any change of up to 32 neighboring bits in its
/// words.</remarks>
internal sealed class Crc32CStream : ChecksumStream
{
    /// <summary>Bytes of the checksum.</summary>
    public const int Size = Lanes * sizeof(uint);

    private const int Lanes = 4, Block = Lanes * sizeof(ulong);

    private readonly uint[] _lanes = new uint[Lanes];
    private readonly byte[] _rest = new byte[Block];
    private int _restCount;

    public override byte[] Finish()
    {
        if (_restCount > 0)
        {
            _rest.AsSpan(_restCount).Clear();
            Blocks(_rest);
        }

        byte[] digest = new byte[Size];
        for (int lane = 0; lane < Lanes; lane++)
        {
            uint crc = BitOperations.Crc32C(_lanes[lane], (ulong)Length);
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(lane * sizeof(uint)), crc);
        }

        return digest;
    }

    protected override void Append(ReadOnlySpan<byte> bytes)
    {
        if (_restCount > 0)
        {
            int taken = Math.Min(Block - _restCount, bytes.Length);
            bytes[..taken].CopyTo(_rest.AsSpan(_restCount));
            _restCount += taken;
            bytes = bytes[taken..];
            if (_restCount < Block)
                return;
            Blocks(_rest);
            _restCount = 0;
        }

        int whole = bytes.Length / Block * Block;
        Blocks(bytes[..whole]);
        bytes[whole..].CopyTo(_rest);
        _restCount = bytes.Length - whole;
    }

    private void Blocks(ReadOnlySpan<byte> bytes)
    {
        (uint a, uint b, uint c, uint d) = (_lanes[0], _lanes[1], _lanes[2], _lanes[3]);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (int i = 0; i <= words.Length - Lanes; i += Lanes)
        {
            a = BitOperations.Crc32C(a, Word(words[i]));
            b = BitOperations.Crc32C(b, Word(words[i + 1]));
            c = BitOperations.Crc32C(c, Word(words[i + 2]));
            d = BitOperations.Crc32C(d, Word(words[i + 3]));
        }

        (_lanes[0], _lanes[1], _lanes[2], _lanes[3]) = (a, b, c, d);
    }

    private static ulong Word(ulong word) => BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
}
