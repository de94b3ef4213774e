using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <content>Runs that are saved and resumed.</content>
public sealed partial class TrainerTests
{
    [Fact]
    public void A_run_that_is_cancelled_resumes_with_the_same_bits()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-resume.safetensors");
        TrainerOptions options = s_options with { Optimizer = new AdamW(0.02), Epochs = 4 };
        Trainer whole = Make(Samples.Network(dropout: 0.2, batchNorm: true), options);
        whole.Fit();
        Trainer first = Make(Samples.Network(dropout: 0.2, batchNorm: true), options);
        using CancellationTokenSource cancellation = new();
        first.StepEnded += s =>
        {
            if (s.Step == 22)
            {
                TrainingCheckpoint.Save(first, path);
                cancellation.Cancel();
            }
        };
        first.Fit(cancellation.Token).Reason.ShouldBe(EndReason.Cancelled);
        try
        {
            Trainer second = Make(Samples.Network(dropout: 0.2, batchNorm: true), options);
            TrainingCheckpoint.Restore(second, path);
            second.Step.ShouldBe(23);
            second.Fit().Reason.ShouldBe(EndReason.Completed);
            Samples.Weights(second.Module).ShouldBe(Samples.Weights(whole.Module));
            Trainer other = Make(Samples.Network(), options with { Seed = 9 });
            Should.Throw<ThalwegException>(
                () => TrainingCheckpoint.Restore(other, path)).Message.ShouldContain("resume with the options that it was started with");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_saved_run_is_refused_by_one_with_other_batches_regularizers_or_loss()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-options.safetensors");
        TrainerOptions options =
            s_options with { BatchSize = 50, MicroBatchSize = 25, Regularizers = [new L2Penalty(1e-3), new Mixup(0.2)] };
        (TrainerOptions Options, string Message)[] others =
        [
            (options with { BatchSize = 20 }, "expected a run with batch 20, got batch 50"),
            (options with { BatchSchedule = new GrowthSchedule(50, 2) }, "expected a run with batch growth(50, 2, factor=2"),
            (options with { MicroBatchSize = null }, "expected a run with micro-batch none, got micro-batch 25"),
            (options with { Shards = 3 }, "expected a run with shards 3, got shards 1"),
            (options with { LastBatch = LastBatch.Dropped }, "expected a run with last batch dropped, got last batch kept"),
            (options with { BatchGradient = BatchGradient.Sum }, "expected a run with batch gradient sum, got batch gradient mean"),
            (options with { Regularizers = [] }, "expected a run with regularizers none, got regularizers l2(0.001), mixup(0.2)"),
            (options with { Loss = new MultiMarginLoss() }, "expected a run with loss multi"),
            (options with { Loss = new CrossEntropyLoss { LabelSmoothing = 0.1 } }, "label_smoothing=0.1"),
            (options with { Loss = new CrossEntropyLoss { ClassWeights = [1, 2.5, 3] } }, "class_weights=[1, 2.5, 3]"),
            (options with { EvaluateEvery = 2 }, "expected a run with epochs between evaluations 2, got epochs between evaluations 1"),
        ];
        try
        {
            TrainingCheckpoint.Save(Make(Samples.Network(), options), path);
            foreach ((TrainerOptions other, string message) in others)
            {
                string line = Should.Throw<ThalwegException>(() =>
                    TrainingCheckpoint.Restore(Make(Samples.Network(), other), path)).Message;
                line.ShouldContain(message);
                line.ShouldContain("resume with the options that it was started with");
            }

            TrainingCheckpoint.Restore(Make(Samples.Network(), options with { Epochs = 50, Patience = 3 }), path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_run_saved_with_the_texts_of_older_versions_continues()
    {
        Trainer trainer = Make(Samples.Network(), s_options with
        {
            BatchSchedule = new MultiStepSchedule(50, [3, 8]),
            Regularizers = [new LabelSmoothing(0.1)],
        });
        SortedDictionary<string, string> saved = RunFingerprint.Of(trainer);
        saved["batch"].ShouldBe("multi_step(50, [3, 8], factor=0.1)");
        saved["batch"] = "multi_step(50, at(3, 8), factor=0.1)";
        saved["regularizers"] += "()";
        saved["loss settings"] = "CrossEntropyLoss { LabelSmoothing = 0 }";
        RunFingerprint.RefuseOther(saved, trainer, "old.safetensors");
        saved["batch"] = "multi_step(50, at(3, 9), factor=0.1)";
        Should.Throw<ThalwegException>(() => RunFingerprint.RefuseOther(saved, trainer, "old.safetensors"));
    }
}
