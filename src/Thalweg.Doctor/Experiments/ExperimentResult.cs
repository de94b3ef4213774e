namespace Thalweg.Diagnosis;

/// <summary>An experiment that an examination made, and what it gave.</summary>
/// <param name="Key">Which, as in <c>replay</c>, <c>gradient_check</c>, <c>overfit_batch</c>: a key of the texts.</param>
/// <param name="Detail">What exactly, as in <c>training.optimizer.learning_rate: 10 -> 0.1</c>.</param>
/// <param name="Values">Its figures.</param>
/// <param name="Work">Counted work, as a multiple of that of the run.</param>
public sealed record ExperimentResult(string Key, string Detail, ValueList<Evidence> Values, double Work)
{
    /// <summary>Why it could not be made; null where it was.</summary>
    public string? Failure { get; init; }

    /// <summary>Name in a language.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public string Name(string language = DoctorTexts.English) => DoctorTexts.For(language)[$"experiment.{Key}"];
}
