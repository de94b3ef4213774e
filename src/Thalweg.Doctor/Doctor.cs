using Thalweg.Data;
using Thalweg.Models;
using Thalweg.Runs;

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
        return RecipeExamination.Of(recipe, options ?? new DoctorOptions(), cancellation);
    }

    /// <summary>Trains the recipe of a run again, to the same bits, and says what is wrong with it; nothing is written.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <param name="options">Budget; data and network where the run was made in code. Default <see cref="DoctorOptions"/>.</param>
    /// <param name="cancellation">Ends the examination after the step under way.</param>
    /// <exception cref="ThalwegException">There is no run, it keeps too little to be replayed, or the data are not those of the
    /// run.</exception>
    public static Examination ExamineRun(string folder, DoctorOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return FolderExamination.Of(new RunFolder(folder), options ?? new DoctorOptions(), cancellation);
    }

    /// <summary>Examines what a path names: the folder of a run, as <see cref="ExamineRun"/>; a model, as <see cref="ExamineModel"/>; or
    /// the file of a recipe.</summary>
    /// <param name="path">The path.</param>
    /// <param name="data">Where the data lie, in place of what run, model or recipe say; default null.</param>
    /// <param name="options">Budget and more; default <see cref="DoctorOptions"/>.</param>
    /// <param name="cancellation">Ends the examination after the step under way.</param>
    /// <exception cref="ThalwegException">There is no such thing, or it cannot be examined: the message says why.</exception>
    public static Examination ExaminePath(
        string path, string? data = null, DoctorOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PathExamination.Of(path, data, options ?? new DoctorOptions(), cancellation);
    }

    /// <summary>Looks at a trained model and data: what its layers give, its figures, the data; without the history of a run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="split">Training and validation data, prepared as the model wants them.</param>
    /// <exception cref="ThalwegException">The data do not fit the model.</exception>
    public static Examination ExamineModel(TrainedModel model, DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(split);
        return ModelExamination.Of(model, split);
    }

    /// <summary>Tries the fixes of findings by replays from the same seed, the most probable first, until the run is as good as its data
    /// allow or the budget is spent.</summary>
    /// <param name="examination">What was found.</param>
    /// <param name="finding">Whose fixes are tried; default all findings in their order.</param>
    /// <param name="options">Budget, data and network, as for the examination; default a budget of 3 times the run.</param>
    /// <param name="cancellation">Ends a replay after the step under way.</param>
    /// <exception cref="ThalwegException">The run cannot be replayed: the message says why.</exception>
    public static Proof Prove(
        Examination examination, Finding? finding = null, DoctorOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examination);
        return Prover.Prove(examination, finding, options ?? new DoctorOptions { Budget = Prover.UsualBudget }, cancellation);
    }
}
