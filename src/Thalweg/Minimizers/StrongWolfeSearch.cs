namespace Thalweg.Minimizers;

/// <summary>The strong Wolfe search of minFunc: brackets a good point, then narrows the bracket.</summary>
/// <remarks>
/// Source: Schmidt, minFunc, WolfeLineSearch (2005), after Nocedal and Wright (2006), algorithms 3.5 and 3.6. Trial lengths, and the
/// order of their tests, are those that <c>torch.optim.LBFGS</c> takes, so that its steps are reproduced. As there, the low end of a
/// bracket
/// is the one with the lower value, whether or not it falls enough: from a first length thousands of times too long, the point found is
/// lower than the start but may fail the first condition.
/// </remarks>
internal sealed class StrongWolfeSearch : ISearch
{
    private const double Share = 1e-4, LeastBracket = 1e-9;
    private const int MaximumTrials = 25;

    public LinePoint Find(SearchLine line, double length)
    {
        (LinePoint previous, LinePoint trial) = (line.Start, line.At(length));
        for (int trials = 0; trials < MaximumTrials; trials++)
        {
            bool isHigh = !line.FallsEnough(trial, Share) || (trials > 1 && trial.Value >= previous.Value);
            if (!isHigh && line.IsFlat(trial))
                return trial;

            if (isHigh || trial.Slope >= 0)
                return Narrow(line, new Bracket(previous, trial), trials);

            double next = Cubic(previous, trial, trial.Length + (0.01 * (trial.Length - previous.Length)), 10 * trial.Length);
            (previous, trial) = (trial, line.At(next));
        }

        return line.Start.Value <= trial.Value ? line.Start : trial;
    }

    private static LinePoint Narrow(SearchLine line, Bracket bracket, int trials)
    {
        bool isSlow = false;
        for (; trials < MaximumTrials && bracket.Width * line.Scale >= LeastBracket; trials++)
        {
            double next = Cubic(bracket.First, bracket.Second, bracket.Least, bracket.Most);
            (next, isSlow) = Inside(bracket, next, isSlow);
            LinePoint trial = line.At(next);
            if (!line.FallsEnough(trial, Share) || trial.Value >= bracket.Low.Value)
            {
                bracket.ReplaceHigh(trial);
                continue;
            }

            bool isDone = line.IsFlat(trial);
            bracket.ReplaceLow(trial, turns: !isDone && trial.Slope * (bracket.High.Length - bracket.Low.Length) >= 0);
            if (isDone)
                break;
        }

        return bracket.Low;
    }

    /// <summary>Keeps a trial off the ends: one near an end is let pass once, then moved to a tenth of the width from it.</summary>
    private static (double Length, bool IsSlow) Inside(Bracket bracket, double length, bool isSlow)
    {
        double margin = 0.1 * bracket.Width;
        if (Math.Min(bracket.Most - length, length - bracket.Least) >= margin)
            return (length, false);

        if (!isSlow && length < bracket.Most && length > bracket.Least)
            return (length, true);

        bool isUpper = Math.Abs(length - bracket.Most) < Math.Abs(length - bracket.Least);
        return (isUpper ? bracket.Most - margin : bracket.Least + margin, false);
    }

    /// <summary>Minimum of the cubic through two points with their slopes, within bounds: Nocedal and Wright (2006), eq. (3.59).</summary>
    private static double Cubic(LinePoint a, LinePoint b, double least, double most)
    {
        double d1 = a.Slope + b.Slope - (3 * (a.Value - b.Value) / (a.Length - b.Length));
        double square = (d1 * d1) - (a.Slope * b.Slope);
        if (!(square >= 0))
            return (least + most) / 2;

        double d2 = Math.Sqrt(square);
        double minimum = a.Length <= b.Length
            ? b.Length - ((b.Length - a.Length) * ((b.Slope + d2 - d1) / (b.Slope - a.Slope + (2 * d2))))
            : a.Length - ((a.Length - b.Length) * ((a.Slope + d2 - d1) / (a.Slope - b.Slope + (2 * d2))));
        return double.IsNaN(minimum) ? (least + most) / 2 : Math.Min(Math.Max(minimum, least), most);
    }

    /// <summary>Two points between which a good one lies, in the order in which they came.</summary>
    private sealed class Bracket(LinePoint first, LinePoint second)
    {
        private bool _isFirstLow = first.Value <= second.Value;

        public LinePoint First { get; private set; } = first;

        public LinePoint Second { get; private set; } = second;

        public LinePoint Low => _isFirstLow ? First : Second;

        public LinePoint High => _isFirstLow ? Second : First;

        public double Least => Math.Min(First.Length, Second.Length);

        public double Most => Math.Max(First.Length, Second.Length);

        public double Width => Most - Least;

        /// <summary>Puts a trial in the place of the higher end; which end is low is then seen anew.</summary>
        public void ReplaceHigh(LinePoint trial)
        {
            (First, Second) = _isFirstLow ? (First, trial) : (trial, Second);
            _isFirstLow = First.Value <= Second.Value;
        }

        /// <summary>Puts a trial in the place of the lower end, which becomes the higher one where the line turns between them.</summary>
        public void ReplaceLow(LinePoint trial, bool turns)
        {
            LinePoint high = turns ? Low : High;
            (First, Second) = _isFirstLow ? (trial, high) : (high, trial);
        }
    }
}
