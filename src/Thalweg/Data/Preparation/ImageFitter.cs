namespace Thalweg.Data;

/// <summary>Fits the scaling of images to training items.</summary>
internal static class ImageFitter
{
    /// <summary>One mean and one standard deviation over all positions of the training items.</summary>
    public static ImageEncoding Fit(string place, ArrayData data, int[] trainingRows)
    {
        ImageEncoding encoding = data.IsBytes ? FitBytes(data, trainingRows) : FitNumbers(data, trainingRows);
        if (!(encoding.Deviation > 0) || !double.IsFinite(encoding.Deviation))
            throw new ThalwegException($"{place}: the training items have mean {encoding.Mean:g6} and deviation "
                + $"{encoding.Deviation:g6}; expected values that differ and are finite");
        return encoding;
    }

    /// <summary>Counts the 256 values first: exact, and independent of the order of the items.</summary>
    private static ImageEncoding FitBytes(ArrayData data, int[] trainingRows)
    {
        long[] counts = new long[256];
        foreach (int row in trainingRows)
        {
            foreach (byte value in data.Bytes(row, 1))
                counts[value]++;
        }

        double total = (double)trainingRows.Length * data.Width, mean = 0, square = 0;
        for (int value = 0; value < 256; value++)
            mean += counts[value] * (value / 255.0) / total;
        for (int value = 0; value < 256; value++)
            square += counts[value] * Math.Pow((value / 255.0) - mean, 2) / total;
        return new ImageEncoding(1 / 255.0, mean, Math.Sqrt(square));
    }

    private static ImageEncoding FitNumbers(ArrayData data, int[] trainingRows)
    {
        double total = (double)trainingRows.Length * data.Width, mean = 0, square = 0;
        float[] buffer = data.IsMapped ? new float[data.Width] : [];
        foreach (int row in trainingRows)
        {
            foreach (float value in data.Numbers(row, 1, buffer))
                mean += value / total;
        }

        foreach (int row in trainingRows)
        {
            foreach (float value in data.Numbers(row, 1, buffer))
                square += Math.Pow(value - mean, 2) / total;
        }

        return new ImageEncoding(1, mean, Math.Sqrt(square));
    }
}
