using System.Text.Json;
using Thalweg.Checkpoints;
using Thalweg.Models;
using Thalweg.Optimizers;

namespace Thalweg.Training;

/// <summary>Saves a run in the middle and resumes it with equal bits.</summary>
public static class TrainingCheckpoint
{
    /// <summary>Saves where the run stands: weights, best weights, optimizer state and position, whole or not at all.</summary>
    /// <param name="trainer">The run, between two steps.</param>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <exception cref="ThalwegException">The file cannot be written; what was there is untouched.</exception>
    public static void Save(Trainer trainer, string path)
    {
        SafetensorsWriter tensors = new();
        ModuleState.Write(tensors, trainer.Module, TrainingFile.Weight);
        trainer.BestWeights.Write(tensors, TrainingFile.Best);
        foreach (StateSlot slot in trainer.Method.Slots)
        {
            ModuleState.Add(tensors, TrainingFile.Slot("all", slot.Name), slot.Values);
        }

        EarlyStopping stopping = trainer.Stopping;
        TrainingFile.Save(
            path,
            new TrainingDocument
            {
                Optimizer = JsonDocument.Parse($"\"{JsonEncodedText.Encode(trainer.Method.Text)}\"").RootElement,
                Step = trainer.Step,
                Epoch = trainer.Position.Epoch,
                BatchInEpoch = trainer.Position.Step,
                Seed = trainer.Options.Seed,
                Options = RunFingerprint.Of(trainer),
                CompletedEpochs = trainer.CompletedEpochs,
                EpochScores = trainer.Objective.Scores,
                EpochSeconds = trainer.EpochSeconds,
                StreamPass = trainer.Window?.Position.Pass ?? 0,
                StreamSample = trainer.Window?.Position.Sample ?? 0,
                EarlyStopping = stopping.BestEpoch < 0 ? null : new EarlyStoppingState
                {
                    BestMetric = stopping.Best,
                    BestLoss = stopping.BestLoss,
                    BestEpoch = stopping.BestEpoch,
                    EpochsWithoutImprovement = stopping.Waited,
                },
            },
            tensors);
    }

    /// <summary>Puts a new run of the same network, data and options where a saved one stood.</summary>
    /// <param name="trainer">The new run.</param>
    /// <param name="path">What <see cref="Save"/> wrote.</param>
    /// <exception cref="ThalwegException">The file is missing or damaged, or belongs to another network, optimizer or seed, or to other
    /// batches, regularizers or another loss.</exception>
    public static void Restore(Trainer trainer, string path)
    {
        TrainingFile file = TrainingFile.Load(path);
        TrainingDocument document = file.Document;
        string optimizer = document.Optimizer.ValueKind == JsonValueKind.String ? document.Optimizer.GetString()! : "";
        if (document.Seed != trainer.Options.Seed || !trainer.Method.Matches(optimizer))
        {
            throw new ThalwegException(
                $"{path}: expected a run with seed {trainer.Options.Seed} and optimizer {trainer.Method.Text}, got seed {document.Seed} " +
                $"and {optimizer}; resume with the options that it was started with");
        }

        RunFingerprint.RefuseOther(document.Options, trainer, path);
        foreach ((string name, Tensor tensor) in ModuleState.Tensors(trainer.Module))
        {
            ModuleState.Fill(file.Tensors, TrainingFile.Weight(name), tensor, path);
        }

        trainer.BestWeights.Read(file.Tensors, TrainingFile.Best, path);
        List<StateSlot> slots = [];
        foreach (StateSlot slot in trainer.Method.Slots)
        {
            Tensor values = Tensor.Zeros(slot.Values.Shape, slot.Values.DType);
            ModuleState.Fill(file.Tensors, TrainingFile.Slot("all", slot.Name), values, path);
            slots.Add(new StateSlot(slot.Name, values));
        }

        trainer.Method.Restore(document.Step, slots);
        trainer.Resume(document);
        if (document.EarlyStopping is { } stopping)
        {
            trainer.Stopping.Restore(stopping.BestMetric, stopping.BestEpoch, stopping.EpochsWithoutImprovement, stopping.BestLoss);
        }
    }
}
