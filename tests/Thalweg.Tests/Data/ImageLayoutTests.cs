using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Images with their channels first or last are read to the same features.</summary>
public sealed class ImageLayoutTests : IDisposable
{
    private const int Count = 40, Height = 5, Width = 6;

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(3, true)]
    public void Channels_that_come_last_give_the_features_of_those_that_come_first(int channels, bool areNumbers)
    {
        string first = Write("first", channels, channelsLast: false, areNumbers);
        string last = Write("last", channels, channelsLast: true, areNumbers);
        DataSplit expected = DataSource.Open(first).Split();
        expected.Preprocessing.FeatureShape.ShouldBe([channels, Height, Width]);
        expected.Notes.ShouldBeEmpty();
        foreach (long limit in new[] { long.MaxValue, 0 })
        {
            DataSource source = DataSource.Open(last, new DataOptions { InMemoryLimit = limit });
            source.Describe().ItemShape.ShouldBe([channels, Height, Width]);
            source.Describe().Notes.ShouldHaveSingleItem().Text.ShouldContain("channels last");
            DataSplit split = source.Split();
            split.Training.Data.IsMapped.ShouldBe(limit == 0);
            split.Preprocessing.Image!.Layout.ShouldBe(ImageLayout.ChannelsLast);
            split.Training.Data.FeatureShape.ShouldBe([channels, Height, Width]);
            Content<float>(split.Training.Data).ShouldBe(Content<float>(expected.Training.Data));
            Content<double>(split.Validation.Data).ShouldBe(Content<double>(expected.Validation.Data));
        }
    }

    [Fact]
    public void New_images_of_either_layout_are_read_as_the_training_images()
    {
        string first = Write("first", 3, channelsLast: false), last = Write("last", 3, channelsLast: true);
        float[] expected = Content<float>(ReadAll(first, DataSource.Open(first).Split().Preprocessing));
        foreach (string trained in new[] { first, last })
        {
            Preprocessing stored = Preprocessing.FromJson(DataSource.Open(trained).Split().Preprocessing.ToJson());
            foreach (string path in new[] { first, last })
            {
                Content<float>(ReadAll(path, stored)).ShouldBe(expected);
                using PreparedReader reader = PreparedReader.Open(path, stored, requireTarget: false);
                reader.Notes.Count.ShouldBe(path == trained ? 0 : 1, "the other layout is noted");
            }
        }
    }

    [Fact]
    public void Separate_test_images_may_have_the_other_layout()
    {
        string first = Write("first", 3, channelsLast: false), last = Write("last", 3, channelsLast: true);
        DataSplit same = DataSource.Open(last, new DataOptions { TestPath = last }).Split();
        DataSplit other = DataSource.Open(last, new DataOptions { TestPath = first }).Split();
        Content<float>(other.Test!.Read("check")).ShouldBe(Content<float>(same.Test!.Read("check")));
    }

    [Fact]
    public void Images_that_fit_both_layouts_need_to_be_given()
    {
        string path = WriteShape([Count, 3, 32, 3]);
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("fits both");
        foreach ((ImageLayout layout, int[] expected) in
            new[] { (ImageLayout.ChannelsFirst, new[] { 3, 32, 3 }), (ImageLayout.ChannelsLast, [3, 3, 32]) })
        {
            DataSource source = DataSource.Open(path, new DataOptions { Layout = layout, Strict = true });
            source.Describe().ItemShape.ShouldBe(expected);
            source.Describe().Notes.ShouldBeEmpty();
            Preprocessing stored = Preprocessing.FromJson(source.Split().Preprocessing.ToJson());
            ReadAll(path, stored).FeatureShape.ShouldBe(expected);
        }
    }

    [Fact]
    public void A_doubtful_axis_is_noted_and_is_an_error_where_notes_are()
    {
        string path = WriteShape([Count, 8, 8, 13]);
        DataSource.Open(path).Describe().Notes.ShouldHaveSingleItem().Text.ShouldContain("channels first (8 channels of 8 x 13)");
        TestFiles.ErrorOf(() => DataSource.Open(path, new DataOptions { Strict = true })).ShouldContain("Layout");
        DataSource.Open(path, new DataOptions { Layout = ImageLayout.ChannelsLast }).Describe().ItemShape.ShouldBe([13, 8, 8]);
    }

    [Theory]
    [InlineData(new[] { Count, 6 })]
    [InlineData(new[] { Count, 6, 5 })]
    public void Arrays_without_an_axis_of_channels_have_no_layout(int[] shape) =>
        TestFiles.ErrorOf(() => DataSource.Open(WriteShape(shape), new DataOptions { Layout = ImageLayout.ChannelsLast }))
            .ShouldContain("there is no axis of channels");

    [Fact]
    public void Plain_images_and_signals_keep_their_one_channel() =>
        DataSource.Open(WriteShape([Count, 3, 32])).Describe().ItemShape.ShouldBe([1, 3, 32]);

    [Theory]
    [InlineData(new[] { Count, 4, 32, 32 })]
    [InlineData(new[] { Count, 32, 16, 6 })]
    [InlineData(new[] { Count, 32, 96 })]
    [InlineData(new[] { Count, 3, 16, 64 })]
    public void New_images_of_another_shape_are_refused(int[] shape)
    {
        Preprocessing stored = DataSource.Open(WriteShape([Count, 32, 32, 3])).Split().Preprocessing;
        TestFiles.ErrorOf(() => ReadAll(WriteShape(shape), stored)).ShouldContain("expected items of shape [3, 32, 32]");
    }

    private static Dataset ReadAll(string path, Preprocessing preprocessing)
    {
        using PreparedReader reader = PreparedReader.Open(path, preprocessing, requireTarget: true);
        return reader.ReadAll();
    }

    private static T[] Content<T>(Dataset data)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        T[] features = new T[data.Count * data.FeatureWidth];
        data.Gather<T>([.. Enumerable.Range(0, data.Count)], features);
        return features;
    }

    private static byte[] Labels() => TestFiles.Npy([Count], [.. Enumerable.Range(0, Count).Select(row => (long)(row % 2))]);

    private string Write(string stem, int channels, bool channelsLast, bool areNumbers = false)
    {
        int size = Height * Width * channels;
        double[] values = new double[Count * size];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i / (Height * Width) % channels, place = i % (Height * Width);
            int at = channelsLast ? (i / size * size) + (place * channels) + channel : i;
            values[at] = i * 37 % 251;
        }

        int[] shape = channelsLast ? [Count, Height, Width, channels] : [Count, channels, Height, Width];
        _files.Bytes($"{stem}_labels.npy", Labels());
        return _files.Bytes(
            $"{stem}_images.npy",
            areNumbers ? TestFiles.Npy(shape, values) : TestFiles.Npy(shape, [.. values.Select(value => (byte)value)]));
    }

    private string WriteShape(int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
            values[i] = i % 19;
        string stem = string.Join('x', shape);
        _files.Bytes($"{stem}_labels.npy", Labels());
        return _files.Bytes($"{stem}_images.npy", TestFiles.Npy(shape, values));
    }
}
