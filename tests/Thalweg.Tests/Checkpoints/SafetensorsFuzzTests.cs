using Thalweg.Checkpoints;

namespace Thalweg.Tests.Checkpoints;

/// <summary>A valid file damaged at random: reading it ends in a <see cref="ThalwegException"/> or not at all.</summary>
public sealed class SafetensorsFuzzTests
{
    [Fact]
    public void Every_changed_byte_of_a_saved_file_is_found()
    {
        byte[] valid = Valid();
        int key = valid.AsSpan().IndexOf("thalweg.sha256"u8), keyEnd = key + "thalweg.sha256".Length;
        RandomStream random = new(1, RandomPurpose.User);
        for (int position = 0; position < valid.Length; position++)
        {
            byte[] damaged = (byte[])valid.Clone();
            for (int bit = 0; bit < 8; bit++)
            {
                damaged[position] = (byte)(valid[position] ^ (1 << bit));

                // A checksum under another name is no checksum: the file then passes for one of another program, not of Thalweg.
                if (!IsRefused(damaged) && (position < key || position >= keyEnd || RawFile.Parse(damaged).HasChecksum))
                    Assert.Fail($"bit {bit} of byte {position} was changed and not found");
            }

            damaged[position] = (byte)(valid[position] + 1 + random.NextInt32(255));
            if (position < key || position >= keyEnd)
                RawFile.Refused(damaged);
        }
    }

    [Fact]
    public void Every_truncation_and_every_extension_is_found()
    {
        byte[] valid = Valid();
        for (int length = 0; length < valid.Length; length++)
            RawFile.Refused(valid[..length]);
        RawFile.Refused([.. valid, 0]).ShouldContain("trailing");
    }

    [Fact]
    public void Changed_data_is_called_altered()
    {
        byte[] damaged = Valid();
        damaged[^1] ^= 1;
        RawFile.Refused(damaged).ShouldContain("altered after it was saved");
    }

    [Fact]
    public void Many_changes_at_once_never_crash_the_reader()
    {
        // Without a checksum, so that the damage reaches every branch of the reader; some damage then leaves a valid file.
        string header = """
            {"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}
            """;
        byte[] valid = RawFile.Of(header, 16);
        RandomStream random = new(2, RandomPurpose.User);
        string letters = "{}[]\":,0123456789abFIU_\\ -.eE\0\u007f";
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = (byte[])valid.Clone();
            for (int change = random.NextInt32(4); change >= 0; change--)
            {
                int position = random.NextInt32(8) == 0 ? random.NextInt32(8) : 8 + random.NextInt32(header.Length);
                damaged[position] = random.NextInt32(2) == 0
                    ? (byte)letters[random.NextInt32(letters.Length)]
                    : (byte)random.NextInt32(256);
            }

            refused += IsRefused(damaged) ? 1 : 0;
        }

        refused.ShouldBeInRange(10_000, 19_999);
    }

    [Fact]
    public void Random_documents_never_crash_the_reader()
    {
        string[] pieces =
        [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F32\"",
            "\"U8\"",
            "0", "4", "1e9", "-1", "9223372036854775807", "null", "true", " ",
        ];
        RandomStream random = new(3, RandomPurpose.User);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = "{";
            for (int i = random.NextInt32(24); i >= 0; i--)
                text += pieces[random.NextInt32(pieces.Length)];
            refused += IsRefused(RawFile.Of(text, random.NextInt32(3) * 4)) ? 1 : 0;
        }

        refused.ShouldBeGreaterThan(19_000);
    }

    private static bool IsRefused(byte[] file)
    {
        try
        {
            RawFile.Parse(file);
            return false;
        }
        catch (ThalwegException)
        {
            return true;
        }
    }

    private static byte[] Valid()
    {
        SafetensorsWriter writer = new();
        writer.Add<float>("dense.weight", [3, 2], [1, 2, 3, 4, 5, 6]);
        writer.Add<double>("mean", [2], [0.5, 0.25]);
        writer.Add<byte>("flags", [3], [1, 0, 1]);
        writer.SetMetadata("thalweg", """{"a": 1, "b": "ä"}""");
        return RawFile.Bytes(writer);
    }
}
