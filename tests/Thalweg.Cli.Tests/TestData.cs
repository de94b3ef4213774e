using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Thalweg.Cli.Tests;

/// <summary>Small data that the tests write: the same each time.</summary>
public static class TestData
{
    /// <summary>Rows with two numbers and a color that tell the class: `x,y,color,kind`.</summary>
    public static string Classes(int rows, bool withHeader = true)
    {
        StringBuilder text = new(withHeader ? "x,y,color,kind\n" : "");
        for (int i = 0; i < rows; i++)
        {
            double x = Math.Sin(i * 12.9898) * 2, y = Math.Cos(i * 78.233) * 2;
            string color = (i % 3) switch { 0 => "red", 1 => "green", _ => "blue" };
            string kind = x + y > (color == "red" ? 0.5 : -0.5) ? "yes" : "no";
            text.Append(CultureInfo.InvariantCulture, $"{x:0.######},{y:0.######},{color},{kind}\n");
        }

        return text.ToString();
    }

    /// <summary>Rows with a number to learn: `x,y,price`.</summary>
    public static string Prices(int rows)
    {
        StringBuilder text = new("x,y,price\n");
        for (int i = 0; i < rows; i++)
        {
            double x = Math.Sin(i * 12.9898) * 2, y = Math.Cos(i * 78.233) * 2;
            text.Append(CultureInfo.InvariantCulture, $"{x:0.######},{y:0.######},{1000 + (300 * x) - (200 * y * y):0.###}\n");
        }

        return text.ToString();
    }

    /// <summary>An IDX file of bytes.</summary>
    public static byte[] Idx(int[] shape, Func<int, byte> value)
    {
        int length = shape.Aggregate(1, (product, size) => product * size);
        byte[] file = new byte[4 + (4 * shape.Length) + length];
        file[2] = 0x08;
        file[3] = (byte)shape.Length;
        for (int i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), shape[i]);
        for (int i = 0; i < length; i++)
            file[^(length - i)] = value(i);
        return file;
    }

    /// <summary>Images of 4 x 4 pixels, whose class, 0 or 1, is the brighter half.</summary>
    public static (byte[] Images, byte[] Labels) Halves(int count) =>
    (
        Idx([count, 4, 4], i => (byte)(((i % 16) / 8 == (i / 16) % 2 ? 150 : 20) + (i * 7919 % 80))),
        Idx([count], i => (byte)(i % 2))
    );

    /// <summary>The same packed by gzip.</summary>
    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
