namespace Thalweg.Faults;

/// <summary>The scores of the doctor on reports of planted faults and healthy trainings.</summary>
internal sealed class Score(IReadOnlyList<Report> reports)
{
    private Report[] Faulty => [.. reports.Where(report => report.Cause != Report.None)];

    private Report[] Healthy => [.. reports.Where(report => report.Cause == Report.None)];

    /// <summary>Share of the planted faults with a finding.</summary>
    public double Detection => Share(Faulty, report => report.Confident.Count > 0);

    /// <summary>Share of the planted faults whose cause is the first finding.</summary>
    public double First => Share(Faulty, report => report.Confident.Take(1).Any(item => item.Cause == report.Cause));

    /// <summary>Share of the planted faults whose cause is the first or the second finding.</summary>
    public double FirstTwo => Share(Faulty, report => report.Confident.Take(2).Any(item => item.Cause == report.Cause));

    /// <summary>Share of the planted faults with their cause among the findings.</summary>
    public double Named => Share(Faulty, report => report.Confident.Any(item => item.Cause == report.Cause));

    /// <summary>Share of the findings on faults that are the planted cause or an accepted consequence.</summary>
    public double Precision
    {
        get
        {
            (Report Report, Found Found)[] all = [.. Faulty.SelectMany(report => report.Confident.Select(item => (report, item)))];
            return all.Length == 0 ? double.NaN : (double)all.Count(pair => pair.Report.Accepts(pair.Found)) / all.Length;
        }
    }

    /// <summary>Share of the healthy trainings with a finding.</summary>
    public double FalseAlarms => Share(Healthy, report => report.Confident.Count > 0);

    /// <summary>The confusion table: planted cause, first finding, count.</summary>
    public IEnumerable<(string Planted, string First, int Count)> Confusion =>
        from report in reports
        group report by (report.Cause, First: report.Confident.FirstOrDefault()?.Cause ?? "nothing") into cell
        orderby cell.Key.Cause, cell.Count() descending, cell.Key.First
        select (cell.Key.Cause, cell.Key.First, cell.Count());

    /// <summary>Bins of confidence: mean confidence, share that is right, number.</summary>
    public IEnumerable<(double Confidence, double Right, int Count)> Reliability(int bins = 10) =>
        from pair in Judged()
        group pair by Math.Min(bins - 1, (int)(pair.Found.Confidence * bins)) into bin
        orderby bin.Key
        select (bin.Average(pair => pair.Found.Confidence), bin.Average(pair => pair.IsRight ? 1.0 : 0), bin.Count());

    /// <summary>Mean distance of confidence and share that is right over the bins, weighted by their numbers. Source: Naeini, Cooper,
    /// Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, AAAI 2015, section 2.</summary>
    public double CalibrationError
    {
        get
        {
            (double Confidence, double Right, int Count)[] bins = [.. Reliability()];
            return bins.Sum(bin => bin.Count * Math.Abs(bin.Confidence - bin.Right)) / Math.Max(1, bins.Sum(bin => bin.Count));
        }
    }

    /// <summary>All findings and suspicions with whether they are right.</summary>
    public IEnumerable<(Found Found, bool IsRight)> Judged() =>
        reports.SelectMany(report => report.Findings.Select(item => (item, report.Cause != Report.None && report.Accepts(item))));

    /// <summary>Figures by planted cause: cases, detected, first, first two, findings, right findings.</summary>
    public IEnumerable<(string Cause, int Cases, int Detected, int First, int FirstTwo, int Findings, int Right)> ByCause =>
        from report in Faulty
        group report by report.Cause into cause
        orderby cause.Key
        select (
            cause.Key, cause.Count(), cause.Count(report => report.Confident.Count > 0),
            cause.Count(report => report.Confident.Take(1).Any(item => item.Cause == report.Cause)),
            cause.Count(report => report.Confident.Take(2).Any(item => item.Cause == report.Cause)),
            cause.Sum(report => report.Confident.Count), cause.Sum(report => report.Confident.Count(report.Accepts)));

    /// <summary>Cases that are not right: missed, named otherwise, with false findings, and false alarms.</summary>
    public IEnumerable<string> Wrong()
    {
        foreach (Report report in reports)
        {
            Found[] found = [.. report.Confident];
            string text = string.Join(", ", report.Findings.Take(5).Select(item => $"{item.Cause} {item.Confidence:f2}"));
            if (report.Failure.Length > 0)
                yield return $"FAILED {report.Name}: {report.Failure}";
            else if (report.Cause == Report.None && found.Length > 0)
                yield return $"FALSE ALARM {report.Name}: {text} [{report.Evidence}]";
            else if (report.Cause != Report.None && found.Length == 0)
                yield return $"MISSED {report.Name}: {text} [{report.Evidence}]";
            else if (report.Cause != Report.None && !found.Take(2).Any(item => item.Cause == report.Cause))
                yield return $"MISNAMED {report.Name}: {text} [{report.Evidence}]";
            if (report.Cause != Report.None && found.FirstOrDefault(item => !report.Accepts(item)) is { } wrong)
                yield return $"FALSE FINDING {report.Name}: {wrong.Cause} {wrong.Confidence:f2} [{report.Evidence}]";
        }
    }

    /// <summary>Recall, precision and F3 of a tool by the formulas of Humbatova and others, EMSE 30:124, 2025, section 4: for each fault the
    /// share of its ground truth that is found and the share of the findings that are in it, then the mean over all faults.</summary>
    /// <param name="truthsOf">The ground truths of a report, one or several; of several that counts which scores best.</param>
    public (double Recall, double Precision, double F3) Humbatova(Func<Report, IReadOnlyList<IReadOnlySet<string>>> truthsOf)
    {
        List<(double Recall, double Precision)> each = [];
        foreach (Report report in Faulty)
        {
            HashSet<string> found = [.. report.Confident.Select(item => item.Cause)];
            each.Add(truthsOf(report).Select(truth =>
            {
                double both = found.Count(truth.Contains);
                return (both / truth.Count, found.Count == 0 ? 0 : both / found.Count);
            }).MaxBy(pair => (F(pair.Item1, pair.Item2), pair.Item1)));
        }

        (double recall, double precision) = each.Count == 0
            ? (double.NaN, double.NaN) : (each.Average(pair => pair.Recall), each.Average(pair => pair.Precision));
        return (recall, precision, each.Count == 0 ? double.NaN : each.Average(pair => F(pair.Recall, pair.Precision)));
    }

    /// <summary>F measure with beta = 3, which counts recall nine times as much.</summary>
    private static double F(double recall, double precision) =>
        recall + precision == 0 ? 0 : 10 * precision * recall / ((9 * precision) + recall);

    private static double Share(Report[] all, Func<Report, bool> test) => all.Length == 0 ? double.NaN : (double)all.Count(test) / all.Length;
}
