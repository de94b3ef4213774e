using System.Globalization;
using System.Text;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Tests.Data;

/// <summary>The same table trains to the same bits, whatever the format it comes in, in memory and from the disk.</summary>
public sealed class ReaderAgreementTests : IDisposable
{
    private const int Rows = 70, Columns = 4;

    private static readonly double[] s_values = DrawValues();

    private static readonly string[] s_classes = [.. Enumerable.Range(0, Rows).Select(row => ClassOf(row))];

    private static readonly double[] s_targets =
        [.. Enumerable.Range(0, Rows).Select(row => 1e9 + (s_values[row * Columns] / 3) + (row / 1024.0))];

    private readonly TestFiles _files = new();

    public static TheoryData<char, string> Texts
    {
        get
        {
            TheoryData<char, string> texts = [];
            foreach (char separator in ",;\t|")
            {
                foreach (string encoding in new[] { "utf-8", "utf-8 with mark", "utf-16", "utf-16BE", "windows-1252" })
                    texts.Add(separator, encoding);
            }

            return texts;
        }
    }

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_table_trains_as_the_same_arrays(char separator, string encoding)
    {
        float[] classes = Trained(Archive("classes.npz", TestFiles.Npy([Rows], s_classes)), new DataOptions());
        float[] numbers = Trained(Archive("numbers.npz", TestFiles.Npy([Rows], s_targets)), new DataOptions());
        foreach (string newLine in new[] { "\n", "\r\n", "\r" })
        {
            foreach (bool isPacked in new[] { false, true })
            {
                string named = Text(separator, encoding, newLine, isPacked, row => s_classes[row]);
                string counted = Text(separator, encoding, newLine, isPacked, row => s_targets[row].ToString(CultureInfo.InvariantCulture));
                foreach (long limit in new[] { long.MaxValue, 0 })
                {
                    Trained(named, new DataOptions { InMemoryLimit = limit }).ShouldBe(classes, $"{newLine.Length} {isPacked} {limit}");
                    Trained(counted, new DataOptions { InMemoryLimit = limit }).ShouldBe(numbers, $"{newLine.Length} {isPacked} {limit}");
                }
            }
        }
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void Arrays_in_one_file_or_several_train_alike(long limit)
    {
        DataOptions options = new() { InMemoryLimit = limit };
        float[] expected = Trained(Archive("numbers.npz", TestFiles.Npy([Rows], s_targets)), new DataOptions());
        _files.Bytes("y.npy", TestFiles.Npy([Rows], s_targets));
        Trained(_files.Bytes("x.npy", TestFiles.Npy([Rows, Columns], s_values)), options).ShouldBe(expected);
        double[] all = [.. Enumerable.Range(0, Rows).SelectMany(
            row => s_values[(row * Columns)..((row + 1) * Columns)].Append(s_targets[row]))];
        Trained(_files.Bytes("all.npy", TestFiles.Npy([Rows, Columns + 1], all)), options).ShouldBe(expected);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void Exported_arrays_train_as_the_arrays_do(long limit)
    {
        string path = Archive("numbers.npz", TestFiles.Npy([Rows], s_targets));
        DataSource source = DataSource.Open(path);
        using StringWriter writer = new();
        source.WriteCsv(writer, source.AllRows());
        Trained(_files.Text("exported.csv", writer.ToString()), new DataOptions { InMemoryLimit = limit })
            .ShouldBe(Trained(path, new DataOptions()));
    }

    private static string ClassOf(int row) => (row % 3) switch { 0 => "caf\u00e9", 1 => "caf\u00e8", _ => "tea" };

    /// <summary>Time stamps, tiny and huge numbers, and integers that single precision does not hold; some are missing.</summary>
    private static double[] DrawValues()
    {
        Random random = new(7);
        double[] values = new double[Rows * Columns];
        for (int row = 0; row < Rows; row++)
        {
            values[row * Columns] = 1.6e9 + random.NextDouble();
            values[(row * Columns) + 1] = random.NextDouble() * 1e-50;
            values[(row * Columns) + 2] = row % 9 == 4 ? double.NaN : -random.NextDouble() * 1e60;
            values[(row * Columns) + 3] = 16777216 + random.Next(100);
        }

        return values;
    }

    private static float[] Trained(string path, DataOptions options)
    {
        DataSplit split = DataSource.Open(path, options).Split();
        split.Preprocessing.FeatureWidth.ShouldBe(Columns + 1, "each column, and one that says where a value is missing");
        int outputs = split.Preprocessing.Task.HasClasses ? split.Preprocessing.Target.ClassNames.Count : 1;
        TrainerOptions training = new() { Optimizer = new Adam(0.01), BatchSize = 16, Epochs = 2, Patience = 0 };
        Trainer trainer = new(
            new Sequential(new Dense(split.Preprocessing.FeatureWidth, outputs)), split.Training, split.Validation, training);
        trainer.Fit();
        return trainer.Parameters.Values.ToArray<float>();
    }

    private string Archive(string name, byte[] labels) => _files.Bytes(
        name, TestFiles.Npz(("x.npy", TestFiles.Npy([Rows, Columns], s_values)), ("y.npy", labels)));

    private string Text(char separator, string encoding, string newLine, bool isPacked, Func<int, string> target)
    {
        StringBuilder text = new();
        text.AppendJoin(separator, Enumerable.Range(0, Columns).Select(column => $"x{column}").Append("label")).Append(newLine);
        for (int row = 0; row < Rows; row++)
        {
            double[] values = s_values[(row * Columns)..((row + 1) * Columns)];
            text.AppendJoin(
                separator,
                values.Select(value => double.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture)).Append(target(row)))
                .Append(newLine);
        }

        Encoding encoder = encoding switch
        {
            "utf-8" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            "utf-8 with mark" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
            "utf-16" => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
            "utf-16BE" => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
            _ => Encoding.Latin1,
        };
        byte[] bytes = [.. encoder.GetPreamble(), .. encoder.GetBytes(text.ToString())];
        string name = target(0) == s_classes[0] ? "classes.csv" : "numbers.csv";
        return isPacked ? _files.Packed($"{name}.gz", bytes) : _files.Bytes(name, bytes);
    }
}
