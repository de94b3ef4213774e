namespace Thalweg.Data;

/// <summary>Classic data sets of points in the plane.</summary>
internal static class Points
{
    /// <summary>Draws one point of a class.</summary>
    /// <param name="sample">Number of the sample, which fixes its class.</param>
    /// <param name="random">Random numbers of the sample.</param>
    public delegate (double X, double Y, int Label) Sampler(int sample, ref RandomStream random);

    /// <summary>Draws points into a table with the columns x, y and class.</summary>
    public static Table Draw(Sampler sampler, ulong seed, int count)
    {
        double[] x = new double[count], y = new double[count], label = new double[count];
        for (int i = 0; i < count; i++)
        {
            RandomStream random = new(seed, RandomPurpose.Data, (ulong)i);
            (x[i], y[i], int classNumber) = sampler(i, ref random);

            // What is shown and exported has four decimals; rounding here makes an exported file the same data.
            (x[i], y[i], label[i]) = (Math.Round(x[i], 4), Math.Round(y[i], 4), classNumber);
        }

        return new Table([new TableColumn("x", x), new TableColumn("y", y), new TableColumn("class", label)], count, []);
    }

    /// <summary>Three arms of an Archimedean spiral, one and a half turns, with noise of 0.03.</summary>
    public static (double X, double Y, int Label) Spirals(int sample, ref RandomStream random)
    {
        const int Arms = 3;
        int label = sample % Arms;
        double along = Math.Sqrt(random.NextDouble());
        double angle = (along * 3 * Math.PI) + (label * 2 * Math.PI / Arms);
        return ((along * Math.Cos(angle)) + (0.03 * random.NextNormal()), (along * Math.Sin(angle)) + (0.03 * random.NextNormal()), label);
    }

    /// <summary>Two half circles of radius 1, the second upside down and shifted by (1, 0.5), with noise of 0.15.</summary>
    public static (double X, double Y, int Label) Moons(int sample, ref RandomStream random)
    {
        int label = sample % 2;
        double angle = Math.PI * random.NextDouble();
        (double x, double y) = label == 0 ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));
        return (x + (0.15 * random.NextNormal()), y + (0.15 * random.NextNormal()), label);
    }

    /// <summary>Clouds of deviation 0.3 around (1, 1), (-1, -1) against (1, -1), (-1, 1).</summary>
    public static (double X, double Y, int Label) Xor(int sample, ref RandomStream random)
    {
        int label = sample % 2;
        int side = random.NextInt32(2) == 0 ? 1 : -1;
        return (side + (0.3 * random.NextNormal()), (label == 0 ? side : -side) + (0.3 * random.NextNormal()), label);
    }

    /// <summary>Five clouds of deviation 0.5 around the corners of a pentagon of radius 2.</summary>
    public static (double X, double Y, int Label) Blobs(int sample, ref RandomStream random)
    {
        const int Clouds = 5;
        int label = sample % Clouds;
        double angle = label * 2 * Math.PI / Clouds;
        return ((2 * Math.Cos(angle)) + (0.5 * random.NextNormal()), (2 * Math.Sin(angle)) + (0.5 * random.NextNormal()), label);
    }

    /// <summary>Clouds of deviation 0.7 around (0, 0), (2, 0) and (0, 2) with 90, 8 and 2 percent of the points.</summary>
    public static (double X, double Y, int Label) Imbalanced(int sample, ref RandomStream random)
    {
        double draw = random.NextDouble();
        int label = draw < 0.9 ? 0 : draw < 0.98 ? 1 : 2;
        return ((label == 1 ? 2 : 0) + (0.7 * random.NextNormal()), (label == 2 ? 2 : 0) + (0.7 * random.NextNormal()), label);
    }
}
