namespace Thalweg.Data;

/// <summary>Which axis of an array of images holds the channels.</summary>
internal static class ImageAxes
{
    /// <summary>Decides how the array of the training data is to be read.</summary>
    /// <param name="location">The file, for errors.</param>
    /// <param name="shape">All sizes, the number of items first.</param>
    /// <param name="specified">The layout that the user gave; null detects it.</param>
    /// <param name="notes">Takes a note where the sizes leave a doubt, or the channels are found to come last.</param>
    /// <returns>The layout; null where the channels come first, and for arrays without an axis of channels.</returns>
    /// <exception cref="ThalwegException">Both readings fit, or a layout is given for an array that has no axis of channels.</exception>
    public static ImageLayout? Find(string location, int[] shape, ImageLayout? specified, List<DataNote> notes)
    {
        if (shape.Length != 4)
        {
            return specified is null ? null : throw new ThalwegException(
                $"{location}: expected images of four axes where DataOptions.Layout is set, got an "
                + $"array of shape {Text(shape)}; leave the layout out, there is no axis of channels");
        }

        if (specified is not null)
            return OrNull(specified.Value);
        bool first = IsChannels(shape[1]), last = IsChannels(shape[3]);
        if (first && last)
        {
            throw new ThalwegException($"{location}: the shape {Text(shape)} fits both {Describe(shape, ImageLayout.ChannelsFirst)} and "
                + $"{Describe(shape, ImageLayout.ChannelsLast)}; say which by DataOptions.Layout, channels first or channels last");
        }

        ImageLayout found = last ? ImageLayout.ChannelsLast : ImageLayout.ChannelsFirst;
        if (!first)
            notes.Add(new DataNote("layout", $"shape {Text(shape)}: read as {Describe(shape, found)}", nameof(DataOptions.Layout)));
        return OrNull(found);
    }

    /// <summary>Decides how an array of new data is to be read, by the shape that the model knows.</summary>
    /// <param name="location">The file, for errors.</param>
    /// <param name="shape">All sizes, the number of items first.</param>
    /// <param name="specified">The layout that the user gave; null detects it.</param>
    /// <param name="preprocessing">That of the model.</param>
    /// <param name="notes">Takes a note where the layout is another than that of the training data.</param>
    /// <returns>The layout in which the items have the shape of the training data; null where the channels come first.</returns>
    /// <exception cref="ThalwegException">There is none.</exception>
    public static ImageLayout? Match(
        string location, int[] shape, ImageLayout? specified, Preprocessing preprocessing, List<DataNote> notes)
    {
        ImageLayout? trained = preprocessing.Image!.Layout;
        if (shape.Length != 4)
        {
            // Flat items hold the values in the order of the training data.
            bool fits = ItemShape(shape, null).SequenceEqual(preprocessing.FeatureShape)
                || ((shape.Length <= 2 || preprocessing.FeatureShape.Count == 1) && Width(shape) == preprocessing.FeatureWidth);
            return fits ? trained : throw Unfit(location, shape, preprocessing);
        }

        ImageLayout usual = trained ?? ImageLayout.ChannelsFirst;
        ImageLayout other = usual == ImageLayout.ChannelsFirst ? ImageLayout.ChannelsLast : ImageLayout.ChannelsFirst;
        foreach (ImageLayout layout in specified is { } only ? [only] : new[] { usual, other })
        {
            if (!ItemShape(shape, layout).SequenceEqual(preprocessing.FeatureShape))
                continue;
            if (layout != usual)
            {
                notes.Add(new DataNote(
                    "layout", $"shape {Text(shape)}: read as {Describe(shape, layout)}, unlike the training data",
                    nameof(DataOptions.Layout)));
            }

            return OrNull(layout);
        }

        bool isFlat = preprocessing.FeatureShape.Count == 1 && Width(shape) == preprocessing.FeatureWidth;
        return isFlat ? trained : throw Unfit(location, shape, preprocessing);
    }

    /// <summary>Shape of an item as a network sees it: channels first, one channel in front of a plain image.</summary>
    public static int[] ItemShape(int[] shape, ImageLayout? layout) => shape.Length switch
    {
        1 => [1],
        3 => [1, shape[1], shape[2]],
        4 when layout == ImageLayout.ChannelsLast => [shape[3], shape[1], shape[2]],
        _ => shape[1..],
    };

    /// <summary>Channels first is the order in which all is computed: nothing needs to be kept for it.</summary>
    private static ImageLayout? OrNull(ImageLayout layout) => layout == ImageLayout.ChannelsFirst ? null : layout;

    /// <summary>Whether an axis has as many places as images have channels: gray, color, or color with opacity.</summary>
    private static bool IsChannels(int size) => size is 1 or 3 or 4;

    private static int Width(int[] shape) => shape.Skip(1).Aggregate(1, (product, size) => product * size);

    private static string Describe(int[] shape, ImageLayout layout)
    {
        int[] item = ItemShape(shape, layout);
        string order = layout == ImageLayout.ChannelsFirst ? "channels first" : "channels last";
        return $"{order} ({item[0]} channel{(item[0] == 1 ? "" : "s")} of {item[1]} x {item[2]})";
    }

    private static ThalwegException Unfit(string location, int[] shape, Preprocessing preprocessing)
    {
        int[] sizes = preprocessing.FeatureShape.Count == 3 ? [preprocessing.FeatureShape[1], preprocessing.FeatureShape[2]] : [];
        string last = sizes.Length == 2 && shape.Length == 4
            ? $" or [{sizes[0]}, {sizes[1]}, {preprocessing.FeatureShape[0]}] with channels last"
            : "";
        return new ThalwegException($"{location}: expected items of shape [{string.Join(", ", preprocessing.FeatureShape)}]{last} "
            + $"as in the training data, found {Text(shape[1..])}; give data of the shape it was trained on");
    }

    private static string Text(int[] shape) => $"[{string.Join(", ", shape)}]";
}
