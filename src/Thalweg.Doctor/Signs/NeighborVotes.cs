using Thalweg.Data;

namespace Thalweg.Diagnosis;

/// <summary>What nearest neighbors among standardized features say. Source: Cover, Hart, Nearest neighbor pattern classification,
/// 1967.</summary>
internal sealed record NeighborVotes
{
    private const double Nearly = 0.75, Split = 0.65;

    /// <summary>Accuracy or R2 on the validation data.</summary>
    public double Metric { get; private init; }

    /// <summary>Share of training samples whose neighbors nearly all have another class.</summary>
    public double Contradicted { get; private init; }

    /// <summary>Share of training samples whose neighbors are divided between classes.</summary>
    public double Divided { get; private init; }

    /// <summary>Share of validation samples that are equal to a training sample.</summary>
    public double Shared { get; private init; }

    /// <summary>Asks the neighbors.</summary>
    public static NeighborVotes Of(Dataset training, Dataset? validation, bool hasClasses, int mostRows, int neighbors)
    {
        int[] rows = Evenly(training.Count, mostRows), others = validation is null ? [] : Evenly(validation.Count, mostRows / 2);
        double[][] x = Features(training, rows), z = validation is null ? [] : Features(validation, others);
        Standardize(x, z);
        double[] y = Targets(training, rows, hasClasses), t = validation is null ? [] : Targets(validation, others, hasClasses);
        (double contradicted, double divided, double[] self) = hasClasses ? Disagreement(x, y, neighbors) : (double.NaN, double.NaN, []);
        double[] predicted = [.. z.Select(sample => Predict(x, y, sample, neighbors, hasClasses, -1))];
        double metric = validation is null ? self.Length == 0 ? double.NaN : Metric2(self, y, hasClasses) : Metric2(predicted, t, hasClasses);
        HashSet<string> known = [.. x.Select(Key)];
        return new NeighborVotes
        {
            Metric = metric,
            Contradicted = contradicted,
            Divided = divided,
            Shared = z.Length == 0 ? double.NaN : (double)z.Count(sample => known.Contains(Key(sample))) / z.Length,
        };
    }

    private static string Key(double[] sample) => Convert.ToBase64String(
        System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(sample.AsSpan())));

    private static int[] Evenly(int count, int most) =>
        [.. Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((long)i * count / Math.Min(count, most)))];

    private static double[][] Features(Dataset data, int[] rows)
    {
        int width = data.FeatureShape.Aggregate(1, (product, size) => product * size);
        double[] all = new double[(long)rows.Length * width];
        data.Gather<double>(rows, all);
        return [.. Enumerable.Range(0, rows.Length).Select(row => all.AsSpan(row * width, width).ToArray())];
    }

    private static double[] Targets(Dataset data, int[] rows, bool hasClasses)
    {
        if (hasClasses)
        {
            int[] labels = new int[rows.Length];
            data.GatherLabels(rows, labels);
            return [.. labels.Select(label => (double)label)];
        }

        Tensor targets = data.Take(rows, DType.Float64).Targets[0].To(DType.Float64);
        return targets.Reshape([rows.Length, (int)(targets.Length / rows.Length)]).Slice(1, 0, 1).Contiguous().ToArray<double>();
    }

    private static void Standardize(double[][] x, double[][] z)
    {
        for (int i = 0; x.Length > 0 && i < x[0].Length; i++)
        {
            double mean = 0, square = 0;
            foreach (double[] sample in x)
                mean += sample[i] / x.Length;
            foreach (double[] sample in x)
                square += (sample[i] - mean) * (sample[i] - mean) / x.Length;
            double scale = square > 1e-24 ? 1 / Math.Sqrt(square) : 0;
            foreach (double[] sample in x)
                sample[i] = (sample[i] - mean) * scale;
            foreach (double[] sample in z)
                sample[i] = (sample[i] - mean) * scale;
        }
    }

    private static (double Contradicted, double Divided, double[] Predicted) Disagreement(double[][] x, double[] y, int neighbors)
    {
        double contradicted = 0, divided = 0;
        double[] predicted = new double[x.Length];
        for (int row = 0; row < x.Length; row++)
        {
            int[] near = Nearest(x, x[row], neighbors, row);
            IGrouping<double, int> most = near.GroupBy(i => y[i]).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First();
            double share = (double)most.Count() / near.Length;
            predicted[row] = most.Key;
            contradicted += share >= Nearly && most.Key != y[row] ? 1 : 0;
            divided += share <= Split ? 1 : 0;
        }

        return (contradicted / x.Length, divided / x.Length, predicted);
    }

    private static double Predict(double[][] x, double[] y, double[] sample, int neighbors, bool hasClasses, int without)
    {
        int[] near = Nearest(x, sample, neighbors, without);
        return hasClasses
            ? near.GroupBy(i => y[i]).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key
            : near.Average(i => y[i]);
    }

    private static int[] Nearest(double[][] x, double[] sample, int neighbors, int without)
    {
        int count = Math.Min(neighbors, x.Length - (without < 0 ? 0 : 1));
        double[] distances = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            distances[i] = i == without ? double.PositiveInfinity : System.Numerics.Tensors.TensorPrimitives.Distance<double>(x[i], sample);
        int[] order = [.. Enumerable.Range(0, x.Length)];
        Array.Sort(distances, order);
        return order[..count];
    }

    private static double Metric2(double[] predicted, double[] truth, bool hasClasses)
    {
        if (hasClasses)
            return (double)predicted.Zip(truth, (p, t) => p == t ? 1 : 0).Sum() / predicted.Length;
        double mean = truth.Average();
        return 1 - (predicted.Zip(truth, (p, t) => (p - t) * (p - t)).Sum() / Math.Max(truth.Sum(t => (t - mean) * (t - mean)), 1e-12));
    }
}
