using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>A try of a fix: the same seed with the changed recipe.</summary>
/// <param name="Finding">What the fix is for.</param>
/// <param name="Fix">The changes.</param>
/// <param name="Before">Figures of the run as it was.</param>
/// <param name="After">Figures with the fix; null where the replay failed.</param>
/// <param name="Cost">Counted work of the replay, as a multiple of that of the run.</param>
/// <param name="Helps">Whether the fix helps: validation figures are better by more than chance.</param>
public sealed record ProofAttempt(Finding Finding, Fix Fix, TrainingOutcome Before, TrainingOutcome? After, double Cost, bool Helps)
{
    /// <summary>Step from which the replay started: 0, or that of a checkpoint.</summary>
    public long FromStep { get; init; }

    /// <summary>Why there is no result; null where there is one.</summary>
    public string? Failure { get; init; }
}

/// <summary>What came of trying the fixes of findings by replay.</summary>
/// <param name="Attempts">The tries, in their order; the last one that helps is the proof.</param>
public sealed record Proof(IReadOnlyList<ProofAttempt> Attempts)
{
    /// <summary>The best try that helps; null where none does.</summary>
    public ProofAttempt? Best => Attempts.Where(attempt => attempt.Helps)
        .MaxBy(attempt => ReplayRunner.Gain(attempt.Before, attempt.After!));

    /// <summary>Whether a fix helps.</summary>
    public bool IsRepaired => Best is not null;

    /// <summary>Counted work of all tries, as a multiple of that of the run.</summary>
    public double Cost => Attempts.Sum(attempt => attempt.Cost);

    /// <summary>The recipe with the changes that help; null where none do.</summary>
    public Recipe? Repaired { get; init; }

    /// <summary>The proof as one JSON object, with its texts in a language.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public string ToJson(string language = DoctorTexts.English) => FindingJson.Of(this, language).ToJsonString();

    /// <summary>Finds out before the trainings of a proof whether a repaired recipe can be written to a file.</summary>
    /// <param name="path">A file that does not exist yet, in a folder that does.</param>
    /// <exception cref="ThalwegException">There is such a file, or no such folder.</exception>
    public static void CheckFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.Exists(path))
            throw new ThalwegException($"[doctor] expected a new file for the repaired recipe, found {path} there; choose another name");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (!Directory.Exists(folder))
            throw new ThalwegException($"[doctor] {path}: expected a folder for the repaired recipe, found no {folder}; make it, or choose another");
    }

    /// <summary>Writes the repaired recipe to a file, whole or not at all.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <exception cref="ThalwegException">No fix helps, there is such a file, or it cannot be written.</exception>
    public void Apply(string path)
    {
        CheckFile(path);
        if (Repaired is not { } recipe)
            throw new ThalwegException("[doctor] expected a fix that helps, got none; nothing was written");
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(recipe.ToYaml())));
    }
}
