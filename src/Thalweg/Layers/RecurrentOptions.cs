using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Settings that all recurrent layers share.</summary>
public sealed record RecurrentOptions
{
    /// <summary>Number of recurrent layers, each fed by the one below, 1 or more; default 1.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Whether each layer also runs backward in time, its states joined to the forward ones; default false.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Whether there are biases, one with the input and one with the state; default true.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Whether sequences are <c>[batch, time, features]</c> (default) or <c>[time, batch, features]</c>.</summary>
    public bool BatchFirst { get; init; } = true;

    /// <summary>Whether <see cref="Module.Forward(Tensor)"/> gives all steps (default) or the final state of the top layer,
    /// <c>[batch, directions * units]</c>.</summary>
    public bool AllSteps { get; init; } = true;

    /// <summary>Probability of a zero in what goes from one layer to the next in training, in [0, 1); default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Sequences of a batch whose state is carried from one training step to the next, 1 or more; default null: each step
    /// begins with zeros.</summary>
    /// <remarks>For texts and signals that are cut into windows: row i of a step continues row i of the step before, as
    /// <see cref="Data.SequentialSampler"/> orders them, and derivatives end at the window's start (truncated back-propagation
    /// through time). <see cref="Module.ResetState"/>, which the trainer calls at the beginning of an epoch, sets the state to
    /// zeros. Evaluation and prediction begin with zeros and leave it alone; <see cref="RecurrentLayer.Run"/> takes any state.
    /// As Keras' <c>stateful=True</c>.</remarks>
    public int? StatefulBatch { get; init; }

    /// <summary>1, or 2 where bidirectional.</summary>
    public int Directions => Bidirectional ? 2 : 1;

    /// <summary>The settings of a description.</summary>
    internal static RecurrentOptions Read(JsonObject description) => new()
    {
        Layers = LayerRegistry.Read<int>(description, "layers"),
        Bidirectional = LayerRegistry.Read<bool>(description, "bidirectional"),
        Bias = LayerRegistry.Read<bool>(description, "bias"),
        BatchFirst = LayerRegistry.Read<bool>(description, "batch_first"),
        AllSteps = LayerRegistry.Read<bool>(description, "all_steps"),
        Dropout = LayerRegistry.Read<double>(description, "dropout"),
        StatefulBatch = description.ContainsKey("stateful_batch") ? LayerRegistry.Read<int>(description, "stateful_batch") : null,
    };

    /// <summary>Adds the settings to a description.</summary>
    internal void Write(JsonObject description)
    {
        description["layers"] = Layers;
        description["bidirectional"] = Bidirectional;
        description["bias"] = Bias;
        description["batch_first"] = BatchFirst;
        description["all_steps"] = AllSteps;
        description["dropout"] = Dropout;
        if (StatefulBatch is { } batch)
            description["stateful_batch"] = batch;
    }
}
