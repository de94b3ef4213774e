using Thalweg.Cli.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Printing;

/// <summary>A plain line per epoch: for files, pipes, and terminals without colors.</summary>
internal sealed class PlainTrainPrinter : ITrainPrinter
{
    private TrainPlan? _plan;

    public void Begin(TrainPlan plan)
    {
        _plan = plan;
        PlainTable.Write(TrainText.Opening(plan));
    }

    public void Around(Action training) => training();

    public void Step(StepReport step)
    {
    }

    public void Epoch(EpochReport epoch) => Console.Out.WriteLine(TrainText.Epoch(epoch, _plan!.Settings.Epochs!.Value));

    public void End(TrainOutcome outcome)
    {
        PlainTable.Write(TrainText.Closing(_plan!, outcome));
        if (outcome.Failure is not null)
            Console.Error.WriteLine(TrainText.Failure(_plan!, outcome));
    }
}
