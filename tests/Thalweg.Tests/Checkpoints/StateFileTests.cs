using System.Text;
using Thalweg.Checkpoints;

namespace Thalweg.Tests.Checkpoints;

/// <summary>How the state of a run is written: past the page cache, with a light checksum.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-state").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0), InlineData(1), InlineData(31), InlineData(32), InlineData(33), InlineData(4096), InlineData(100_003)]
    public void The_checksum_is_four_interleaved_ones_by_the_polynomial(int length)
    {
        byte[] bytes = Bytes(length);
        foreach (int piece in (int[])[1, 7, 32, 4096, int.MaxValue])
        {
            using Crc32CStream stream = new();
            for (int i = 0; i < length; i += Math.Min(piece, length - i))
                stream.Write(bytes, i, Math.Min(piece, length - i));
            Convert.ToHexString(stream.Finish()).ShouldBe(Defined(bytes), $"pieces of {piece}");
        }
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(4095), InlineData(DirectFile.Piece - 1), InlineData(DirectFile.Piece),
        InlineData(DirectFile.Piece + 1), InlineData((3 * DirectFile.Piece) + 17)]
    public void Files_have_the_bytes_that_were_added_and_changed(int length)
    {
        byte[] bytes = Bytes(length);
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "what was there");
        AtomicFile.WriteDirect(path, file =>
        {
            file.Append(bytes.AsSpan(0, length / 3));
            file.Append(bytes.AsSpan(length / 3));
            if (length > 0)
                file.Change(length / 5, [77]);
        });
        if (length > 0)
            bytes[Math.Min(length, DirectFile.Piece) > length / 5 ? length / 5 : 0] = 77;
        File.ReadAllBytes(path).ShouldBe(bytes);
        Directory.EnumerateFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_state_is_read_back_and_refused_with_any_byte_changed()
    {
        SafetensorsWriter writer = new();
        writer.Add<float>("a", [3], [1, 2, 3]);
        writer.SetMetadata("text", "of it");
        string path = Path.Combine(_folder, "state");
        writer.WriteBeside(path);
        SafetensorsFile file = SafetensorsFile.Read(path);
        file.HasChecksum.ShouldBeTrue();
        file["a"].AsSpan<float>().ToArray().ShouldBe([1, 2, 3]);
        byte[] bytes = File.ReadAllBytes(path);
        Encoding.UTF8.GetString(bytes).ShouldContain("thalweg.crc32c");

        // Under another name the checksum is a text like any other.
        int key = bytes.AsSpan().IndexOf("thalweg.crc32c"u8), end = key + "thalweg.crc32c".Length;
        for (int i = 0; i < bytes.Length; i += i == key - 1 ? end - i : 1)
        {
            bytes[i] ^= 1;
            File.WriteAllBytes(path, bytes);
            Should.Throw<ThalwegException>(() => SafetensorsFile.Read(path), $"byte {i}");
            bytes[i] ^= 1;
        }
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)((i * 2654435761L) >> 13);
        return bytes;
    }

    /// <summary>By the definition: bit by bit, reflected polynomial 0x82F63B78, from 0.</summary>
    private static string Defined(byte[] bytes)
    {
        uint[] lanes = new uint[4];
        int padded = (bytes.Length + 31) / 32 * 32;
        for (int i = 0; i < padded; i++)
            lanes[i / 8 % 4] = Next(lanes[i / 8 % 4], i < bytes.Length ? bytes[i] : (byte)0);
        for (int lane = 0; lane < 4; lane++)
        {
            for (int i = 0; i < 8; i++)
                lanes[lane] = Next(lanes[lane], (byte)((long)bytes.Length >> (8 * i)));
        }

        return string.Concat(lanes.Select(lane => lane.ToString("X8")));
    }

    private static uint Next(uint crc, byte value)
    {
        crc ^= value;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
        return crc;
    }
}
