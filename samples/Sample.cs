namespace Thalweg.Samples;

/// <summary>A small program on the public API alone.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Summary">What it shows.</param>
/// <param name="Run">Runs it and writes what it found.</param>
public sealed record Sample(string Name, string Summary, Action<TextWriter> Run)
{
    /// <summary>All samples.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        new("own-module", "a layer of your own, trained, saved and loaded", CustomModule.Run),
        new("own-loss", "a loss of your own", CustomLoss.Run),
        new("own-optimizer", "an update rule of your own, by name in a recipe", CustomOptimizer.Run),
        new("own-metric", "a metric of your own that decides when to stop and what to keep", CustomMetric.Run),
        new("own-observer", "an observer that writes a log and ends the run", CustomObserver.Run),
        new("streaming-data", "samples that come one after the other, without end", StreamingData.Run),
        new("hand-written-loop", "accumulation, clipping and K-FAC in a loop of your own", HandWrittenLoop.Run),
        new("two-inputs-two-outputs", "named inputs and outputs, a loss for each", TwoInputsTwoOutputs.Run),
        new("character-model", "an LSTM that carries its state over windows and writes text", CharacterModel.Run),
        new("serve", "one saved model answers eight threads at once", Serve.Run),
        new("transfer", "a trained body, frozen, under a new head", TransferLearning.Run),
        new("instruments", "all instruments on a module, a loss, a rule and a data source of your own", CustomInstruments.Run),
        new("doctor", "the doctor on a module, a loss, a rule and a data source of your own, one with a wrong gradient", CustomDoctor.Run),
        new("newton", "Hessian-vector products and Newton-CG on a function of your own", Newton.Run),
        new("random-against-grid", "random search over log scales against a grid, at equal budget", RandomAgainstGrid.Run),
    ];
}
