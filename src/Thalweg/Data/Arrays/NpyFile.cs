using System.Buffers.Binary;

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

    /// <summary>Reads an array from a stream.</summary>
    /// <param name="place">File and entry, for errors.</param>
    /// <param name="stream">The bytes.</param>
    /// <param name="length">How many bytes there are, unpacked, as the container states.</param>
    /// <param name="onDisk">How many bytes there are on disk.</param>
    /// <param name="isPacked">Whether those are packed.</param>
    public static ArrayData Read(string place, Stream stream, long length, long onDisk, bool isPacked)
    {
        (NpyHeader header, long headerLength) = NpyHeader.Read(place, stream);
        long[] shape = header.Shape.Length == 0 ? [1] : header.Shape;
        long size = StatedSize.InBytes(place, shape, header.ItemBytes);
        StatedSize.CheckAvailable(place, size, length - headerLength, isPacked: false);
        if (isPacked)
            StatedSize.CheckAvailable(place, size, onDisk, isPacked: true);
        byte[] bytes = new byte[size];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new ThalwegException($"{place}: the data ends early; the file is truncated");

        int[] sizes = [.. shape.Select(value => (int)value)];
        if (header is { Kind: 'u', ItemBytes: 1 })
            return new ArrayData(sizes, header.IsFortranOrder ? ToRowMajor(bytes, sizes) : bytes);
        float[] numbers = ToNumbers(bytes, header);
        return new ArrayData(sizes, header.IsFortranOrder ? ToRowMajor(numbers, sizes) : numbers);
    }

    private static float[] ToNumbers(byte[] bytes, NpyHeader header)
    {
        int size = header.ItemBytes;
        float[] numbers = new float[bytes.Length / size];
        Span<byte> value = stackalloc byte[8];
        for (int i = 0; i < numbers.Length; i++)
        {
            bytes.AsSpan(i * size, size).CopyTo(value);
            if (header.IsBigEndian)
                value[..size].Reverse();
            numbers[i] = (header.Kind, size) switch
            {
                ('f', 2) => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
                ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(value),
                ('f', _) => (float)BinaryPrimitives.ReadDoubleLittleEndian(value),
                ('i', 1) => (sbyte)value[0],
                ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(value),
                ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(value),
                ('i', _) => BinaryPrimitives.ReadInt64LittleEndian(value),
                (_, 1) => value[0],
                (_, 2) => BinaryPrimitives.ReadUInt16LittleEndian(value),
                (_, 4) => BinaryPrimitives.ReadUInt32LittleEndian(value),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(value),
            };
        }

        return numbers;
    }

    /// <summary>Puts values whose first index runs fastest into row-major order.</summary>
    private static T[] ToRowMajor<T>(T[] values, int[] shape)
    {
        T[] result = new T[values.Length];
        Span<int> index = stackalloc int[shape.Length];
        for (int target = 0; target < result.Length; target++)
        {
            int source = 0;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
                source = (source * shape[axis]) + index[axis];
            result[target] = values[source];
            for (int axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
                index[axis] = 0;
        }

        return result;
    }
}
