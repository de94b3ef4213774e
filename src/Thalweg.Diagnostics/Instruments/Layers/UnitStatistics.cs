using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Thalweg.Diagnostics;

/// <summary>Mean, variance, least and greatest value of each unit of a layer, in double.</summary>
public sealed class UnitStatistics
{
    private UnitStatistics(int units) =>
        (Means, Variances, Lows, Highs) = (new double[units], new double[units], new double[units], new double[units]);

    /// <summary>Mean of each unit.</summary>
    public double[] Means { get; }

    /// <summary>Variance of each unit, divided by the number of its values.</summary>
    public double[] Variances { get; }

    /// <summary>Least value of each unit.</summary>
    public double[] Lows { get; }

    /// <summary>Greatest value of each unit.</summary>
    public double[] Highs { get; }

    /// <summary>Mean of all values.</summary>
    public double Mean => Means.Average();

    /// <summary>Variance of all values, divided by their number.</summary>
    public double Variance
    {
        get
        {
            double mean = Mean;
            return Variances.Average() + Means.Average(unit => (unit - mean) * (unit - mean));
        }
    }

    /// <summary>Goes through the values once.</summary>
    /// <param name="layer">The layer.</param>
    internal static UnitStatistics Of(LayerOutput layer)
    {
        Tensor values = layer.Values;
        return values.DType == DType.Float32 ? Of<float>(values, layer) : Of<double>(values, layer);
    }

    private static UnitStatistics Of<T>(Tensor values, LayerOutput layer)
        where T : unmanaged
    {
        (int units, int run, int rows) = (layer.Units, layer.Run, layer.Rows);
        UnitStatistics result = new(units);

        // Units of a piece: as many as make some thousand values, of neighbors in memory whole lines of it.
        int each = Math.Max(1, FlatMath.Piece / Math.Max(1, rows)), block = run > 1 ? each : Math.Max(16, each / 16 * 16);
        int pieces = (units + block - 1) / block;
        void Piece(int piece)
        {
            ReadOnlySpan<T> span = values.AsSpan<T>();
            int first = piece * block, last = Math.Min(units, first + block);
            if (run > 1)
            {
                for (int unit = first; unit < last; unit++)
                    OfStretches(span, result, (unit, units, run));
            }
            else
            {
                OfColumns(span, result, (first, last));
            }
        }

        if ((long)rows * units >= 4 * FlatMath.Piece)
        {
            Threads.Run(pieces, Piece);
            return result;
        }

        for (int piece = 0; piece < pieces; piece++)
            Piece(piece);

        return result;
    }

    /// <summary>Units that are the last axis: eight columns at a time, row after row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfColumns<T>(ReadOnlySpan<T> values, UnitStatistics result, (int First, int Last) columns)
        where T : unmanaged
    {
        (int units, int unit) = (result.Means.Length, columns.First);
        int rows = values.Length / units;
        for (; unit + 8 <= columns.Last; unit += 8)
        {
            // Against the first value of the unit, so that a mean far from 0 costs no digits.
            (Vector256<double> first0, Vector256<double> first1) = FlatMath.Load8(values, unit);
            Sums left = new(first0), right = new(first1);
            for (int at = unit; at < values.Length; at += units)
            {
                (Vector256<double> value0, Vector256<double> value1) = FlatMath.Load8(values, at);
                left.Add(value0);
                right.Add(value1);
            }

            for (int lane = 0; lane < 4; lane++)
            {
                result.Write(unit + lane, rows, left.Lane(lane));
                result.Write(unit + 4 + lane, rows, right.Lane(lane));
            }
        }

        for (; unit < columns.Last; unit++)
        {
            Sums sums = new(Vector256.Create(FlatMath.Load1(values, unit)));
            for (int at = unit; at < values.Length; at += units)
                sums.Add(Vector256.Create(FlatMath.Load1(values, at)));

            result.Write(unit, rows, sums.Lane(0));
        }
    }

    /// <summary>A unit whose values lie in stretches, one for each sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfStretches<T>(ReadOnlySpan<T> values, UnitStatistics result, (int Unit, int Units, int Run) layout)
        where T : unmanaged
    {
        (int unit, int units, int run) = layout;
        Vector256<double> first = Vector256.Create(FlatMath.Load1(values, unit * run));
        Sums left = new(first), right = new(first), rest = new(first);
        for (int start = unit * run; start < values.Length; start += units * run)
        {
            int i = start;
            for (; i + 8 <= start + run; i += 8)
            {
                (Vector256<double> value0, Vector256<double> value1) = FlatMath.Load8(values, i);
                left.Add(value0);
                right.Add(value1);
            }

            // One value in four lanes: one of them is read.
            for (; i < start + run; i++)
                rest.Add(Vector256.Create(FlatMath.Load1(values, i)));
        }

        Lane all = rest.Lane(0);
        for (int lane = 0; lane < 4; lane++)
            all = all.With(left.Lane(lane)).With(right.Lane(lane));

        result.Write(unit, values.Length / units, all);
    }

    private void Write(int unit, int rows, in Lane sums)
    {
        double mean = sums.Sum / rows;
        Variances[unit] = Math.Max(0, (sums.Square / rows) - (mean * mean));
        (Means[unit], Lows[unit], Highs[unit]) = (sums.First + mean, sums.Low, sums.High);
    }

    /// <summary>Sums of four units, or of four shares of one.</summary>
    private struct Sums
    {
        private readonly Vector256<double> _first;
        private Vector256<double> _sum, _square, _low, _high;

        public Sums(Vector256<double> first) => _first = _low = _high = first;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector256<double> value)
        {
            Vector256<double> from = value - _first;
            _sum += from;
            _square += from * from;

            // A comparison, because a minimum of numbers and NaN differs between processors.
            _low = Vector256.ConditionalSelect(Vector256.LessThan(value, _low), value, _low);
            _high = Vector256.ConditionalSelect(Vector256.GreaterThan(value, _high), value, _high);
        }

        public readonly Lane Lane(int lane) => new(_first[lane], _sum[lane], _square[lane], _low[lane], _high[lane]);
    }

    /// <summary>Sums of one unit, against its first value.</summary>
    private readonly record struct Lane(double First, double Sum, double Square, double Low, double High)
    {
        public Lane With(in Lane other) => new(
            First, Sum + other.Sum, Square + other.Square, other.Low < Low ? other.Low : Low, other.High > High ? other.High : High);
    }
}
