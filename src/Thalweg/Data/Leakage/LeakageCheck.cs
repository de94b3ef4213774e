using System.Globalization;
using System.Runtime.InteropServices;

namespace Thalweg.Data;

/// <summary>Finds rows that are in two parts, so that what is measured was trained on.</summary>
internal static class LeakageCheck
{
    /// <summary>Kind of the notes.</summary>
    public const string Kind = "leakage";

    /// <summary>Numbers beyond which the rows are not compared: this many take about a third of a second.</summary>
    private const long MostNumbers = 100_000_000;

    private const int Block = 1024, Shown = 3, LeastRows = 3;
    private const double LeastShare = 0.01, AgreementOfCopies = 0.98, LeastDistinct = 0.5;

    /// <summary>Compares the rows of the parts.</summary>
    /// <param name="training">Training rows.</param>
    /// <param name="validation">Validation rows.</param>
    /// <param name="test">Test rows; null for none.</param>
    public static IEnumerable<DataNote> OfRows(Dataset training, Dataset validation, Dataset? test)
    {
        long rows = (long)training.Count + validation.Count + (test?.Count ?? 0);
        if (rows * training.FeatureWidth > MostNumbers || training.IsMapped || training.Count == 0)
            return [];
        RowHashes known = RowHashes.Of(training);
        if (known.Distinct < LeastDistinct * training.Count)
            return [];
        List<DataNote> notes = [];
        Add(notes, known, training, ("validation", validation));
        if (test is not null)
            Add(notes, known, training, ("test", test));
        return notes;
    }

    private static void Add(List<DataNote> notes, RowHashes known, Dataset training, (string Name, Dataset Data) part)
    {
        List<(int Row, int Twin)> equal = [.. known.TwinsOf(part.Data)];
        if (equal.Count < Math.Max(LeastRows, LeastShare * part.Data.Count))
            return;

        // Rows of few different values are alike by chance, and then have different targets; copies have the same.
        int[] agreeing = [.. Enumerable.Range(0, equal.Count).Where(i =>
            Targets.Of(training, equal[i].Twin).Equals(Targets.Of(part.Data, equal[i].Row)))];
        if (agreeing.Length < AgreementOfCopies * equal.Count)
            return;
        string pairs = string.Join(", ", agreeing.Take(Shown).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{part.Data.SourceRows[equal[i].Row] + 1} and {training.SourceRows[equal[i].Twin] + 1}")));
        notes.Add(new DataNote(Kind, string.Create(CultureInfo.InvariantCulture,
            $"{equal.Count:#,0} of {part.Data.Count:#,0} {part.Name} rows are equal to a training row, such as rows {pairs}; figures on them "
            + $"tell what was remembered: remove the copies, or keep them in one part by a column that names their group"),
            nameof(DataOptions.GroupColumn)));
    }

    /// <summary>Hashes of training rows.</summary>
    private sealed class RowHashes
    {
        private readonly Dictionary<ulong, int> _first = [];
        private readonly Dataset _data;

        private RowHashes(Dataset data) => _data = data;

        public int Distinct => _first.Count;

        public static RowHashes Of(Dataset data)
        {
            RowHashes hashes = new(data);
            Visit(data, (sample, row) => hashes._first.TryAdd(Hash(row), sample));
            return hashes;
        }

        /// <summary>Rows of another part that are equal to one of these.</summary>
        public IReadOnlyList<(int Row, int Twin)> TwinsOf(Dataset other)
        {
            List<(int, int)> twins = [];
            float[] known = new float[_data.FeatureWidth];
            Visit(other, (sample, row) =>
            {
                if (!_first.TryGetValue(Hash(row), out int twin))
                    return;
                _data.Gather<float>([twin], known);
                if (row.SequenceEqual(known))
                    twins.Add((sample, twin));
            });
            return twins;
        }

        private static void Visit(Dataset data, Action<int, ReadOnlySpan<float>> visit)
        {
            int width = data.FeatureWidth;
            int[] all = Dataset.AllRows(data.Count);
            float[] block = new float[Math.Min(Block, data.Count) * width];
            for (int start = 0; start < data.Count; start += Block)
            {
                int count = Math.Min(Block, data.Count - start);
                data.Gather(all.AsSpan(start, count), block.AsSpan(0, count * width));
                for (int i = 0; i < count; i++)
                    visit(start + i, block.AsSpan(i * width, width));
            }
        }

        private static ulong Hash(ReadOnlySpan<float> row)
        {
            ulong hash = 14695981039346656037;
            foreach (uint bits in MemoryMarshal.Cast<float, uint>(row))
                hash = ulong.RotateLeft((hash ^ bits) * 0x9E3779B97F4A7C15, 29);
            return hash;
        }
    }

    /// <summary>Target of a row, as a number.</summary>
    private static class Targets
    {
        public static double Of(Dataset data, int sample)
        {
            if (data.Task.HasClasses)
            {
                int label = 0;
                data.GatherLabels([sample], new Span<int>(ref label));
                return label;
            }

            double number = 0;
            data.GatherTargets([sample], new Span<double>(ref number));
            return number;
        }
    }
}
