namespace Thalweg.Data;

/// <summary>Reads a NumPy array.</summary>
internal static class NpyFile
{
    /// <summary>Reads a file that holds one array.</summary>
    public static ArrayData Read(string path)
    {
        using FileStream stream = SourceFile.OpenRaw(path);
        return Read(path, stream, stream.Length, stream.Length, isPacked: false);
    }

    /// <summary>Maps a file that holds one array in row-major order; null where it is in the other order, which has to be read
    /// as a whole.</summary>
    public static ArrayData? Map(string path)
    {
        using FileStream stream = SourceFile.OpenRaw(path);
        (NpyHeader header, long headerLength) = NpyHeader.Read(path, stream);
        if (header.IsFortranOrder)
            return null;
        long size = StatedSize.InBytes(path, header.Shape, header.Format.Size, isMapped: true);
        StatedSize.CheckAvailable(path, size, stream.Length - headerLength, isPacked: false);
        return ArrayData.Map(MappedFile.Open(path), headerLength, header.Format, [.. header.Shape.Select(value => (int)value)]);
    }

    /// <summary>The file of labels that belongs to a file of features by its name (images and labels, features and labels, x and y); null
    /// where there is none.</summary>
    public static string? LabelsBeside(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string labels = name.Replace("images", "labels", StringComparison.Ordinal).Replace("features", "labels", StringComparison.Ordinal);
        labels = labels != name ? labels
            : name is "x" or "X" ? "y"
            : name.StartsWith("x_", StringComparison.OrdinalIgnoreCase) ? $"y_{name[2..]}"
            : name.EndsWith("_x", StringComparison.OrdinalIgnoreCase) ? $"{name[..^2]}_y" : name;
        string beside = Path.Combine(Path.GetDirectoryName(path) ?? "", labels + Path.GetExtension(path));
        return labels != name && File.Exists(beside) ? beside : null;
    }

    /// <summary>Reads an array from a stream.</summary>
    /// <param name="location">File and entry, for errors.</param>
    /// <param name="stream">The bytes.</param>
    /// <param name="length">How many bytes there are, unpacked, as the container states.</param>
    /// <param name="onDisk">How many bytes there are on disk.</param>
    /// <param name="isPacked">Whether those are packed.</param>
    public static ArrayData Read(string location, Stream stream, long length, long onDisk, bool isPacked)
    {
        (NpyHeader header, long headerLength) = NpyHeader.Read(location, stream);
        long size = StatedSize.InBytes(location, header.Shape, header.Format.Size);
        StatedSize.CheckAvailable(location, size, length - headerLength, isPacked: false);
        if (isPacked)
            StatedSize.CheckAvailable(location, size, onDisk, isPacked: true);
        byte[] bytes = PackedBytes.Read(stream, (int)size);
        if (bytes.Length < size)
            throw new ThalwegException($"{location}: the data ends early; the file is truncated");
        int[] shape = [.. header.Shape.Select(value => (int)value)];
        return new ArrayData(shape, header.Format, header.IsFortranOrder ? ToRowMajor(bytes, shape, header.Format.Size) : bytes);
    }

    /// <summary>Puts values whose first index runs fastest into row-major order.</summary>
    private static byte[] ToRowMajor(byte[] values, int[] shape, int itemBytes)
    {
        byte[] result = new byte[values.Length];
        Span<int> index = stackalloc int[shape.Length];
        for (int target = 0; target < result.Length; target += itemBytes)
        {
            int source = 0;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
                source = (source * shape[axis]) + index[axis];
            values.AsSpan(source * itemBytes, itemBytes).CopyTo(result.AsSpan(target));
            for (int axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
                index[axis] = 0;
        }

        return result;
    }
}
