using System.Buffers.Binary;
using System.Text;
using Shouldly;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Tests.Shared;
using Thalweg.Tests.Training;
using Thalweg.Training;
using Xunit;

namespace Thalweg.Tests.Data;

/// <summary>Data that stay on the disk give the bits of the same data in memory.</summary>
public sealed class LargeDataTests
{
    private static readonly DataOptions s_onDisk = new() { InMemoryLimit = 0 };

    private static readonly DataOptions s_inMemory = new() { InMemoryLimit = long.MaxValue };

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x0B)]
    [InlineData(0x0D)]
    public void Mapped_idx_files_are_the_same_data(byte type)
    {
        using TestFiles folder = new();
        string path = WriteIdx(folder, type, 60);
        ShouldBeEqual(path, isMapped: true);
    }

    [Theory]
    [InlineData("<f4", 4)]
    [InlineData(">f8", 8)]
    [InlineData("|u1", 1)]
    public void Mapped_numpy_images_take_their_labels_from_beside(string type, int size)
    {
        using TestFiles folder = new();
        string path = WriteNpy(folder, "x_train.npy", type, size, "(60, 3, 5)", 60 * 15);
        folder.Bytes("y_train.npy",
            TestFiles.Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (60,)}",
            [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 3))]));
        ShouldBeEqual(path, isMapped: true);
    }

    [Fact]
    public void A_mapped_numpy_table_has_its_target_in_the_last_column()
    {
        using TestFiles folder = new();
        ShouldBeEqual(WriteNpy(folder, "table.npy", "<f4", 4, "(90, 10)", 900), isMapped: true);
    }

    [Theory]
    [InlineData("class", "classification")]
    [InlineData("age", "regression")]
    public void A_text_table_goes_through_a_file(string target, string task)
    {
        using TestFiles folder = new();
        string path = folder.Text("table.csv", Csv(17_500));
        DataOptions onDisk = s_onDisk with { Target = target }, inMemory = s_inMemory with { Target = target };

        DataSplit disk = DataSource.Open(path, onDisk).Split(), memory = DataSource.Open(path, inMemory).Split();

        disk.Training.Data.IsMapped.ShouldBeTrue();
        disk.Training.Data.Task.Name.ShouldBe(task);
        ShouldBeEqual(disk, memory);
        DataSource.Open(path, onDisk).Describe().Columns.ShouldBe(DataSource.Open(path, inMemory).Describe().Columns);
        Written(DataSource.Open(path, onDisk)).ShouldBe(Written(DataSource.Open(path, inMemory)));
    }

    [Fact]
    public void Training_from_the_disk_gives_the_same_bits_and_allocates_nothing_per_step()
    {
        using TestFiles folder = new();
        string path = WriteIdx(folder, 0x08, 600);
        Trainer disk = MakeTrainer(path, s_onDisk), memory = MakeTrainer(path, s_inMemory);

        disk.Fit();
        memory.Fit();

        disk.Parameters.Values.ToArray<float>().SequenceEqual(memory.Parameters.Values.ToArray<float>()).ShouldBeTrue();
        int[] order = [.. Enumerable.Range(0, 64)];
        void TwoSteps()
        {
            disk.Objective.Announce(order.AsMemory(32, 32));
            disk.TakeStep(order.AsSpan(0, 32));
            disk.Objective.Announce(default);
            disk.TakeStep(order.AsSpan(32, 32));
        }

        Allocations.Fewest(TwoSteps, 100).ShouldBe(0);
    }

    [Fact]
    public void A_file_that_is_cut_while_it_is_read_is_one_clear_line()
    {
        using TestFiles folder = new();
        string path = WriteIdx(folder, 0x08, 60);
        Dataset data = DataSource.Open(path, s_onDisk).Split().Training.Data;
        using (FileStream file = new(path, FileMode.Open))
            file.SetLength(100);

        TestFiles.ErrorOf(() => data.Gather<float>([0], new float[15]))
            .ShouldContain("the file was changed while it was read: it had 916 bytes and has 100");
    }

    [Fact]
    public void A_truncated_file_is_refused_when_it_is_opened()
    {
        using TestFiles folder = new();
        string path = WriteIdx(folder, 0x08, 60);
        using (FileStream file = new(path, FileMode.Open))
            file.SetLength(900);
        TestFiles.ErrorOf(() => DataSource.Open(path, s_onDisk)).ShouldContain("it is truncated");
    }

    [Fact]
    public void The_error_of_a_prefetched_batch_is_thrown_where_it_is_asked_for()
    {
        using TestFiles folder = new();
        string path = WriteIdx(folder, 0x08, 60);
        Dataset data = DataSource.Open(path, s_onDisk).Split().Training.Data;
        Batches batches = new(data, 8, DType.Float32);
        batches.Take([0, 1]);
        using (FileStream file = new(path, FileMode.Open))
            file.SetLength(100);
        batches.Announce([2, 3]);
        TestFiles.ErrorOf(() => batches.Take([2, 3])).ShouldContain("the file was changed");
    }

    private static Trainer MakeTrainer(string path, DataOptions options)
    {
        DataSplit split = DataSource.Open(path, options).Split();
        TrainerOptions training = new() { Optimizer = new Adam(1e-3), BatchSize = 32, Epochs = 3 };
        return new Trainer(new Sequential(new Flatten(), Samples.Network(15)), split.Training, split.Validation, training);
    }

    private static void ShouldBeEqual(string path, bool isMapped)
    {
        DataSplit disk = DataSource.Open(path, s_onDisk).Split(), memory = DataSource.Open(path, s_inMemory).Split();
        disk.Training.Data.IsMapped.ShouldBe(isMapped);
        memory.Training.Data.IsMapped.ShouldBeFalse();
        ShouldBeEqual(disk, memory);
    }

    private static void ShouldBeEqual(DataSplit disk, DataSplit memory)
    {
        disk.Preprocessing.ToJson().ShouldBe(memory.Preprocessing.ToJson());
        disk.Notes.ShouldBe(memory.Notes);
        Content(disk.Training.Data).SequenceEqual(Content(memory.Training.Data)).ShouldBeTrue();
        Content(disk.Validation.Data).SequenceEqual(Content(memory.Validation.Data)).ShouldBeTrue();
        Content(disk.Test!.Read("test")).SequenceEqual(Content(memory.Test!.Read("test"))).ShouldBeTrue();
    }

    /// <summary>Features in both precisions, and targets.</summary>
    private static double[] Content(Dataset data)
    {
        int[] rows = [.. Enumerable.Range(0, data.Count)];
        float[] single = new float[data.Count * data.FeatureWidth], targets = new float[data.Count];
        double[] all = new double[single.Length];
        data.Gather<float>(rows, single);
        data.Gather<double>(rows, all);
        int[] labels = new int[data.Count];
        if (data.Task.HasClasses)
            data.GatherLabels(rows, labels);
        else
            data.GatherTargets<float>(rows, targets);
        return [.. single.Select(value => (double)value), .. all, .. labels.Select(label => (double)label),
            .. targets.Select(target => (double)target)];
    }

    private static string Written(DataSource source)
    {
        using StringWriter writer = new();
        source.WriteCsv(writer, [0, 1, 5, 16_400, source.Count - 1]);
        return writer.ToString();
    }

    private static string WriteIdx(TestFiles folder, byte type, int count)
    {
        int size = type switch { 0x08 => 1, 0x0B => 2, _ => 4 };
        byte[] values = new byte[count * 15 * size];
        for (int i = 0; i < count * 15; i++)
        {
            int value = i * 37 % 251;
            if (size == 1)
                values[i] = (byte)value;
            else if (size == 2)
                BinaryPrimitives.WriteInt16BigEndian(values.AsSpan(2 * i), (short)value);
            else
                BinaryPrimitives.WriteSingleBigEndian(values.AsSpan(4 * i), value / 7f);
        }

        folder.Bytes("some-labels-idx1-ubyte", TestFiles.Idx(0x08, [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))]));
        return folder.Bytes("some-images-idx3-ubyte", TestFiles.Idx(type, [count, 3, 5], values));
    }

    private static string WriteNpy(TestFiles folder, string name, string type, int size, string shape, int count)
    {
        byte[] values = new byte[count * size];
        for (int i = 0; i < count; i++)
        {
            int value = i * 37 % 251;
            if (size == 1)
                values[i] = (byte)value;
            else if (size == 4)
                BinaryPrimitives.WriteSingleLittleEndian(values.AsSpan(4 * i), value / 7f);
            else
                BinaryPrimitives.WriteDoubleBigEndian(values.AsSpan(8 * i), value / 7.0);
        }

        return folder.Bytes(name, TestFiles.Npy($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}}}", values));
    }

    /// <summary>Numbers, texts, missing values, and a column in which the first text comes in a late group of rows.</summary>
    private static string Csv(int rows)
    {
        StringBuilder text = new("age,kind,late,code,class\n");
        for (int row = 0; row < rows; row++)
        {
            string age = row % 17 == 0 ? "" : (row * 31 % 997 / 10.0).ToString(System.Globalization.CultureInfo.InvariantCulture);
            string late = row >= 16_500 && row % 3 == 0 ? "none" : (row % 5).ToString(System.Globalization.CultureInfo.InvariantCulture);
            text.Append(age).Append(',').Append("abc"[row % 3]).Append(',').Append(late).Append(',').Append(row % 7).Append(',')
                .Append(row % 2 == 0 ? "yes" : "no").Append('\n');
        }

        return text.ToString();
    }
}
