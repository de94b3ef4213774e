using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Thalweg.Checkpoints;
using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>Changes safetensors files of Thalweg and gives them a right checksum again, without which nothing behind it would be read.</summary>
internal static class SignedFile
{
    private const int Prefix = sizeof(ulong);

    private static readonly byte[][] s_words = [.. new[]
    {
        "\"dtype\":\"F32\"", "\"F64\"", "\"BOOL\"", "\"shape\":[", "[0]", "[2147483647,2147483647]", "\"data_offsets\":[0,0]", "\"__metadata__\"", "\\\"", "\\\\",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>A changed file: its bytes, the header, or, mostly, the document in the header.</summary>
    public static byte[] Change(Draws draws, byte[] file, byte[] other)
    {
        int end = Prefix + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        string header = Encoding.UTF8.GetString(file, Prefix, end - Prefix);
        switch (draws.Below(8))
        {
            case 0: return ByteMutator.Mutate(draws, file, other, s_words);
            case 1: return Sign(ByteMutator.Mutate(draws, file, other, s_words));
            case 2: return Build(ByteMutator.Mutate(draws, file[Prefix..end], other, s_words), file.AsSpan(end));
            case 3: return Build(Encoding.UTF8.GetBytes(JsonMutator.Mutate(draws, header, header)), file.AsSpan(end));
            default:
                JsonNode root = JsonNode.Parse(header)!;
                JsonNode metadata = root["__metadata__"]!;
                metadata["thalweg"] = JsonMutator.Mutate(draws, (string)metadata["thalweg"]!, Document(other));
                return Build(Encoding.UTF8.GetBytes(root.ToJsonString()), file.AsSpan(end));
        }
    }

    private static string Document(byte[] file)
    {
        int end = Prefix + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        return (string)JsonNode.Parse(file.AsSpan(Prefix, end - Prefix))!["__metadata__"]!["thalweg"]!;
    }

    private static byte[] Build(byte[] header, ReadOnlySpan<byte> data)
    {
        byte[] length = new byte[Prefix];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return Sign([.. length, .. header, .. data]);
    }

    private static byte[] Sign(byte[] file)
    {
        foreach (SafetensorsChecksum checksum in (SafetensorsChecksum[])[SafetensorsChecksum.Sha256, SafetensorsChecksum.Crc32C])
        {
            byte[] mark = Encoding.ASCII.GetBytes($"\"{checksum.MetadataName}\":\"");
            int at = file.AsSpan().IndexOf(mark) + mark.Length;
            if (at < mark.Length || at + checksum.Length > file.Length)
                continue;
            Span<byte> digits = file.AsSpan(at, checksum.Length);
            digits.Fill((byte)'0');
            checksum.Compute([], file, []).CopyTo(digits);
        }

        return file;
    }
}
