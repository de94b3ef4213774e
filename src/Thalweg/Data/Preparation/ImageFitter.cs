namespace Thalweg.Data;

/// <summary>Fits the scaling of images to training items.</summary>
internal static class ImageFitter
{
    /// <summary>One mean and one standard deviation over all positions of the training items.</summary>
    public static ImageEncoding Fit(string location, ArrayData data, int[] trainingRows)
    {
        ImageEncoding encoding = data.Format.IsByte ? FitBytes(data, trainingRows) : FitNumbers(data, trainingRows);
        if (!(encoding.Deviation > 1e-13 * Math.Abs(encoding.Mean)) || !double.IsFinite(encoding.Deviation))
        {
            throw new ThalwegException($"{location}: the training items have mean {encoding.Mean:g6} and deviation "
                + $"{encoding.Deviation:g6}; expected values that differ and are finite");
        }

        return encoding;
    }

    /// <summary>Counts the 256 values first: exact, and independent of the order of the items.</summary>
    private static ImageEncoding FitBytes(ArrayData data, int[] trainingRows)
    {
        long[] counts = new long[256];
        foreach (int row in trainingRows)
        {
            foreach (byte value in data.Raw(row, 1))
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
        double largest = 0;
        double[] values = new double[data.Width];
        foreach (int row in trainingRows)
        {
            data.Numbers(row, 1, values);
            foreach (double value in values)
                mean += value / total;
        }

        foreach (int row in trainingRows)
        {
            data.Numbers(row, 1, values);
            foreach (double value in values)
            {
                square += Math.Pow(value - mean, 2) / total;
                largest = Math.Max(largest, Math.Abs(value - mean));
            }
        }

        return new ImageEncoding(1, mean, IsSafe(square) ? Math.Sqrt(square) : ScaledDeviation(data, trainingRows, mean, largest));
    }

    /// <summary>Whether squares neither overflow nor lose digits as numbers near 0 do.</summary>
    private static bool IsSafe(double square) => square is > 1e-280 and < double.PositiveInfinity;

    /// <summary>The deviation where squares are too large or too small for double precision: of the values over the largest.</summary>
    private static double ScaledDeviation(ArrayData data, int[] trainingRows, double mean, double largest)
    {
        if (!(largest > 0) || !double.IsFinite(largest))
            return largest;
        double total = (double)trainingRows.Length * data.Width, square = 0;
        double[] values = new double[data.Width];
        foreach (int row in trainingRows)
        {
            data.Numbers(row, 1, values);
            foreach (double value in values)
                square += Math.Pow((value - mean) / largest, 2) / total;
        }

        return largest * Math.Sqrt(square);
    }
}
