using System.Buffers.Binary;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Less common ways from files to features.</summary>
public sealed class EvaluationPathTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Directory_is_evaluated_by_its_test_images()
    {
        WriteImages("train", 30);
        WriteImages("t10k", 12);
        DataSource source = DataSource.Open(_files.Root);
        source.HasSeparateTest.ShouldBeTrue();
        DataSplit split = source.Split();
        using PreparedReader reader = PreparedReader.Open(_files.Root, split.Preprocessing, requireTarget: true);
        Dataset read = reader.ReadAll(), kept = split.Test!.Read("compare");
        read.Count.ShouldBe(12);
        float[] left = new float[72], right = new float[72];
        read.Gather<float>(Dataset.AllRows(12), left);
        kept.Gather<float>(Dataset.AllRows(12), right);
        left.ShouldBe(right);
    }

    [Fact]
    public void Images_may_have_a_test_file_of_their_own()
    {
        string train = WriteImages("train", 30), test = WriteImages("other", 12);
        DataSplit split = DataSource.Open(train, new DataOptions { TestPath = test }).Split();
        split.Training.Data.Count.ShouldBe(27);
        split.Test.ShouldNotBeNull().Count.ShouldBe(12);
    }

    [Fact]
    public void Images_of_numbers_are_standardized_too()
    {
        byte[] values = new byte[4 * 20 * 4];
        for (int i = 0; i < 80; i++)
            BinaryPrimitives.WriteSingleLittleEndian(values.AsSpan(4 * i), (i * 37 % 101) - 5f);
        string path = _files.Bytes("a.npz", TestFiles.Npz(
            ("x.npy", TestFiles.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (20, 1, 2, 2), }", values)),
            ("y.npy", TestFiles.Npy("{'descr': '|i1', 'fortran_order': False, 'shape': (20,), }",
                [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))]))));
        DataSplit split = DataSource.Open(path).Split();
        Dataset training = split.Training.Data;
        training.FeatureShape.ShouldBe([1, 2, 2]);
        double[] features = new double[training.Count * 4];
        training.Gather<double>(Dataset.AllRows(training.Count), features);
        features.Average().ShouldBe(0, 1e-5);
        features.Average(value => value * value).ShouldBe(1, 1e-5);
        using PreparedReader reader = PreparedReader.Open(path, split.Preprocessing, requireTarget: true);
        reader.ReadAll().CountClasses().ShouldBe([10, 10]);
    }

    [Fact]
    public void Blank_images_are_refused()
    {
        string path = _files.Bytes("a-images-idx3-ubyte", TestFiles.Idx(8, [20, 2, 2], new byte[80]));
        _files.Bytes("a-labels-idx1-ubyte", TestFiles.Idx(8, [20], [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))]));
        TestFiles.ErrorOf(() => DataSource.Open(path).Split()).ShouldContain("mean 0 and deviation 0; expected values that differ");
    }

    [Fact]
    public void Class_numbers_of_a_file_with_class_names_are_known_by_value_and_by_name()
    {
        string train = _files.Text(
            "train.csv", "20,2,red,green\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i * i},{i % 2}\n")));
        Preprocessing stored = Preprocessing.FromJson(DataSource.Open(train).Split().Preprocessing.ToJson());
        stored.Target.ClassNames.ShouldBe(["red", "green"]);
        using PreparedReader reader = PreparedReader.Open(_files.Text("new.csv", "1,2,1\n3,4,0\n5,6,green\n"), stored, requireTarget: true);
        reader.Read().ShouldNotBeNull().Labels.ToArray().ShouldBe([1, 0, 1]);
    }

    [Fact]
    public void Rare_categories_share_a_feature_with_unknown_ones()
    {
        string train = _files.Text("train.csv", "k,v,y\n" + string.Concat(Enumerable.Range(0, 400)
            .Select(i => $"{(i % 40 == 7 ? $"r{i / 80}" : i % 2 == 0 ? "a" : "b")},{i},{i % 3 == 0}\n")));
        DataSplit split = DataSource.Open(train).Split();
        split.Preprocessing.FeatureNames.ShouldBe(["k=a", "k=b", "k other", "v"]);
        split.Notes.ShouldContain(note => note.Text.Contains("column 'k': the rarest ") && note.Text.Contains("share the feature 'other'"));
        using PreparedReader reader = PreparedReader.Open(
            _files.Text("new.csv", "k,v\nr1,1\nnever,2\n,3\na,4\n"), split.Preprocessing, requireTarget: false);
        float[] features = reader.Read().ShouldNotBeNull().Features.ToArray();
        for (int row = 0; row < 4; row++)
            features[(4 * row)..((4 * row) + 3)].ShouldBe(row < 3 ? [0, 0, 1] : [1, 0, 0]);
    }

    [Fact]
    public void Regression_is_evaluated_in_the_standardized_unit()
    {
        string train = _files.Text("train.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},{i * 10}.5\n")));
        Preprocessing preprocessing = DataSource.Open(train).Split().Preprocessing;
        using PreparedReader reader = PreparedReader.Open(
            _files.Text("new.csv", "y,x\n100,3\n250,4\n"), preprocessing, requireTarget: true);
        float[] targets = new float[2];
        reader.ReadAll().GatherTargets<float>([0, 1], targets);
        preprocessing.Target.Invert(targets[0]).ShouldBe(100, 1e-3);
        preprocessing.Target.Invert(targets[1]).ShouldBe(250, 1e-3);
    }

    [Fact]
    public void Many_columns_may_be_separated_by_blanks()
    {
        string rows = string.Concat(
            Enumerable.Range(0, 20).Select(i => string.Join("  ", Enumerable.Range(0, 40).Select(j => i * j % 7)) + $" {i % 2}\n"));
        DataSource.Open(_files.Text("a.txt", rows)).Describe().Columns.Count.ShouldBe(41);
    }

    [Fact]
    public void Endless_row_is_refused_without_reading_it_all()
    {
        string path = _files.Path("a.csv");
        using (StreamWriter writer = new(path))
        {
            writer.Write("a,b\n1,2\n3,4\n");
            for (int i = 0; i < 400_000; i++)
                writer.Write("1234567890123456789012345678901234567890123456789012345678901234567890123456789,");
        }

        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("line 4: a row of more than 16 MiB");
    }

    [Fact]
    public void Files_that_cannot_be_opened_are_named() =>
        TestFiles.ErrorOf(() => SourceFile.OpenRaw(_files.Root)).ShouldContain($"{_files.Root}: cannot read the file");

    private string WriteImages(string stem, int count)
    {
        _files.Bytes($"{stem}-labels-idx1-ubyte", TestFiles.Idx(8, [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))]));
        return _files.Bytes(
            $"{stem}-images-idx3-ubyte", TestFiles.Idx(8, [count, 2, 3], [.. Enumerable.Range(0, count * 6).Select(i => (byte)(i * 37))]));
    }
}
