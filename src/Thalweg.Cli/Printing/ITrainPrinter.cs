using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Printing;

/// <summary>Tells how a run goes.</summary>
internal interface ITrainPrinter
{
    /// <summary>Before the first step.</summary>
    void Begin(RunPlan plan);

    /// <summary>Trains inside whatever the printer shows meanwhile.</summary>
    /// <param name="training">Does the training.</param>
    void Around(Action training);

    /// <summary>After each step; must be quick.</summary>
    void Step(StepReport step);

    /// <summary>After each epoch.</summary>
    void Epoch(EpochReport epoch);

    /// <summary>Where something went wrong, and the run continues.</summary>
    /// <param name="kind">One word: fault or recovered.</param>
    /// <param name="message">What happened.</param>
    void Note(string kind, string message);

    /// <summary>After the model is saved.</summary>
    void End(RunResult result);
}

/// <summary>Chooses the printer.</summary>
internal static class TrainPrinters
{
    /// <summary>JSON where asked for; a live display on a terminal; else plain lines.</summary>
    public static ITrainPrinter Choose(bool json) =>
        json ? new JsonTrainPrinter() : IsTerminal ? new LiveTrainPrinter() : new PlainTrainPrinter();

    /// <summary>Whether the standard output is a terminal that shows colors.</summary>
    public static bool IsTerminal =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";
}
