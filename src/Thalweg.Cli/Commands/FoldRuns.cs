using Thalweg.Cli.Printing;
using Thalweg.Runs;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg train --folds N</c>: cross-validation.</summary>
internal static class FoldRuns
{
    /// <summary>Trains each fold, and the refit where it is asked for.</summary>
    /// <param name="recipe">What is to be run; null to resume what the folder holds.</param>
    /// <param name="options">Where it is saved; test data are read by the refit alone.</param>
    /// <param name="asked">Whether to refit, and whether to print JSON.</param>
    public static int Run(Recipe? recipe, RunOptions options, (bool Refit, bool Json) asked)
    {
        if (options.OpensTest && !asked.Refit)
            throw new ThalwegException("--open-test: cross-validation leaves the test data closed; add --refit, whose model reads them");
        FoldPrinter printer = new(asked.Json);
        using Interrupt interrupt = new();
        RunOptions folds = options with { OpensTest = false, StepEnded = null };
        CrossValidationResult result = recipe is null
            ? CrossValidation.Resume(options.Folder!, folds, printer, interrupt.Token)
            : CrossValidation.Start(recipe, folds, printer, interrupt.Token);
        printer.End(result);
        if (result.Folds.Count < result.Planned)
            return interrupt.ExitCode;
        return asked.Refit
            ? TrainCommand.Execute(Refit.Create(result, options with { Folder = null }), TrainPrinters.Choose(asked.Json)).Code
            : ExitCode.Success;
    }
}
