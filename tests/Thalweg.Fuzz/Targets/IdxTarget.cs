using Thalweg.Data;
using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>Images and labels in IDX files, plain or packed by gzip.</summary>
internal sealed class IdxTarget(string name, bool isPacked) : DataTarget(name)
{
    private const string Images = "train-images-idx3-ubyte", Labels = "train-labels-idx1-ubyte";

    private static readonly byte[][] s_words =
        [[0, 0, 8, 1], [0, 0, 8, 3], [0, 0, 0x0D, 3], [0, 0, 0x0E, 2], [0, 0, 0x0B, 8], [0, 0, 0, 1], [0, 0, 1, 0], [0x7F, 0xFF, 0xFF, 0xFF]];

    private byte[] _images = [], _labels = [];

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        DataSource source = DataSource.Open("glyphs", new DataOptions { SampleCount = 30 });
        using MemoryStream images = new(), labels = new();
        source.WriteIdx(images, labels, source.AllRows());
        (_images, _labels) = (images.ToArray(), labels.ToArray());
        File.WriteAllBytes(Path.Combine(folder, Images), _images);
        File.WriteAllBytes(Path.Combine(folder, Labels), _labels);
        Learn(Path.Combine(folder, Images));
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        bool areLabels = draws.OneIn(3);
        byte[] images = areLabels ? _images : Change(draws, _images), labels = areLabels ? Change(draws, _labels) : _labels;
        if (isPacked)
            (images, labels) = draws.OneIn(2) ? (Pack(draws, images), labels) : (images, Pack(draws, labels));
        return new FuzzInput([(Images, images), (Labels, labels)], draws.Bits());
    }

    /// <summary>Half of the changes meet the header, which is short.</summary>
    private byte[] Change(Draws draws, byte[] bytes)
    {
        const int Header = 16;
        return draws.OneIn(2) ? ByteMutator.Mutate(draws, bytes, _labels, s_words)
            : [.. ByteMutator.Mutate(draws, bytes[..Header], s_words[0], s_words), .. bytes[Header..]];
    }

    /// <inheritdoc/>
    protected override DataOptions OptionsFor(FuzzInput input) =>
        base.OptionsFor(input) with { Layout = input.Chooses(5, 8) ? ImageLayout.ChannelsLast : null };
}
