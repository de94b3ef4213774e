namespace Thalweg.Faults;

/// <summary>The data that the suite draws; sample i of a seed depends on both alone.</summary>
internal static class Draws
{
    /// <summary>Side of the images in pixels.</summary>
    public const int Side = 12;

    /// <summary>Friedman's first function of five numbers, with normal noise of deviation 0.5.</summary>
    public static IEnumerable<object[]> Friedman(int count, double noise = 0.5)
    {
        for (int i = 0; i < count; i++)
        {
            RandomStream random = Of(11, i);
            double[] x = [.. Enumerable.Range(0, 5).Select(_ => random.NextDouble())];
            double y = (10 * Math.Sin(Math.PI * x[0] * x[1])) + (20 * (x[2] - 0.5) * (x[2] - 0.5)) + (10 * x[3]) + (5 * x[4]);
            yield return Row(x, Math.Round(y + (noise * random.NextNormal()), 4));
        }
    }

    /// <summary>A wave over three numbers, with normal noise of deviation 0.05.</summary>
    public static IEnumerable<object[]> Waves(int count, double noise = 0.05)
    {
        for (int i = 0; i < count; i++)
        {
            RandomStream random = Of(12, i);
            double[] x = [.. Enumerable.Range(0, 3).Select(_ => random.NextDouble(-2, 2))];
            yield return Row(x, Math.Round(Math.Sin(2 * x[0]) + (0.5 * x[1] * x[2]) + (noise * random.NextNormal()), 4));
        }
    }

    /// <summary>Three clouds in eight dimensions.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="spread">Deviation of the clouds.</param>
    /// <param name="wrong">Share of the labels that are drawn at random.</param>
    /// <param name="rare">Share of the rows that are of the last class; 0 for all classes alike.</param>
    /// <param name="isSorted">Whether rows come class by class.</param>
    public static IEnumerable<object[]> Clouds(int count, double spread = 0.9, double wrong = 0, double rare = 0, bool isSorted = false)
    {
        IEnumerable<object[]> rows = Enumerable.Range(0, count).Select(i =>
        {
            RandomStream random = Of(13, i);
            int label = rare > 0 ? (random.NextDouble() < rare ? 2 : i % 2) : i % 3;
            double[] x = [.. Enumerable.Range(0, 8).Select(j => Center(label, j) + (spread * random.NextNormal()))];
            return Row(x, Word(random.NextDouble() < wrong ? random.NextInt32(3) : label));
        });
        return isSorted ? rows.OrderBy(row => row[^1]) : rows;
    }

    /// <summary>Inside or outside of a sphere in five dimensions.</summary>
    public static IEnumerable<object[]> Shells(int count, double spread = 0.15, double wrong = 0, double rare = 0, bool isSorted = false)
    {
        IEnumerable<object[]> rows = Enumerable.Range(0, count).Select(i =>
        {
            RandomStream random = Of(14, i);
            int label = rare > 0 ? (random.NextDouble() < rare ? 1 : 0) : i % 2;
            double[] x = [.. Enumerable.Range(0, 5).Select(_ => random.NextNormal())];
            double norm = Math.Sqrt(x.Sum(value => value * value)), radius = 1 + label + (spread * random.NextNormal());
            return Row([.. x.Select(value => value * radius / norm)], Word(random.NextDouble() < wrong ? random.NextInt32(2) : label));
        });
        return isSorted ? rows.OrderBy(row => row[^1]) : rows;
    }

    /// <summary>Lines in one of four directions on noise.</summary>
    public static (byte[] Images, byte[] Labels) Bars(int count, double noise = 40, double wrong = 0, bool isSorted = false) =>
        Images(15, count, (noise, wrong, isSorted, 4), (label, x, y) => (Func<(double X, double Y), bool>)(label switch
        {
            0 => at => Math.Abs(at.Y - y) < 1,
            1 => at => Math.Abs(at.X - x) < 1,
            2 => at => Math.Abs(at.X - x - at.Y + y) < 1,
            _ => at => Math.Abs(at.X - x + at.Y - y) < 1,
        }));

    /// <summary>Discs, rings and crosses on noise.</summary>
    public static (byte[] Images, byte[] Labels) Blots(int count, double noise = 40, double wrong = 0, bool isSorted = false) =>
        Images(16, count, (noise, wrong, isSorted, 3), (label, x, y) => (Func<(double X, double Y), bool>)(label switch
        {
            0 => at => Distance(at, x, y) < 2.6,
            1 => at => Math.Abs(Distance(at, x, y) - 3) < 0.8,
            _ => at => Math.Min(Math.Abs(at.X - x), Math.Abs(at.Y - y)) < 0.6 && Distance(at, x, y) < 3.8,
        }));

