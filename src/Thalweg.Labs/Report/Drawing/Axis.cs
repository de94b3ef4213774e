using System.Globalization;

namespace Thalweg.Labs.Report;

/// <summary>Maps numbers to positions in a picture, and chooses where the ticks stand.</summary>
internal sealed class Axis
{
    private const double MostDecades = 40;
    private readonly double _low, _high, _from, _to;
    private readonly bool _isLog;

    private Axis(double low, double high, double from, double to, bool isLog) =>
        (_low, _high, _from, _to, _isLog) = (low, high, from, to, isLog);

    /// <summary>Least number.</summary>
    public double Low => Back(_low);

    /// <summary>Greatest number.</summary>
    public double High => Back(_high);

    /// <summary>An axis over some numbers; those that it cannot show are left out.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="scale">Scale of the axis.</param>
    /// <param name="from">Position of the least number.</param>
    /// <param name="to">Position of the greatest number.</param>
    public static Axis Over(IEnumerable<double> numbers, LabScale scale, double from, double to)
    {
        bool isLog = scale == LabScale.Logarithmic;
        double[] shown = [.. numbers.Where(double.IsFinite).Where(number => !isLog || number > 0)
            .Select(number => isLog ? Math.Log10(number) : number)];
        (double low, double high) = shown.Length == 0 ? (0, 1) : (shown.Min(), shown.Max());
        if (isLog)
            low = Math.Max(low, high - MostDecades);
        if (high - low < 1e-12 * Math.Max(1, Math.Abs(high)))
        {
            (low, high) = isLog ? (low - 0.5, high + 0.5)
                : (low - Math.Max(0.5, Math.Abs(low) / 2), high + Math.Max(0.5, Math.Abs(high) / 2));
        }

        return new Axis(low, high, from, to, isLog);
    }

    /// <summary>The axis with some room at both ends.</summary>
    public Axis Padded() => new(_low - ((_high - _low) * 0.04), _high + ((_high - _low) * 0.04), _from, _to, _isLog);

    /// <summary>Position of a number; null where it cannot be shown.</summary>
    public double? At(double number)
    {
        if (!double.IsFinite(number) || (_isLog && number <= 0))
            return null;
        double place = ((_isLog ? Math.Log10(number) : number) - _low) / (_high - _low);
        return _from + (Math.Clamp(place, -0.02, 1.02) * (_to - _from));
    }

    /// <summary>Numbers at which ticks stand, about five.</summary>
    public IReadOnlyList<double> Ticks()
    {
        if (_isLog && _high - _low >= 1.5)
        {
            int step = Math.Max(1, (int)Math.Ceiling((_high - _low) / 6));
            int first = (int)Math.Ceiling(_low / step) * step;
            return [.. Enumerable.Range(0, 60).Select(i => (double)(first + (i * step))).TakeWhile(power => power <= _high)
                .Select(power => Math.Pow(10, power))];
        }

        (double low, double high) = (Back(_low), Back(_high));
        double rough = (high - low) / 5, unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double distance = unit * (rough / unit < 1.5 ? 1 : rough / unit < 3.5 ? 2 : rough / unit < 7.5 ? 5 : 10);
        double start = Math.Ceiling(low / distance) * distance;
        return [.. Enumerable.Range(0, 12).Select(i => start + (i * distance)).TakeWhile(tick => tick <= high + (distance * 1e-9))
            .Select(tick => Math.Abs(tick) < distance * 1e-9 ? 0 : tick)];
    }

    /// <summary>A number as the label of a tick.</summary>
    public static string Label(double number) => Math.Abs(number) is >= 1e5 or < 1e-3 && number != 0
        ? number.ToString("0.#e0", CultureInfo.InvariantCulture) : number.ToString("0.#####", CultureInfo.InvariantCulture);

    private double Back(double value) => _isLog ? Math.Pow(10, value) : value;
}
