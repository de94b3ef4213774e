using System.Text.Json;
using Thalweg.Checkpoints;
using Thalweg.Models;
using Thalweg.Optimizers;

namespace Thalweg.Training;

/// <summary>Saves a run in the middle and resumes it with equal bits.</summary>
/// <remarks><see cref="TrainingSnapshot"/> saves in the background.</remarks>
public static class TrainingCheckpoint
{
    /// <summary>Saves where the run stands: weights, best weights, optimizer state and position, whole or not at all.</summary>
    /// <param name="trainer">The run, between two steps.</param>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="notes">Texts to save with the state, by name; default none.</param>
    /// <exception cref="ThalwegException">The file cannot be written; what was there is untouched.</exception>
    public static void Save(Trainer trainer, string path, IReadOnlyDictionary<string, string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        SafetensorsWriter writer = new();
        writer.SetMetadata(ModuleState.LayoutName, ModuleState.LayoutText);
        foreach ((string name, Tensor tensor) in Tensors(trainer))
            ModuleState.Add(writer, name, tensor);
        trainer.BestWeights.Write(writer, TrainingFile.Best);
        TrainingFile.AddNotes(writer, notes);
        TrainingFile.Save(path, Describe(trainer), writer);
    }

    /// <summary>Puts a new run of the same network, data and options where a saved one stood.</summary>
    /// <param name="trainer">The new run.</param>
    /// <param name="path">What <see cref="Save"/> wrote.</param>
    /// <param name="allowsOtherRates">Whether the optimizer may have other hyperparameters than the saved one; its rules must remember the
    /// same. Default false.</param>
    /// <returns>What was saved beside the tensors.</returns>
    /// <exception cref="ThalwegException">The file is missing or damaged, or belongs to another network, optimizer or seed, or to other
    /// batches, regularizers or another loss.</exception>
    public static TrainingDocument Restore(Trainer trainer, string path, bool allowsOtherRates = false) =>
        Restore(trainer, TrainingFile.Load(path), allowsOtherRates);

    /// <summary>Puts a new run of the same network, data and options where a saved one stood.</summary>
    /// <param name="trainer">The new run.</param>
    /// <param name="file">What <see cref="Save"/> wrote.</param>
    /// <param name="allowsOtherRates">As for the other form.</param>
    /// <returns>What was saved beside the tensors.</returns>
    /// <exception cref="ThalwegException">As for the other form.</exception>
    public static TrainingDocument Restore(Trainer trainer, TrainingFile file, bool allowsOtherRates = false)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(file);
        (TrainingDocument document, string path) = (file.Document, file.Tensors.Source);
        string optimizer = document.Optimizer.ValueKind == JsonValueKind.String ? document.Optimizer.GetString()! : "";
        if (document.Seed != trainer.Options.Seed || !(allowsOtherRates || trainer.Method.Matches(optimizer)))
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
        trainer.Recovery?.Restore(document.Recovery, file.Tensors, path);
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

        return document;
    }

    /// <summary>All tensors of a state but the best weights, with their names in the file.</summary>
    internal static IEnumerable<(string Name, Tensor Tensor)> Tensors(Trainer trainer)
    {
        foreach ((string name, Tensor tensor) in ModuleState.Tensors(trainer.Module))
            yield return (TrainingFile.Weight(name), tensor);
        foreach (StateSlot slot in trainer.Method.Slots)
            yield return (TrainingFile.Slot("all", slot.Name), slot.Values);
        foreach ((string name, Tensor tensor) in trainer.Recovery?.PointTensors ?? [])
            yield return (TrainingFile.Point(name), tensor);
    }

    /// <summary>What is saved beside the tensors.</summary>
    internal static TrainingDocument Describe(Trainer trainer)
    {
        EarlyStopping stopping = trainer.Stopping;
        return new TrainingDocument
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
            Recovery = trainer.Recovery?.State,
            EarlyStopping = stopping.BestEpoch < 0 ? null : new EarlyStoppingState
            {
                BestMetric = stopping.Best,
                BestLoss = stopping.BestLoss,
                BestEpoch = stopping.BestEpoch,
                EpochsWithoutImprovement = stopping.Waited,
            },
        };
    }
}
