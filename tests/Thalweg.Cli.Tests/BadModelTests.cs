using System.Buffers.Binary;
using System.Text;

namespace Thalweg.Cli.Tests;

/// <summary>Model files that are damaged, altered or made to harm.</summary>
public sealed class BadModelTests
{
    [Fact]
    public void A_damaged_model_is_refused()
    {
        using Shell shell = new();
        shell.Run("train", "--data", "blobs", "--epochs", "1", "--model", "mlp:8", "--out", "run").Succeeded();
        byte[] model = File.ReadAllBytes(shell.At("run/model.safetensors"));

        File.WriteAllBytes(shell.At("bad.safetensors"), model[..^10]);
        Refuse(shell, "bad.safetensors");

        byte[] altered = [.. model];
        altered[^5] ^= 1;
        File.WriteAllBytes(shell.At("bad.safetensors"), altered);
        Refuse(shell, "bad.safetensors", "checksum");
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1000000],"data_offsets":[0,4000000]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[4],"data_offsets":[8,24]}}""")]
    public void A_header_that_lies_is_refused(string header)
    {
        using Shell shell = new();
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + text.Length + 24];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        File.WriteAllBytes(shell.At("bad.safetensors"), file);
        Refuse(shell, "bad.safetensors");
    }

    [Theory]
    [InlineData(100_000_000, 100_000_100)]
    [InlineData(long.MaxValue, 64)]
    public void A_huge_header_is_refused(long headerLength, long fileLength)
    {
        using Shell shell = new();
        using (FileStream stream = File.Create(shell.At("bad.safetensors")))
        {
            byte[] length = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, headerLength);
            stream.Write(length);
            stream.Write("{\"a\":"u8);
            stream.SetLength(fileLength);
        }

        Refuse(shell, "bad.safetensors");
    }

    private static void Refuse(Shell shell, params string[] parts) =>
        shell.Refuses(["predict", "--model", "bad.safetensors", "--data", "blobs", "--out", "p.csv"], parts);
}
