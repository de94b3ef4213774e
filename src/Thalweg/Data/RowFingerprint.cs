using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Thalweg.Data;

/// <summary>A fingerprint of rows that does not depend on their order: each row is hashed, and the hashes are added.</summary>
/// <remarks>It is taken from rows as they came, before any preprocessing: the same rows have the same fingerprint whatever the model
/// makes of them. Source: Clarke, Devadas, van Dijk, Gassend, Suh, Incremental multiset hash functions, ASIACRYPT 2003, MSet-Add-Hash
/// (without a key: it is to find equal rows, not to withstand forgery).</remarks>
internal sealed class RowFingerprint
{
    private const int RowsAtOnce = 4096;
    private const byte Missing = 0, Number = 1, Word = 2;

    private readonly MemoryStream _row = new();
    private readonly ulong[] _sum = new ulong[SHA256.HashSizeInBytes / sizeof(ulong)];
    private long _count;

    /// <summary>Fingerprint of data as <see cref="PreparedReader.Open"/> reads them: of several parts, the test part.</summary>
    /// <param name="nameOrPath">Name of a built-in set, file or directory.</param>
    /// <param name="options">Layout of a text.</param>
    public static string OfData(string nameOrPath, DataOptions options)
    {
        // Columns of the training data need not be there, and do not change what the rows hold.
        DataOptions plain = options with
        {
            Target = null,
            IgnoredColumns = [],
            CategoricalColumns = [],
            SampleWeight = null,
            TestPath = null,
            Strict = false,
        };
        if (BuiltInData.Find(nameOrPath) is { } builtIn)
            return builtIn.Open(plain).FingerprintOfNew();
        if (Directory.Exists(nameOrPath))
        {
            ImageDirectory files = ImageDirectory.Find(nameOrPath);
            return files.TestImages is { } test
                ? OfImages(test, files.TestLabels, plain) : OfImages(files.TrainImages!, files.TrainLabels, plain);
        }

        switch (FileFormats.Find(nameOrPath))
        {
            case FileFormat.Idx:
                return OfImages(nameOrPath, ImageDirectory.LabelsBeside(nameOrPath), plain);
            case FileFormat.Npy or FileFormat.Npz:
                LabeledArrays arrays = FileFormats.Find(nameOrPath) == FileFormat.Npy
                    ? FormatDetector.ReadNpy(nameOrPath, plain) : NpzFile.Read(nameOrPath, plain.MaxSize);
                (ArrayData items, TableColumn? labels) = arrays.TestFeatures is { } held
                    ? (held, arrays.TestLabels) : (arrays.Features, arrays.Labels);
                return OfItems(items, labels, Dataset.AllRows(items.Count));
            default:
                return OfTable(TableLoader.Load(nameOrPath, LayoutFinder.Find(nameOrPath, plain), plain).Table);
        }
    }

    /// <summary>Fingerprint of the rows of a table.</summary>
    public static string OfTable(ITable table)
    {
        RowFingerprint sum = new();
        for (int start = 0; start < table.Count; start += RowsAtOnce)
        {
            Table block = table.Block(start, Math.Min(RowsAtOnce, table.Count - start));
            for (int row = 0; row < block.Count; row++)
            {
                foreach (TableColumn column in block.Columns)
                    sum.AddCell(column, row);
                sum.EndRow();
            }
        }

        return sum.ToText();
    }

    /// <summary>Fingerprint of items with their labels.</summary>
    public static string OfItems(ArrayData items, TableColumn? labels, ReadOnlySpan<int> rows)
    {
        RowFingerprint sum = new();
        double[] numbers = new double[items.Width];
        long[] wide = items.Format.IsWideInteger ? new long[items.Width] : [];
        foreach (int row in rows)
        {
            items.Numbers(row, 1, numbers);
            if (items.Format.IsWideInteger)
                items.Format.ReadWide(items.Raw(row, 1), wide);
            for (int i = 0; i < numbers.Length; i++)
                sum.AddNumber(numbers[i], wide.Length > 0 && WideIntegers.IsNeeded(wide[i], items.Format.Kind == 'u') ? wide[i] : 0);
            if (labels is not null)
                sum.AddCell(labels, row);
            sum.EndRow();
        }

        return sum.ToText();
    }

    /// <summary>Fingerprint of samples that are prepared, for data that came from no file.</summary>
    public static string OfSamples(Dataset data)
    {
        RowFingerprint sum = new();
        for (int sample = 0; sample < data.Count; sample++)
        {
            Batch batch = data.Take([sample]);
            foreach (Tensor tensor in batch.Inputs.Values.Concat(batch.Targets.Values))
            {
                sum._row.Write(tensor.DType == DType.Int32 ? MemoryMarshal.AsBytes(tensor.AsSpan<int>())
                    : MemoryMarshal.AsBytes(tensor.AsSpan<float>()));
            }

            sum.EndRow();
        }

        return sum.ToText();
    }

    private static string OfImages(string images, string? labels, DataOptions options)
    {
        (ArrayData items, TableColumn? column) = ImageDirectory.Read(images, labels, options);
        return OfItems(items, column, Dataset.AllRows(items.Count));
    }

    /// <summary>Adds a cell. A number that stands as text is a number: which of them it is depends on how a column was read.</summary>
    private void AddCell(TableColumn column, int row)
    {
        if (column.Count == 0 || column.IsMissing(row))
            _row.WriteByte(Missing);
        else if (column.Numbers is { } numbers)
            AddNumber(numbers[row], column.Wide is { } wide && WideIntegers.IsNeeded(wide.Bits[row], wide.IsUnsigned) ? wide.Bits[row] : 0);
        else if (double.TryParse(column.TextOf(row), NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            AddNumber(number, 0);
        else
            AddText(column.TextOf(row));
    }

    private void AddNumber(double number, long wide)
    {
        Span<byte> cell = stackalloc byte[1 + (2 * sizeof(long))];
        cell[0] = Number;
        BinaryPrimitives.WriteDoubleLittleEndian(cell[1..], number == 0 ? 0 : number);
        BinaryPrimitives.WriteInt64LittleEndian(cell[(1 + sizeof(long))..], wide);
        _row.Write(cell);
    }

    private void AddText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = Word;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
        _row.Write(head);
        _row.Write(bytes);
    }

    /// <summary>Hashes the row and adds it: the sum is one number of 256 bits.</summary>
    private void EndRow()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_row.GetBuffer().AsSpan(0, (int)_row.Length), hash);
        _row.SetLength(0);
        _count++;
        ulong carry = 0;
        for (int i = 0; i < _sum.Length; i++)
        {
            UInt128 sum = (UInt128)_sum[i] + BinaryPrimitives.ReadUInt64LittleEndian(hash[(i * sizeof(ulong))..]) + carry;
            (_sum[i], carry) = ((ulong)sum, (ulong)(sum >> 64));
        }
    }

    private string ToText()
    {
        byte[] bytes = new byte[(_sum.Length + 1) * sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, _count);
        for (int i = 0; i < _sum.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((i + 1) * sizeof(ulong)), _sum[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
    }
}
