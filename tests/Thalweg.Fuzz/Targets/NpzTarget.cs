using System.IO.Compression;
using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>Archives of NumPy: zip files, stored or packed.</summary>
internal sealed class NpzTarget() : DataTarget("npz")
{
    private const string FileName = "arrays.npz";

    private static readonly string[] s_names =
    [
        "x", "y", "x_train", "y_train", "x_test", "y_test", "data", "target", "../x", "/x", "C:\\x", "a/../../y", "", "..", "x.npy", "X", "xl/x", "mimetype",
        "a\nb", "\u00e4", "labels",
    ];

    private static readonly byte[][] s_words = [[.. "PK\x3\x4"u8], [.. "PK\x1\x2"u8], [.. "PK\x5\x6"u8], [.. "PK\x6\x6"u8], [0xFF, 0xFF, 0xFF, 0xFF], [8, 0], [9, 0]];

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        string path = Path.Combine(folder, FileName);
        foreach (byte[] features in NpyArrays.Features)
        {
            File.WriteAllBytes(path, Archive([("x.npy", features), ("y.npy", NpyArrays.Labels)], CompressionLevel.Fastest));
            Learn(path);
        }
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        List<(string, byte[])> entries = [("x.npy", draws.Of(NpyArrays.Features)), ("y.npy", draws.OneIn(3) ? NpyArrays.Names : NpyArrays.Labels)];
        if (draws.OneIn(3))
            entries.AddRange([("x_test.npy", draws.Of(NpyArrays.Features)), ("y_test.npy", NpyArrays.Labels)]);
        bool isArrayChanged = draws.OneIn(2);
        int changed = draws.Below(entries.Count);
        if (isArrayChanged)
            entries[changed] = (entries[changed].Item1, NpyArrays.Change(draws, entries[changed].Item2));
        if (draws.OneIn(4))
            entries[changed] = ($"{draws.Of(s_names)}{(draws.OneIn(4) ? "" : ".npy")}", entries[changed].Item2);
        byte[] archive = Archive(entries, draws.OneIn(2) ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
        if (!isArrayChanged || draws.OneIn(8))
            archive = Change(draws, archive);
        return new FuzzInput([(FileName, archive)], draws.Bits());
    }

    /// <summary>Half of the changes meet the directory at the end.</summary>
    private static byte[] Change(Draws draws, byte[] archive)
    {
        int directory = draws.OneIn(2) ? archive.AsSpan().IndexOf("PK\x1\x2"u8) : 0;
        return [.. archive.AsSpan(0, directory), .. ByteMutator.Mutate(draws, archive[directory..], archive, s_words)];
    }

    private static byte[] Archive(IEnumerable<(string Name, byte[] Bytes)> entries, CompressionLevel level)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = archive.CreateEntry(name.Length > 0 ? name : "a", level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }
}
