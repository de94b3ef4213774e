using System.Globalization;
using System.Text;

namespace Thalweg.Diagnosis;

/// <summary>Examinations and proofs as plain text, for terminals.</summary>
public static class ExaminationText
{
    private const int Suspicions = 3;
    private const double Suspected = 0.25;

    /// <summary>Findings with evidence, reason and fixes, line by line.</summary>
    /// <param name="examination">What was found.</param>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public static string Of(Examination examination, string language = DoctorTexts.English)
    {
        ArgumentNullException.ThrowIfNull(examination);
        DoctorTexts texts = DoctorTexts.For(language);
        StringBuilder text = new();
        foreach (Finding finding in examination.Confident)
            Write(text, finding, texts);
        if (!examination.Confident.Any())
            text.AppendLine(texts["words.no_findings"]);
        IEnumerable<Finding> suspected = examination.Findings.Where(
            finding => finding.Confidence is >= Suspected and < Examination.FindingThreshold);
        foreach (Finding finding in suspected.Take(Suspicions))
            text.Append(texts["words.suspicion"]).Append(": ").AppendLine(finding.Text(language));
        foreach (string line in examination.Unavailable)
            text.Append(texts["words.unavailable"]).Append(": ").AppendLine(line);
        text.AppendLine(texts.Format("words.cost", examination.Cost.ToString("0.0", CultureInfo.InvariantCulture)));
        return text.ToString();
    }

    /// <summary>The tries of a proof, line by line.</summary>
    /// <param name="proof">The proof.</param>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public static string Of(Proof proof, string language = DoctorTexts.English)
    {
        ArgumentNullException.ThrowIfNull(proof);
        DoctorTexts texts = DoctorTexts.For(language);
        StringBuilder text = new();
        foreach (ProofAttempt attempt in proof.Attempts)
        {
            text.AppendLine(attempt.After is { } after
                ? texts.Format(
                    attempt.Helps ? "words.proof_helps" : "words.proof_fails", attempt.Fix, Number(attempt.Before.Metric),
                    Number(after.Metric), Number(attempt.Before.Loss), Number(after.Loss), Number(attempt.Cost))
                : texts.Format("words.proof_failed", attempt.Fix, attempt.Failure ?? ""));
        }

        if (proof.Attempts.Count == 0)
            text.AppendLine(texts["words.nothing_to_prove"]);
        else if (!proof.IsRepaired)
            text.AppendLine(texts["words.not_repaired"]);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Finding finding, DoctorTexts texts)
    {
        text.AppendLine(finding.Text(texts.Language));
        foreach (Evidence evidence in finding.Evidence)
            Line(text, texts["words.evidence"], evidence.Text(texts.Language));
        if (finding.Experiment is { } experiment)
            Line(text, texts["words.experiment"], texts[$"experiment.{experiment}"]);
        if (finding.Note is { } note)
            Line(text, texts["words.where"], note);
        Line(text, texts["words.why"], finding.Cause.Why(texts.Language));
        foreach (Fix fix in finding.Fixes)
            Line(text, texts["words.fix"], fix.IsReplayable ? $"{fix.Text(texts.Language)} ({fix})" : fix.Text(texts.Language));
    }

    private static void Line(StringBuilder text, string label, string value) =>
        text.Append("  ").Append(label).Append(": ").AppendLine(value);

    private static string Number(double value) => value.ToString("g3", CultureInfo.InvariantCulture);
}
