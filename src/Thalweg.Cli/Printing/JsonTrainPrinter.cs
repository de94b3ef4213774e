using System.Text.Json;
using Thalweg.Cli.Options;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Printing;

/// <summary>JSON, one object per line: <c>start</c>, an <c>epoch</c> each, and <c>result</c>.</summary>
internal sealed class JsonTrainPrinter : ITrainPrinter
{
    private RunPlan? _plan;

    public void Begin(RunPlan plan)
    {
        _plan = plan;
        JsonOutput.Write(writer =>
        {
            writer.WriteString("event", "start");
            writer.WriteString("data", plan.Data!.Name);
            writer.WriteString("target", plan.Data!.Target);
            writer.WriteString("task", plan.Split.Preprocessing.Task.Name);
            writer.WriteTexts("classes", plan.Split.Preprocessing.Target.ClassNames);
            writer.WriteNumber("trainingSamples", plan.Split.Training.Data.Count);
            writer.WriteNumber("validationSamples", plan.Split.Validation.Data.Count);
            writer.WriteNumber("testSamples", plan.Split.Test?.Count ?? 0);
            writer.WriteNotes(plan.Split.Notes);
            writer.WriteReading(plan.Split.Preprocessing.Reading);
            writer.WriteTexts("start", plan.Prepared.Start);
            writer.WriteNumber("parameters", plan.Network.ParameterCount);
            writer.WriteTexts("weights", StartText.Weights(plan));
            writer.WriteTexts("warnings", [.. plan.Warnings.Select(FlagNames.In)]);
            writer.WriteString("loss", plan.Loss.ToString());
            writer.WriteString("optimizer", plan.Optimizer);
            writer.WriteString("optimizerName", plan.Prepared.OptimizerName);
            writer.WriteString("mode", JsonNamingPolicy.CamelCase.ConvertName(plan.Mode.ToString()));
            writer.WriteNumber("stepsPerEpoch", plan.StepsPerEpoch);
            writer.WriteNumber("firstStep", plan.FirstStep);
            writer.WriteNumber("threads", plan.Recipe.Threads ?? Threads.Current);
            writer.WritePropertyName("settings");
            plan.WriteSettings(writer);
        });
    }

    public void Around(Action training) => training();

    public void Step(StepReport step)
    {
    }

    public void Epoch(EpochReport epoch) => JsonOutput.Write(writer =>
    {
        writer.WriteString("event", "epoch");
        WriteEpoch(writer, epoch);
    });

    public void End(RunResult result)
    {
        RunPlan plan = _plan!;
        JsonOutput.Write(writer =>
        {
            writer.WriteString("event", "result");
            writer.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(result.Reason.ToString()));
            writer.WriteNumber("epochs", result.EpochCount);
            writer.WriteNumber("steps", result.Steps);
            writer.WriteNumber("seconds", result.Seconds);
            WriteEpoch(writer, "best", result.Best);
            WriteEpoch(writer, "kept", result.Kept);
            writer.WriteFigure("trivial", result.Trivial);
            if (result.Linear is { } linear)
                writer.WriteFigure("linear", linear.Metric);
            if (result.Test is { } test)
                writer.WriteEvaluation("test", test);
            if (result.TestReuse is { } reuse)
                writer.WriteReuse(reuse, indexNote: null);
            if (result.IndexNote is { } note)
                writer.WriteString("indexNote", note);
            if (result.TrivialOnTest is { } trivialOnTest)
                writer.WriteFigure("trivialOnTest", trivialOnTest);
            writer.WriteReport("validationReport", result.ValidationReport);
            writer.WriteReport("testReport", result.TestReport);
            writer.WriteNumber("testReads", result.TestReads);
            writer.WriteTexts("warnings", [.. plan.Warnings.Concat(result.Warnings).Select(FlagNames.In)]);
            writer.WriteString("model", plan.Folder.ModelPath);
            if (result.Reason == EndReason.Cancelled)
                writer.WriteString("resume", TrainText.ResumeCommand(plan));
            if (TrainText.HasUnreadTest(plan, result))
                writer.WriteString("openTest", TrainText.OpenTestCommand(plan));
            if (TrainText.IsUsable(result))
                writer.WriteString("predict", TrainText.PredictCommand(plan));
            if (result.Failure is { } failure)
                writer.WriteString("failure", failure);
        });
        if (result.Failure is not null)
            Console.Error.WriteLine(TrainText.Failure(plan, result));
    }

    private static void WriteEpoch(Utf8JsonWriter writer, string name, EpochReport? epoch)
    {
        if (epoch is null)
            return;
        writer.WriteStartObject(name);
        WriteEpoch(writer, epoch);
        writer.WriteEndObject();
    }

    private static void WriteEpoch(Utf8JsonWriter writer, EpochReport epoch)
    {
        writer.WriteNumber("epoch", epoch.Epoch + 1);
        writer.WriteEvaluation("training", epoch.Training);
        if (epoch.IsEvaluated)
            writer.WriteEvaluation("validation", epoch.Validation);
        writer.WriteBoolean("isBest", epoch.IsBest);
        writer.WriteFigure("learningRate", epoch.LearningRate);
        writer.WriteNumber("seconds", epoch.Seconds);
    }
}
