namespace Thalweg.Minimizers;

/// <summary>The search of Moré and Thuente: an interval that holds a good point, made smaller by safeguarded cubic
/// and quadratic steps.</summary>
/// <remarks>
/// Source: Moré and Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20(3), 1994, sections 2 to 4.
/// Where values differ by rounding alone, the approximate Wolfe conditions of Hager and Zhang (2005), eq. (4.1), decide by slopes.
/// </remarks>
internal sealed class MoreThuenteSearch : ISearch
{
    private const double Share = 1e-4, Rounding = 1e-14, LeastWidth = 1e-15, Longest = 1e20;
    private const int MaximumTrials = 40;

    public LinePoint Find(SearchLine line, double length)
    {
        LinePoint best = line.Start;
        double slope = Share * line.Start.Slope, longest = Longest;
        Interval interval = new(line.Start);
        for (int trials = 0; trials < MaximumTrials; trials++)
        {
            LinePoint trial = line.At(length);
            if (!double.IsFinite(trial.Value) || !double.IsFinite(trial.Slope))
            {
                longest = length;
                length = best.Length + (0.1 * (length - best.Length));
                continue;
            }

            if ((line.FallsEnough(trial, Share) && line.IsFlat(trial)) || IsLevelAndFlat(line, trial))
                return trial;

            bool falls = line.FallsEnough(trial, Share);
            interval.IsLow |= falls && trial.Slope >= 0;
            best = trial.Value < best.Value ? trial : best;

            // Until a point has fallen enough and turned, the function less its Armijo line has its minimum where one is sought.
            bool isAbove = !interval.IsLow && trial.Value <= interval.X.Value && !falls;
            length = interval.Next(trial, isAbove ? slope : 0, longest);
            if (interval.IsSpent(LeastWidth))
                break;
        }

        return best;
    }

    /// <summary>Whether the value is that of the start up to rounding and the slope has fallen as on a parabola.</summary>
    private static bool IsLevelAndFlat(SearchLine line, LinePoint trial) =>
        trial.Value <= line.Start.Value + (Rounding * Math.Abs(line.Start.Value)) &&
        trial.Value >= line.Start.Value - (Rounding * Math.Abs(line.Start.Value)) &&
        trial.Slope <= ((2 * Share) - 1) * line.Start.Slope && line.IsFlat(trial);

    /// <summary>An end of the interval.</summary>
    private readonly record struct End(double Length, double Value, double Slope)
    {
        public static End Of(LinePoint point) => new(point.Length, point.Value, point.Slope);

        /// <summary>The end on the function less a line of the given slope.</summary>
        public End Less(double slope) => new(Length, Value - (Length * slope), Slope - slope);
    }

    /// <summary>The best end x, the other end y, and whether they hold a minimum between them.</summary>
    private sealed class Interval(LinePoint start)
    {
        private const double Shrink = 0.66, NearFactor = 1.1, FarFactor = 4;
        private bool _isBracketed;
        private End _y = End.Of(start);
        private double _width = double.PositiveInfinity, _widthBefore = double.PositiveInfinity;

        public End X { get; private set; } = End.Of(start);

        /// <summary>Whether a trial has fallen enough with a slope that turned.</summary>
        public bool IsLow { get; set; }

        public bool IsSpent(double least) => _isBracketed && Math.Abs(_y.Length - X.Length) <= least * Math.Max(X.Length, _y.Length);

