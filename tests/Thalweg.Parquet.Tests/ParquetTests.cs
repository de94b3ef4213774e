using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Data;
using Parquet.Schema;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Parquet.Tests;

/// <summary>Parquet files are data like those of the library.</summary>
public sealed class ParquetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-parquet").FullName;

    static ParquetTests()
    {
        ParquetFormat.Register();
        ParquetFormat.Register();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public void Values_are_exact(long? limit)
    {
        string path = Save("values.parquet", Values(withNulls: limit is null));
        DataSource source = DataSource.Open(path, new DataOptions { InMemoryLimit = limit, Target = "flag" });
        source.Count.ShouldBe(6);
        string[] rows = Csv(source);
        rows[0].ShouldBe("int,long,unsigned,float,double,decimal,text,date,flag");
        rows[1].ShouldBe(limit is null
            ? "1,9007199254740993,18446744073709551615,0.10000000149011612,0.1,12345678901234567890.123456,naïve \"x\",2026-11-30T12:34:56.789012,true"
                .Replace("naïve \"x\"", "\"naïve \"\"x\"\"\"", StringComparison.Ordinal)
            : rows[1]);
        rows[1].ShouldContain("9007199254740993");
        rows[1].ShouldContain("18446744073709551615");
        rows[2].ShouldStartWith("-2,-9007199254740993,");
        if (limit is null)
            rows[6].ShouldBe(",,,,,,,,true");
        source.Describe().Kind.ShouldBe("Parquet table");
    }

    [Fact]
    public void Decimals_of_38_digits_are_exact()
    {
        DataField wide = new BigDecimalDataField("wide", 38, 10, false), target = new DataField<int>("y");
        BigDecimal[] values = [.. Enumerable.Range(0, 8).Select(i =>
            new BigDecimal(BigInteger.Parse("1234567890123456789012345678901234567", CultureInfo.InvariantCulture) * (i % 2 == 0 ? 1 : -1), 38, 10))];
        string path = Save("wide.parquet", [new([wide, target], async rows =>
        {
            await rows.WriteAsync<BigDecimal>(wide, values.AsMemory());
            await rows.WriteAsync<int>(target, Enumerable.Range(0, 8).ToArray().AsMemory());
        })], new ParquetOptions { UseBigDecimal = true });
        string[] rows = Csv(DataSource.Open(path, new DataOptions { Target = "y" }));
        rows[1].ShouldBe("123456789012345678901234567.8901234567,0");
        rows[2].ShouldBe("-123456789012345678901234567.8901234567,1");
    }

    [Fact]
    public void Large_integers_stay_different_classes()
    {
        DataField x = new DataField<double>("x"), label = new DataField<long>("label");
        string path = Save("labels.parquet", [new([x, label], async rows =>
        {
            await rows.WriteAsync<double>(x, Enumerable.Range(0, 40).Select(i => (double)i).ToArray().AsMemory());
            await rows.WriteAsync<long>(label, Enumerable.Range(0, 40).Select(i => 9007199254740992 + (i % 2)).ToArray().AsMemory());
        })]);
        DataSource.Open(path, new DataOptions { Task = LearningTask.Classification() }).Split().Preprocessing.Target.ClassNames
            .ShouldBe(["9007199254740992", "9007199254740993"], ignoreOrder: true);
    }

    [Fact]
    public void Row_groups_follow_each_other_and_the_bits_do_not_depend_on_the_memory()
    {
        string path = Save("two.parquet", [.. Table(100, 0, groups: 2)]);
        float[] inMemory = Features(new DataOptions()), spilled = Features(new DataOptions { InMemoryLimit = 1 });
        spilled.ShouldBe(inMemory);
        inMemory.Length.ShouldBe(3 * DataSource.Open(path).Split().Training.Data.Count);

        float[] Features(DataOptions options) => All(DataSource.Open(path, options).Split().Training.Data);
    }

    [Fact]
    public void A_recipe_trains_on_a_file_and_the_model_predicts_for_another()
    {
        string path = Save("train.parquet", Table(200, 0)), test = Save("test.parquet", Table(40, 200));
        string folder = Path.Combine(_folder, "run");
        RunResult result = Run.Start(
            Recipe.Parse($"data: '{path}'\nnetwork: mlp:8\ntraining: {{ epochs: 2 }}\n"), new RunOptions { Folder = folder });
        result.Kept.ShouldNotBeNull();
        TrainedModel model = TrainedModel.Load(folder);
        using PreparedReader reader = PreparedReader.Open(test, model.Preprocessing, requireTarget: true);
        model.Evaluate(reader.ReadAll()).Samples.ShouldBe(40);
        using PreparedReader text = PreparedReader.Open(Written(test), model.Preprocessing, requireTarget: true);
        All(text.ReadAll()).ShouldBe(All(PreparedReader.Open(test, model.Preprocessing, requireTarget: true).ReadAll()));
    }

    [Fact]
    public void Ignored_columns_may_be_of_any_type()
    {
        DataField x = new DataField<int>("x"), y = new DataField<int>("y"), bytes = new DataField<byte[]>("blob");
        string path = Save("blob.parquet", [new([x, bytes, y], async rows =>
        {
            await rows.WriteAsync<int>(x, Enumerable.Range(0, 30).ToArray().AsMemory());
            await rows.WriteAsync(bytes, Enumerable.Range(0, 30).Select(i => new byte[] { (byte)i }).ToArray());
            await rows.WriteAsync<int>(y, Enumerable.Range(0, 30).Select(i => i % 2).ToArray().AsMemory());
        })]);
        Should.Throw<ThalwegException>(() => DataSource.Open(path)).Message.ShouldContain("found 'blob' of bytes");
        DataSource.Open(path, new DataOptions { IgnoredColumns = ["blob"] }).Split().Preprocessing.FeatureWidth.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(-1)]
    [InlineData(-9)]
    public void A_cut_file_is_refused_in_one_line(int length)
    {
        byte[] whole = File.ReadAllBytes(Save("whole.parquet", Table(60, 0)));
        string path = Path.Combine(_folder, "cut.parquet");
        File.WriteAllBytes(path, whole[..(length >= 0 ? length : whole.Length + length)]);
        string message = Should.Throw<ThalwegException>(() => DataSource.Open(path)).Message;
        message.ShouldStartWith(path);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void A_damaged_footer_is_refused_in_one_line()
    {
        // The footer alone: the decoder of the package may loop for ever over damaged pages, which carry no checksum.
        byte[] whole = File.ReadAllBytes(Save("whole.parquet", Table(60, 0)));
        int footer = BitConverter.ToInt32(whole, whole.Length - 8);
        string path = Path.Combine(_folder, "damaged.parquet");
        int refused = 0;
        for (int i = 0; i < 50; i++)
        {
            byte[] damaged = [.. whole];
            damaged.AsSpan(whole.Length - 8 - footer + (i * footer / 60), 8).Fill(0xFF);
            File.WriteAllBytes(path, damaged);
            try
            {
                DataSource.Open(path);
            }
            catch (ThalwegException error)
            {
                error.Message.ShouldNotContain('\n');
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(25);
    }

    [Theory]
    [InlineData("text.parquet", "a,b\n1,2\n", "begins with PAR1")]
    [InlineData("secret", "PARE\u0015\u0004xxxx", "encrypted")]
    public void Other_files_are_named(string name, string text, string fact)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        Should.Throw<ThalwegException>(() => DataSource.Open(path)).Message.ShouldContain(fact);
    }

    [Fact]
    public void A_text_whose_first_column_is_called_PAR1_is_text()
    {
        string path = Path.Combine(_folder, "par.csv");
        File.WriteAllText(path, "PAR1,y\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i % 2}\n")));
        DataSource.Open(path).Describe().Kind.ShouldBe("text table");
    }

    private static float[] All(Dataset data)
    {
        float[] features = new float[data.Count * data.FeatureWidth];
        data.Gather([.. Enumerable.Range(0, data.Count)], features.AsSpan());
        return features;
    }

    private static string[] Csv(DataSource source)
    {
        using StringWriter writer = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        source.WriteCsv(writer, source.AllRows());
        return writer.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
    }

    private string Written(string path)
    {
        string text = Path.ChangeExtension(path, ".csv");
        using StreamWriter writer = new(text);
        DataSource source = DataSource.Open(path);
        source.WriteCsv(writer, source.AllRows());
        return text;
    }

    private static Group[] Values(bool withNulls)
    {
        DataField number = new DataField("int", typeof(int), true), wide = new DataField("long", typeof(long), true),
            unsigned = new DataField("unsigned", typeof(ulong), true), single = new DataField("float", typeof(float), true),
            real = new DataField("double", typeof(double), true), money = new DecimalDataField("decimal", 28, 6, isNullable: true),
            text = new DataField("text", typeof(string), true),
            date = new DateTimeDataField("date", DateTimeFormat.DateAndTimeMicros, isNullable: true),
            flag = new DataField("flag", typeof(bool), false);
        int rowsOf = withNulls ? 5 : 6;
        T?[] Of<T>(params T[] values)
            where T : struct => [.. Enumerable.Range(0, 6).Select(i => i < rowsOf ? values[i % values.Length] : (T?)null)];
        return [new([number, wide, unsigned, single, real, money, text, date, flag], async rows =>
        {
            await rows.WriteAsync<int>(number, Of(1, -2, 3).AsMemory());
            await rows.WriteAsync<long>(wide, Of(9007199254740993, -9007199254740993).AsMemory());
            await rows.WriteAsync<ulong>(unsigned, Of(ulong.MaxValue, 5UL).AsMemory());
            await rows.WriteAsync<float>(single, Of(0.1f, -2f).AsMemory());
            await rows.WriteAsync<double>(real, Of(0.1, double.PositiveInfinity).AsMemory());
            await rows.WriteAsync<decimal>(money, Of(12345678901234567890.123456m, -1.5m).AsMemory());
            await rows.WriteAsync(text, [.. Enumerable.Range(0, 6).Select(i => i < rowsOf ? i % 2 == 0 ? "naïve \"x\"" : "b" : null!)]);
            await rows.WriteAsync<DateTime>(date, Of(new DateTime(2026, 11, 30, 12, 34, 56, DateTimeKind.Utc).AddTicks(7_890_120)).AsMemory());
            await rows.WriteAsync<bool>(flag, Enumerable.Range(0, 6).Select(i => i % 2 == 0 || i == 5).ToArray().AsMemory());
        })];
    }

    /// <summary>Two numbers, a category and two classes.</summary>
    private static Group[] Table(int count, int start, int groups = 1)
    {
        DataField a = new DataField<double>("a"), kind = new DataField("kind", typeof(string), false),
            y = new DataField("y", typeof(string), false);
        return [.. Enumerable.Range(0, groups).Select(group => new Group([a, kind, y], async rows =>
        {
            int[] numbers = [.. Enumerable.Range(start + (group * count / groups), count / groups)];
            await rows.WriteAsync<double>(a, numbers.Select(i => Math.Sin(i)).ToArray().AsMemory());
            await rows.WriteAsync(kind, [.. numbers.Select(i => i % 3 == 0 ? "red" : "blue")]);
            await rows.WriteAsync(y, [.. numbers.Select(i => Math.Sin(i) > 0 ? "up" : "down")]);
        }))];
    }

    private string Save(string name, Group[] groups, ParquetOptions? options = null)
    {
        string path = Path.Combine(_folder, name);
        Task.Run(async () =>
        {
            await using FileStream stream = File.Create(path);
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(groups[0].Fields), stream, options);
            foreach (Group group in groups)
            {
                using ParquetRowGroupWriter rows = writer.CreateRowGroup();
                await group.Write(rows);
            }
        }).GetAwaiter().GetResult();
        return path;
    }

    private sealed record Group(DataField[] Fields, Func<ParquetRowGroupWriter, Task> Write);
}
