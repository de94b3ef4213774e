using System.Text.Json;
using Thalweg.Cli.Runs;
using Thalweg.Losses;
using Thalweg.Training;

namespace Thalweg.Cli.Printing;

/// <summary>JSON, one object per line: <c>start</c>, an <c>epoch</c> each, and <c>result</c>.</summary>
internal sealed class JsonTrainPrinter : ITrainPrinter
{
    private TrainPlan? _plan;

    public void Begin(TrainPlan plan)
    {
        _plan = plan;
        JsonOutput.Write(writer =>
        {
            writer.WriteString("event", "start");
            writer.WriteString("data", plan.Data.Name);
            writer.WriteString("target", plan.Data.Target);
            writer.WriteString("task", plan.Split.Preprocessing.Task.Name);
            writer.WriteTexts("classes", plan.Split.Preprocessing.Target.ClassNames);
            writer.WriteNumber("trainingSamples", plan.Split.Training.Data.Count);
            writer.WriteNumber("validationSamples", plan.Split.Validation.Data.Count);
            writer.WriteNumber("testSamples", plan.Split.Test?.Count ?? 0);
            writer.WriteNotes(plan.Split.Notes);
            writer.WriteReading(plan.Split.Preprocessing.Reading);
            writer.WriteTexts("start", plan.Start);
            writer.WriteNumber("parameters", plan.Network.ParameterCount);
            writer.WriteTexts("weights", StartText.Weights(plan));
            writer.WriteTexts("warnings", plan.Warnings);
            writer.WriteString("loss", LossText.Print(plan.Loss));
            writer.WriteString("optimizer", plan.Optimizer);
            writer.WriteString("optimizerName", plan.OptimizerName);
            writer.WriteString("mode", JsonNamingPolicy.CamelCase.ConvertName(plan.Mode.ToString()));
            writer.WriteNumber("stepsPerEpoch", plan.StepsPerEpoch);
            writer.WriteNumber("firstStep", plan.FirstStep);
            writer.WriteNumber("threads", Threads.Current);
            writer.WritePropertyName("settings");
            JsonSerializer.Serialize(writer, plan.Settings, RunJson.Default.TrainSettings);
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

    public void End(TrainOutcome outcome)
    {
        TrainPlan plan = _plan!;
        JsonOutput.Write(writer =>
        {
            writer.WriteString("event", "result");
            writer.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(outcome.Reason.ToString()));
            writer.WriteNumber("epochs", outcome.EpochCount);
            writer.WriteNumber("steps", outcome.Steps);
            writer.WriteNumber("seconds", outcome.Seconds);
            WriteEpoch(writer, "best", outcome.Best);
            WriteEpoch(writer, "kept", outcome.Kept);
            writer.WriteFigure("trivial", outcome.Trivial);
            if (outcome.Linear is { } linear)
                writer.WriteFigure("linear", linear.Metric);
            if (outcome.Test is { } test)
                writer.WriteEvaluation("test", test);
            if (outcome.TrivialOnTest is { } trivialOnTest)
                writer.WriteFigure("trivialOnTest", trivialOnTest);
            writer.WriteNumber("testReads", outcome.TestReads);
            writer.WriteTexts("warnings", [.. plan.Warnings, .. outcome.Warnings]);
            writer.WriteString("model", plan.Directory.ModelPath);
            if (outcome.Reason == EndReason.Cancelled)
                writer.WriteString("resume", TrainText.ResumeCommand(plan));
            if (TrainText.HasUnreadTest(plan, outcome))
                writer.WriteString("openTest", TrainText.OpenTestCommand(plan));
            if (TrainText.IsUsable(outcome))
                writer.WriteString("predict", TrainText.PredictCommand(plan));
            if (outcome.Failure is { } failure)
                writer.WriteString("failure", failure);
        });
        if (outcome.Failure is not null)
            Console.Error.WriteLine(TrainText.Failure(plan, outcome));
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
