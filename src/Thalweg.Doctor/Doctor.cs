using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Says why a training fails, with evidence, and proves its fixes by replay.</summary>
/// <remarks>
/// <code>
/// Examination examination = Doctor.Examine(Recipe.Load("run.yaml"));
/// foreach (Finding finding in examination.Confident) { Console.WriteLine(finding.Text()); }
/// Proof proof = Doctor.Prove(examination);
/// </code>
/// </remarks>
public static class Doctor
{
    /// <summary>Trains a recipe, in memory alone, and says what is wrong with it.</summary>
    /// <param name="recipe">What is to be run.</param>
    /// <param name="options">Budget, data and network made in code; default <see cref="DoctorOptions"/>.</param>
    /// <param name="cancellation">Ends the examination after the step under way.</param>
    /// <exception cref="ThalwegException">The recipe or its data are not as they should be: the message says what to do.</exception>
    public static Examination Examine(Recipe recipe, DoctorOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new DoctorOptions();
        PreparedRecipe prepared = options.Data is { } data ? recipe.Prepare(data, options.Network) : recipe.Prepare(options.Network);
        DoctorObserver observer = Observer(prepared.Recipe, options);
        Trainer trainer = new(
            prepared.Network, prepared.Split.Training, prepared.Split.Validation.Data.Count == 0 ? null : prepared.Split.Validation,
            prepared.Options with { Observers = [.. prepared.Options.Observers, observer] }, prepared.Split.Preprocessing.Target.Scale);
        trainer.Fit(cancellation);
        RunSigns signs = observer.Signs!;
        signs.TestReads = prepared.Split.Test?.Reads.Count ?? 0;
        Examination examination = Examiner.Examine(signs, options, cancellation);
        return observer.Failure is null ? examination : examination with { Unavailable = [.. examination.Unavailable, observer.Failure] };
    }

    /// <summary>Tries the fixes of findings by replays from the same seed, the most probable first, until one helps.</summary>
    /// <param name="examination">What was found.</param>
    /// <param name="finding">Whose fixes are tried; default all findings in their order.</param>
    /// <param name="options">Budget, data and network, as for the examination; default <see cref="DoctorOptions"/>.</param>
    /// <param name="cancellation">Ends a replay after the step under way.</param>
    /// <exception cref="ThalwegException">The run cannot be replayed: the message says why.</exception>
    public static Proof Prove(
        Examination examination, Finding? finding = null, DoctorOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examination);
        return Prover.Prove(examination, finding, options ?? new DoctorOptions { Budget = 3 }, cancellation);
    }

    private static DoctorObserver Observer(Recipe recipe, DoctorOptions options) => new(new Diagnostics.InstrumentPanelOptions
    {
        Instruments = DoctorInstruments.Full,
        Budget = options.InstrumentBudget,
    })
    {
        Recipe = recipe,
        HasCustomNetwork = options.Network is not null,
    };
}
