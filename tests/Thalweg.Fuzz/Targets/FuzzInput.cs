using System.IO.Compression;

namespace Thalweg.Fuzz.Targets;

/// <summary>Files that are read together.</summary>
/// <param name="Files">Names and contents.</param>
/// <param name="Choice">Random bits that choose how they are read.</param>
internal sealed record FuzzInput(IReadOnlyList<(string Name, byte[] Bytes)> Files, ulong Choice)
{
    /// <summary>Most bytes that are unpacked to measure an input.</summary>
    private const long MostUnpacked = 1L << 32;

    /// <summary>The content of the first file.</summary>
    public byte[] Bytes => Files[0].Bytes;

    /// <summary>Path of the first file.</summary>
    public string PathIn(string folder) => Path.Combine(folder, Files[0].Name);

    /// <summary>Whether one of <paramref name="count"/> equal chances came up, independently for each <paramref name="number"/> from 0 to 7.</summary>
    public bool Chooses(int number, int count) => (Choice >> (8 * number) & 0xFF) % (ulong)count == 0;

    /// <summary>Writes the files as new ones: what was mapped from the last input may still be in use.</summary>
    public void Write(string folder)
    {
        foreach ((string name, byte[] bytes) in Files)
        {
            string path = Path.Combine(folder, name);
            File.Delete(path);
            File.WriteAllBytes(path, bytes);
        }
    }

    /// <summary>Bytes of all files, unpacked.</summary>
    public long UnpackedLength() => Files.Sum(file => Math.Max(file.Bytes.Length, Unpacked(file.Bytes)));

    /// <summary>What the files hold, in a line each.</summary>
    public IEnumerable<string> Describe() => Files.Select(file => $"{file.Name} ({file.Bytes.Length} bytes)");

    private static long Unpacked(byte[] bytes)
    {
        try
        {
            if (bytes is [0x1F, 0x8B, ..])
                return Length(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
            if (bytes is not [(byte)'P', (byte)'K', ..])
                return bytes.Length;
            using ZipArchive archive = new(new MemoryStream(bytes));
            return archive.Entries.Sum(entry => Length(entry.Open()));
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            return 0;
        }
    }

    /// <summary>Bytes that a stream gives before it ends or is damaged.</summary>
    private static long Length(Stream stream)
    {
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        try
        {
            for (int count; length < MostUnpacked && (count = stream.Read(buffer)) > 0;)
                length += count;
        }
        catch (InvalidDataException)
        {
            // What came before the damage counts.
        }

        return length;
    }
}
