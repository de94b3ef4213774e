using Thalweg.Cli.Options;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Printing;

/// <summary>A plain line per epoch: for files, pipes, and terminals without colors.</summary>
internal sealed class PlainTrainPrinter : ITrainPrinter
{
    private RunPlan? _plan;

    public void Begin(RunPlan plan)
    {
        _plan = plan;
        PlainTable.Write(TrainText.Opening(plan));
    }

    public void Around(Action training) => training();

    public void Step(StepReport step)
    {
    }

    public void Epoch(EpochReport epoch) => Console.Out.WriteLine(TrainText.Epoch(epoch, _plan!.Recipe.Training.Epochs!.Value));

    public void Note(string kind, string message) => Console.Error.WriteLine($"thalweg: {kind}: {FlagNames.In(message)}");

    public void End(RunResult result)
    {
        PlainTable.Write(TrainText.Closing(_plan!, result));
        if (result.Failure is not null)
            Console.Error.WriteLine(TrainText.Failure(_plan!, result));
    }
}
