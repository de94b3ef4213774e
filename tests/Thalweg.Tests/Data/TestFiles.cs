using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Thalweg.Tests.Data;

/// <summary>A directory of small files that vanishes with the test.</summary>
public sealed class TestFiles : IDisposable
{
    public TestFiles()
    {
        Root = Directory.CreateTempSubdirectory("thalweg-data-").FullName;
    }

    public string Root { get; }

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    public string Text(string name, string content)
    {
        File.WriteAllText(Path(name), content);
        return Path(name);
    }

    public string Bytes(string name, byte[] content)
    {
        File.WriteAllBytes(Path(name), content);
        return Path(name);
    }

    public string Packed(string name, byte[] content) => Bytes(name, Gzip(content));

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
            gzip.Write(content);
        return packed.ToArray();
    }

    public static byte[] Idx(byte type, int[] shape, byte[] values)
    {
        List<byte> bytes = [0, 0, type, (byte)shape.Length];
        foreach (int size in shape)
            bytes.AddRange([(byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size]);
        return [.. bytes, .. values];
    }

    public static byte[] Npy(string header, byte[] values, byte version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        byte[] length = version == 1 ? [(byte)text.Length, (byte)(text.Length >> 8)] : [(byte)text.Length, (byte)(text.Length >> 8), 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. values];
    }

    /// <summary>A NumPy array of one type of numbers, row-major and little-endian.</summary>
    public static byte[] Npy<T>(int[] shape, params T[] values)
        where T : unmanaged
    {
        string type = default(T) switch
        {
            bool => "|b1",
            byte => "|u1",
            Half => "<f2",
            float => "<f4",
            double => "<f8",
            int => "<i4",
            long => "<i8",
            ulong => "<u8",
            _ => throw new NotSupportedException(typeof(T).Name),
        };
        string sizes = string.Concat(shape.Select(size => $"{size},"));
        return Npy($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({sizes}), }}",
            MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    /// <summary>A NumPy array of texts.</summary>
    public static byte[] Npy(int[] shape, params string[] values)
    {
        byte[][] texts = [.. values.Select(Encoding.UTF32.GetBytes)];
        int length = texts.Max(text => text.Length);
        string sizes = string.Concat(shape.Select(size => $"{size},"));
        return Npy(
            $"{{'descr': '<U{length / 4}', 'fortran_order': False, 'shape': ({sizes}), }}",
            [.. texts.SelectMany(text => text.Concat(new byte[length - text.Length]))]);
    }

    public static byte[] Npz(params (string Name, byte[] Content)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The shared data beside the repository; the test is skipped where it is absent.</summary>
    public static string Shared(string relative)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = System.IO.Path.Combine(at.FullName, "shared", "data");
            if (Directory.Exists(candidate))
            {
                string path = System.IO.Path.Combine(candidate, relative);
                Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"shared/data/{relative} is absent");
                return path;
            }
        }

        Assert.Skip("the folder shared/data is absent: it lies beside the repository where there is one");
        return "";
    }

    public static string ErrorOf(Action action)
    {
        string message = Should.Throw<ThalwegException>(action).Message;
        message.ShouldNotContain('\n');
        return message;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
