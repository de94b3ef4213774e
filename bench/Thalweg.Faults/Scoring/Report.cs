using System.Diagnostics;
using System.Globalization;
using Thalweg.Diagnosis;

namespace Thalweg.Faults;

/// <summary>A finding of the doctor, as far as scores need it.</summary>
/// <param name="Cause">Id of the cause.</param>
/// <param name="Confidence">Confidence in [0, 1].</param>
/// <param name="Strength">Strength of the evidence.</param>
internal sealed record Found(string Cause, double Confidence, double Strength);

/// <summary>What the doctor says of a case.</summary>
/// <param name="Name">Name of the case.</param>
/// <param name="Cause">Planted cause; <c>none</c> for a healthy training.</param>
/// <param name="Accepted">Ids of the causes that are right beside it.</param>
/// <param name="Findings">The findings and suspicions, in the doctor's order.</param>
/// <param name="Seconds">Time of the examination in seconds.</param>
internal sealed record Report(
    string Name, string Cause, IReadOnlySet<string> Accepted, IReadOnlyList<Found> Findings, double Seconds)
{
    /// <summary>The cause of healthy trainings.</summary>
    public const string None = "none";

    /// <summary>Counted work of the experiments as a multiple of the run.</summary>
    public double Cost { get; init; }

    /// <summary>Why there is no examination; empty where there is one.</summary>
    public string Failure { get; init; } = "";

    /// <summary>What the findings rest on, for reading.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>The findings that count.</summary>
    public IReadOnlyList<Found> Confident => [.. Findings.Where(item => item.Confidence >= Examination.FindingThreshold)];

    /// <summary>Whether a finding is right.</summary>
    public bool Accepts(Found found) => found.Cause == Cause || Accepted.Contains(found.Cause);

    /// <summary>Examines a setup.</summary>
    public static Report Of(string name, string cause, IReadOnlySet<string> accepted, Setup setup)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            Examination examination = Doctor.Examine(setup.Recipe, OptionsOf(setup));
            return new Report(
                name, cause, accepted,
                [.. examination.Findings.Select(finding => new Found(finding.Cause.Id, finding.Confidence, finding.Strength))],
                Stopwatch.GetElapsedTime(start).TotalSeconds)
            {
                Cost = examination.Cost,
                Evidence = string.Join(" | ", examination.Findings.Take(6).Select(finding => $"{finding.Cause.Id}: "
                    + string.Join(", ", finding.Evidence.Select(item => string.Create(
                        CultureInfo.InvariantCulture, $"{item.Quantity}={item.Value:g3}/{item.Threshold:g3}"))))),
            };
        }
        catch (Exception error) when (error is ThalwegException or ArgumentException or InvalidOperationException or NullReferenceException
            or IndexOutOfRangeException or KeyNotFoundException)
        {
            return new Report(name, cause, accepted, [], Stopwatch.GetElapsedTime(start).TotalSeconds)
            {
                Failure = error is ThalwegException ? error.Message : error.ToString().ReplaceLineEndings(" "),
            };
        }
    }

    /// <summary>The options that give the doctor what a recipe cannot say.</summary>
    public static DoctorOptions OptionsOf(Setup setup) => new()
    {
        Data = setup.Data is not null || setup.TestReads > 0 ? setup.Open() : null,
        Network = setup.Network?.Invoke(setup.Recipe.Seed),
    };

    /// <summary>A line of a file of reports.</summary>
    public string ToLine() => string.Join(
        '\t', Name, Cause, string.Join(' ', Accepted), Text(Seconds), Text(Cost),
        string.Join(' ', Findings.Select(item => $"{item.Cause}:{Text(item.Confidence)}:{Text(item.Strength)}")), Failure, Evidence);

    /// <summary>Reads <see cref="ToLine"/>.</summary>
    public static Report Parse(string line)
    {
        string[] cells = line.Split('\t');
        return new Report(
            cells[0], cells[1], cells[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(),
            [.. cells[5].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(':'))
                .Select(parts => new Found(parts[0], Number(parts[1]), Number(parts[2])))],
            Number(cells[3]))
        {
            Cost = Number(cells[4]),
            Failure = cells[6],
            Evidence = cells[7],
        };
    }

    private static string Text(double value) => value.ToString("g5", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
