using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Runs;

/// <summary>The network of a run: its layers, and settings that all hidden layers share.</summary>
public sealed record NetworkRecipe
{
    /// <summary>The initializer that leaves the choice to the activation of each layer.</summary>
    public const string ByActivation = "by_activation";

    /// <summary>What stands for a network that was made in code and cannot be written down.</summary>
    public const string Custom = "custom";

    /// <summary>The layers: a short form such as <c>mlp:256,128</c> (the default), <c>cnn:32,64+128</c>, <c>resnet:16,32</c>,
    /// <c>lstm:64</c>, <c>gru:64</c> or <c>linear</c>; or a list of registered layers with their settings, as in
    /// <c>[dense(64, activation=gelu), dropout(0.2), output]</c>, in which the other fields here have no place.</summary>
    [Field(IsShorthand = true)]
    public string Layers { get; init; } = "mlp:256,128";

    /// <summary>Activation of the hidden layers; default <c>relu</c>.</summary>
    public string? Activation { get; init; }

    /// <summary>Function of the outputs; default <c>none</c>.</summary>
    public string? OutputActivation { get; init; }

    /// <summary>How weights start: an initializer, or <see cref="ByActivation"/>; the default depends on the data.</summary>
    public string? Initializer { get; init; }

    /// <summary>How biases start; default 0.</summary>
    [Field(Hint = "an initializer, as in constant(0.1)")]
    public string? BiasInitializer { get; init; }

    /// <summary>Normalization of the hidden layers, as in <c>batch</c> or <c>group(8)</c>; the default depends on the data.</summary>
    public string? Normalization { get; init; }

    /// <summary>Probability of dropout after each hidden layer, in [0, 1); the default depends on the data.</summary>
    [Field(Least = 0, Below = 1)]
    public double? Dropout { get; init; }

    /// <summary>What dropout acts on; default single elements.</summary>
    public DropoutKind? DropoutKind { get; init; }

    /// <summary>Where dropout makes up for its zeros: <c>training</c>, the default, or <c>evaluation</c>.</summary>
    [Field(Words = ["training", "evaluation"])]
    public DropoutScaling? DropoutScaling { get; init; }

    /// <summary>Probability of stochastic depth with which a sample skips the last residual block, in [0, 1); default 0.</summary>
    [Field(Least = 0, Below = 1)]
    public double? DropPath { get; init; }

    /// <summary>Whether a text of <see cref="Layers"/> is a list of layers, not a short form.</summary>
    /// <param name="layers">The text.</param>
    public static bool IsListOfLayers(string layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return NetworkText.IsList(layers);
    }

    /// <summary>Whether the network of a recipe is a list of layers.</summary>
    internal static bool IsList(Recipe recipe) => NetworkText.IsList(recipe.Network.Layers);

    /// <summary>Whether the network of a recipe was made in code.</summary>
    internal static bool IsCustom(Recipe recipe) => recipe.Network.Layers == Custom;
}

/// <summary>What is done to the starting weights, in this order; default nothing.</summary>
public sealed record StartRecipe
{
    /// <summary>Model file, or folder of a run, whose weights are taken where name and shape agree.</summary>
    [Field(Hint = "model file, or folder of a run, whose weights are taken")]
    public string? From { get; init; }

    /// <summary>Axes of the dense and recurrent weights of <see cref="From"/>: <c>in-out</c>, or <c>out-in</c> as in PyTorch; default as
    /// the file tells.</summary>
    [Field(Words = ["in-out", "out-in"])]
    public Initializers.WeightLayout? FromLayout { get; init; }

    /// <summary>Whether weights are made orthonormal and scaled until each layer's output has variance 1; default false.</summary>
    public bool Lsuv { get; init; }

    /// <summary>Epochs for which each hidden layer learns to reconstruct its input, 1 or more; default none.</summary>
    [Field(Least = 1)]
    public int? PretrainingEpochs { get; init; }

    /// <summary>Whether the bias of the outputs starts from the class frequencies, or the mean of the target; default false.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Parameters that stay as they start: names, or patterns such as <c>0.*</c>; default none.</summary>
    [Field(Hint = "parameters that stay as they start, as in 0.*")]
    public ValueList<string>? Frozen { get; init; }
}
