using Thalweg.Data;
using Thalweg.Diagnostics;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Examines a trained model with data; there is no history.</summary>
internal static class ModelExamination
{
    public static Examination Of(TrainedModel model, DataSplit split)
    {
        ValidationSet? validation = split.Validation.Data.Count == 0 ? null : split.Validation;
        Trainer trainer = new(
            model.Module, split.Training, validation, new TrainerOptions { Loss = model.Loss, Epochs = 1 },
            split.Preprocessing.Target.Scale);
        RunSigns signs = new(trainer);
        InstrumentPanel panel = new(new InstrumentPanelOptions
        {
            Instruments = [.. DoctorInstruments.Live.Where(instrument => instrument.Needs == InstrumentNeeds.Data)],
            Sink = signs.Add,
            KeepReadings = false,
        });
        panel.RunStarted(trainer);
        signs.End = NetworkProbe.Take(trainer);
        signs.GradientCheck = GradientCheck.Of(trainer);
        signs.UnmovedStatistics = BatchNormMode.Unmoved(model.Module);
        signs.Outcome = TrainingOutcome.Of(trainer, new TrainingReport(EndReason.Completed, [], -1, 0, 0, null));
        signs.TestReads = split.Test?.Reads.Count ?? 0;
        Examination examination = Examiner.WithoutExperiments(signs);
        return examination with
        {
            Experiments = [.. Battery.References(signs)],
            Unavailable =
            [
                .. examination.Unavailable, "causes that show in the history of a run: a model has none; give the folder of the run",
            ],
        };
    }
}
