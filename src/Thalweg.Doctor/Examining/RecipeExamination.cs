using Thalweg.Diagnostics;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Examines a recipe by training it.</summary>
internal static class RecipeExamination
{
    public static Examination Of(Recipe recipe, DoctorOptions options, CancellationToken cancellation, int testReads = 0)
    {
        PreparedRecipe prepared = options.Data is { } data ? recipe.Prepare(data, options.Network) : recipe.Prepare(options.Network);
        DoctorObserver observer = new(new InstrumentPanelOptions
        {
            Instruments = DoctorInstruments.Full,
            Budget = options.InstrumentBudget,
        })
        {
            Recipe = prepared.Recipe,
            HasCustomNetwork = options.Network is not null,
        };
        InstrumentPanel? drawn = options.ForReport
            ? new(new InstrumentPanelOptions { Instruments = DoctorInstruments.Drawn, Budget = options.InstrumentBudget })
            : null;
        Trainer trainer = new(
            prepared.Network, prepared.Split.Training, prepared.Split.Validation.Data.Count == 0 ? null : prepared.Split.Validation,
            prepared.Options with { Observers = [.. prepared.Options.Observers, observer, .. drawn is null ? Array.Empty<ITrainingObserver>() : [drawn]] }, prepared.Split.Preprocessing.Target.Scale);
        trainer.Fit(cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (observer.Signs is not { } signs)
            return new Examination { Recipe = prepared.Recipe, Unavailable = [observer.Failure ?? "the run did not start"] };
        signs.TestReads = Math.Max(testReads, prepared.Split.Test?.Reads.Count ?? 0);
        Examination examination = Examiner.Examine(signs, options, cancellation) with { Options = options };
        if (drawn is not null)
            examination = examination with { Readings = [.. examination.Readings, .. drawn.Readings.Where(reading => !reading.IsOff)] };

        return observer.Failure is null ? examination : examination with { Unavailable = [.. examination.Unavailable, observer.Failure] };
    }
}