        /// <summary>Takes in a trial and gives the next length.</summary>
        public double Next(LinePoint trial, double tilt, double longest)
        {
            End point = End.Of(trial);
            double near = _isBracketed ? 0 : point.Length + (NearFactor * (point.Length - X.Length));
            double far = Math.Min(longest, _isBracketed ? longest : point.Length + (FarFactor * (point.Length - X.Length)));
            double next = Step(X.Less(tilt), _y.Less(tilt), point.Less(tilt), (near, far));
            bool isHigher = point.Less(tilt).Value > X.Less(tilt).Value, turns = point.Less(tilt).Slope * X.Less(tilt).Slope < 0;
            if (isHigher)
                _y = point;
            else
                (_y, X) = (turns ? X : _y, point);

            if (!_isBracketed)
                return Math.Clamp(next, Math.Min(near, far), far);

            double width = Math.Abs(_y.Length - X.Length);
            if (width >= Shrink * _widthBefore)
                next = X.Length + ((_y.Length - X.Length) / 2);

            (_widthBefore, _width) = (_width, width);
            return Math.Clamp(next, Math.Min(X.Length, _y.Length), Math.Max(X.Length, _y.Length));
        }

        /// <summary>The four cases of section 4; marks the interval where a minimum lies within.</summary>
        private double Step(End x, End y, End p, (double Near, double Far) bounds)
        {
            double quadratic;
            if (p.Value > x.Value)
            {
                _isBracketed = true;
                double cubic = x.Length + (Cubic(x, p, false) * (p.Length - x.Length));
                quadratic = x.Length + (x.Slope / (((x.Value - p.Value) / (p.Length - x.Length)) + x.Slope) / 2 * (p.Length - x.Length));
                return Math.Abs(cubic - x.Length) < Math.Abs(quadratic - x.Length) ? cubic : cubic + ((quadratic - cubic) / 2);
            }

            quadratic = p.Length + (p.Slope / (p.Slope - x.Slope) * (x.Length - p.Length));
            if (p.Slope * x.Slope < 0)
            {
                _isBracketed = true;
                double cubic = p.Length + (Cubic(p, x, false) * (x.Length - p.Length));
                return Math.Abs(cubic - p.Length) > Math.Abs(quadratic - p.Length) ? cubic : quadratic;
            }

            if (Math.Abs(p.Slope) < Math.Abs(x.Slope))
                return Flatter(x, y, p, (quadratic, bounds));

            return _isBracketed ? p.Length + (Cubic(p, y, false) * (y.Length - p.Length)) : p.Length > x.Length ? bounds.Far : bounds.Near;
        }

        /// <summary>Case 3: lower and flatter, on the same side of the minimum.</summary>
        private double Flatter(End x, End y, End p, (double Quadratic, (double Near, double Far) Bounds) to)
        {
            double ratio = Cubic(p, x, true);
            double cubic = ratio < 0 ? p.Length + (ratio * (x.Length - p.Length)) : p.Length > x.Length ? to.Bounds.Far : to.Bounds.Near;
            bool isCubicNearer = Math.Abs(cubic - p.Length) < Math.Abs(to.Quadratic - p.Length);
            if (!_isBracketed)
                return isCubicNearer ? to.Quadratic : cubic;

            double next = isCubicNearer ? cubic : to.Quadratic, limit = p.Length + (Shrink * (y.Length - p.Length));
            return p.Length > x.Length ? Math.Min(limit, next) : Math.Max(limit, next);
        }

        /// <summary>Minimum of the cubic through two ends, as a share of the way from a to b; positive infinity where it has none
        /// beyond a (open).</summary>
        private static double Cubic(End a, End b, bool isOpen)
        {
            double theta = (3 * (a.Value - b.Value) / (b.Length - a.Length)) + a.Slope + b.Slope;
            double scale = Math.Max(Math.Abs(theta), Math.Max(Math.Abs(a.Slope), Math.Abs(b.Slope)));
            double square = (theta / scale * (theta / scale)) - (a.Slope / scale * (b.Slope / scale));
            double gamma = scale * Math.Sqrt(Math.Max(0, square)) * (b.Length < a.Length ? -1 : 1);
            if (isOpen)
                return gamma == 0 ? double.PositiveInfinity : (gamma - a.Slope + theta) / (gamma + (b.Slope - a.Slope) + gamma);

            return (gamma - a.Slope + theta) / (gamma - a.Slope + gamma + b.Slope);
        }
    }
}
