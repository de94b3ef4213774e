using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Thalweg.Faults;

/// <summary>The folder in which the suite writes the data that it draws: the same bytes on every machine.</summary>
internal static class DataFolder
{
    private static readonly Lock s_lock = new();
    private static readonly Lazy<string> s_path = new(Create);

    /// <summary>A table as CSV; the last column is the target.</summary>
    /// <param name="name">Name of the file, without its ending.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">The rows.</param>
    public static string Table(string name, IReadOnlyList<string> columns, IEnumerable<object[]> rows) =>
        Write($"{name}.csv", stream =>
        {
            using StreamWriter writer = new(stream, new UTF8Encoding(false));
            writer.Write(string.Join(',', columns) + "\n");
            foreach (object[] row in rows)
                writer.Write(string.Join(',', row.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))) + "\n");
        });

    /// <summary>Images as a NumPy archive of `x [count, side, side]` and `y [count]`.</summary>
    /// <param name="name">Name of the file, without its ending.</param>
    /// <param name="side">Height and width in pixels.</param>
    /// <param name="images">The images, one after the other.</param>
    /// <param name="labels">Class of each.</param>
    public static string Images(string name, int side, byte[] images, byte[] labels) =>
        Write($"{name}.npz", stream =>
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Create);
            Array(archive, "x.npy", $"({labels.Length}, {side}, {side})", images);
            Array(archive, "y.npy", $"({labels.Length},)", labels);
        });

    private static string Write(string name, Action<FileStream> write)
    {
        string path = Path.Combine(s_path.Value, name);
        lock (s_lock)
        {
            if (!File.Exists(path))
            {
                using FileStream stream = File.Create(path);
                write(stream);
            }
        }

        return path;
    }

    private static void Array(ZipArchive archive, string name, string shape, byte[] values)
    {
        string header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}";
        header = header.PadRight((((header.Length + 11 + 63) / 64) * 64) - 11) + "\n";
        using Stream stream = archive.CreateEntry(name).Open();
        stream.Write([0x93, .. "NUMPY"u8, 1, 0]);
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        stream.Write(length);
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(values);
    }

    private static string Create()
    {
        string path = Directory.CreateTempSubdirectory("thalweg-faults-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(path, recursive: true);
        return path;
    }
}