    /// <summary>Sequences of numbers; the class is whether their sum is above 0, the number the sum over the root of the length.</summary>
    public static (float[] X, int[] Labels, float[] Numbers) Sums(int count, int length, double wrong = 0) =>
        Sequences(17, count, (length, 1, wrong), (x, random) =>
        {
            double sum = 0;
            for (int t = 0; t < length; t++)
                sum += x[t] = (float)random.NextNormal();
            return (sum > 0 ? 1 : 0, sum / Math.Sqrt(length));
        });

    /// <summary>Sequences of three numbers a step, noise but for two marks at random steps; the class is which comes first, the number
    /// the distance between them.</summary>
    public static (float[] X, int[] Labels, float[] Numbers) Orders(int count, int length, double wrong = 0) =>
        Sequences(18, count, (length, 3, wrong), (x, random) =>
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = (float)(0.2 * random.NextNormal());
            int first = random.NextInt32(length), second = random.NextInt32(length - 1);
            second += second >= first ? 1 : 0;
            x[first * 3] += 2;
            x[(second * 3) + 1] += 2;
            return (first < second ? 1 : 0, (first - second) * 2.0 / length);
        });

    /// <summary>Sequences whose class is the sign of the first number, before a long stretch of noise.</summary>
    public static (float[] X, int[] Labels, float[] Numbers) Recall(int count, int length) =>
        Sequences(19, count, (length, 1, 0), (x, random) =>
        {
            for (int t = 0; t < length; t++)
                x[t] = (float)(0.3 * random.NextNormal());
            int label = random.NextInt32(2);
            x[0] = label == 1 ? 1.5f : -1.5f;
            return (label, x[0]);
        });

    /// <summary>The stream of sample i of data of a number.</summary>
    public static RandomStream Of(ulong data, int sample) => new(data, RandomPurpose.Data, (ulong)sample);

    /// <summary>The first number of that stream, in [0, 1).</summary>
    public static double First(ulong data, int sample)
    {
        RandomStream random = Of(data, sample);
        return random.NextDouble();
    }

    private delegate (int Label, double Number) SequenceDraw(Span<float> x, Box random);

    private delegate Func<(double X, double Y), bool> InkOf(int label, double x, double y);

    private static (byte[] Images, byte[] Labels) Images(
        ulong seed, int count, (double Noise, double Wrong, bool IsSorted, int Classes) how, InkOf shape)
    {
        byte[] images = new byte[count * Side * Side], labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            int label = how.IsSorted ? i * how.Classes / count : i % how.Classes;
            Box random = new(seed, i);
            (double x, double y) = (random.Next(4, Side - 5), random.Next(4, Side - 5));
            Func<(double X, double Y), bool> isInk = shape(label, x, y);
            for (int pixel = 0; pixel < Side * Side; pixel++)
            {
                double value = (isInk((pixel % Side, pixel / Side)) ? 160 : 50) + (how.Noise * random.NextNormal());
                images[(i * Side * Side) + pixel] = (byte)Math.Clamp(value, 0, 255);
            }

            labels[i] = (byte)(random.Next(0, 1) < how.Wrong ? (int)random.Next(0, how.Classes) : label);
        }

        return (images, labels);
    }

    private static (float[] X, int[] Labels, float[] Numbers) Sequences(
        ulong seed, int count, (int Length, int Width, double Wrong) how, SequenceDraw draw)
    {
        int size = how.Length * how.Width;
        float[] x = new float[count * size], numbers = new float[count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            Box random = new(seed, i);
            (labels[i], double number) = draw(x.AsSpan(i * size, size), random);
            numbers[i] = (float)number;
            if (random.Next(0, 1) < how.Wrong)
                labels[i] = random.Next(0, 1) < 0.5 ? 0 : 1;
        }

        return (x, labels, numbers);
    }

    private static double Distance((double X, double Y) at, double x, double y) =>
        Math.Sqrt(((at.X - x) * (at.X - x)) + ((at.Y - y) * (at.Y - y)));

    private static double Center(int label, int axis) => axis % 3 == label ? 1.2 : axis % 3 == (label + 1) % 3 ? -0.6 : 0;

    private static string Word(int label) => label switch { 0 => "low", 1 => "mid", _ => "top" };

    private static object[] Row(double[] x, object target) => [.. x.Select(value => (object)Math.Round(value, 4)), target];

    /// <summary>A stream that closures can share.</summary>
    internal sealed class Box(ulong data, int sample)
    {
        private RandomStream _random = Of(data, sample);

        public double NextNormal() => _random.NextNormal();

        public double Next(double low, double high) => _random.NextDouble(low, high);

        public int NextInt32(int bound) => _random.NextInt32(bound);
    }
}
