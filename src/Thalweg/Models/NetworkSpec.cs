using System.Globalization;
using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Models;

/// <summary>A network in a few words, as the command line takes it: <c>mlp:256,128</c>, <c>cnn:32,64+128</c> or <c>resnet:16,32</c>, and
/// how its layers are made.</summary>
public sealed record NetworkSpec
{
    private const string MaxoutName = "maxout";

    /// <summary>Blocks for images before the hidden layers, in order; default none.</summary>
    public IReadOnlyList<ConvolutionBlock> Convolutions { get; init; } = [];

    /// <summary>Stages of a residual network for images, in order, in place of <see cref="Convolutions"/>; default none.</summary>
    public IReadOnlyList<ResidualStage> Stages { get; init; } = [];

    /// <summary>Recurrent layers before the hidden layers, in order; the last gives its final state. Default none.</summary>
    public IReadOnlyList<RecurrentBlock> Recurrent { get; init; } = [];

    /// <summary>Units of the hidden layers, in order; none gives a linear model.</summary>
    public IReadOnlyList<int> HiddenUnits { get; init; } = [256, 128];

    /// <summary>Activation of the hidden layers; default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether a learned slope for each channel, see <see cref="PRelu"/>, takes the place of <see cref="Activation"/>; default
    /// no.</summary>
    public bool LearnedSlopes { get; init; }

    /// <summary>Affine maps of which a unit takes the largest, see <see cref="Maxout"/>, in place of <see cref="Activation"/>; 0 (default)
    /// for none. Only for networks without convolutions.</summary>
    public int MaxoutPieces { get; init; }

    /// <summary>Function on the outputs, by a name of <see cref="OutputActivationNames"/>; default <c>none</c>, as cross-entropy and squared
    /// error want it.</summary>
    /// <exception cref="ThalwegException">The name is not known: the message gives the choices.</exception>
    public string OutputActivation
    {
        get;
        init => field = OutputActivationNames.Contains(value)
            ? value
            : throw new ThalwegException($"[output activation] expected one of {string.Join(", ", OutputActivationNames)}, got '{value}'");
    } = "none";

    /// <summary>Whether there are hidden layers, to which activation, normalization and dropout belong.</summary>
    public bool HasHiddenLayers => HiddenUnits.Count + Convolutions.Count + Stages.Count + Recurrent.Count > 0;

    /// <summary>How weights start; null chooses by activation, see <see cref="Initializer.ForActivation"/>.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>How hidden layers are normalized; default null, not at all.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>Whether hidden layers are batch-normalized; to set it is the same as a <see cref="BatchNormalization"/> with its
    /// defaults.</summary>
    public bool BatchNorm
    {
        get => Normalization is BatchNormalization;
        init => Normalization = value ? BatchNorm ? Normalization : new BatchNormalization() : BatchNorm ? null : Normalization;
    }

    /// <summary>Where dropout makes up for its zeros; default in training.</summary>
    public DropoutScaling DropoutScaling { get; init; }

    /// <summary>How biases start; null leaves it to the layers, which start them at 0.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <summary>Probability of dropout after each hidden activation, in [0, 1); default 0, none.</summary>
    public double Dropout { get; init; }

    /// <summary>Kind of the dropout; default single elements.</summary>
    public DropoutKind DropoutKind { get; init; }

    /// <summary>Probability with which a sample skips the last residual block in training, see <see cref="StochasticDepth"/>, in
    /// [0, 1); the earlier ones have their share of it by depth. Default 0. Source: Huang and others, ECCV 2016, eq. (4).</summary>
    public double DropPath { get; init; }

    /// <summary>Reads the model's text: the sizes of the layers, with the defaults for all else.</summary>
    /// <param name="text"><c>mlp:256,128</c> for hidden layers of 256 and 128 units, <c>linear</c> for none; <c>cnn:32x5,64+1024</c> for
    /// images: blocks of 32 channels with windows of 5 x 5 and of 64 channels with windows of 3 x 3 (the default), then a hidden layer of
    /// 1024 units; <c>resnet:16x2,32x2</c> for a residual network of stages of 16 and 32 channels with 2 blocks each (the default), which
    /// may end in hidden layers as well; <c>lstm:64x2+32</c> and <c>gru:64</c> for sequences: recurrent layers of 64 units, 2 one above the
    /// other (1 is the default), of whose last step the final state goes to the hidden layers.</param>
    /// <exception cref="ThalwegException">The text is none of these, or a size is out of range: units and channels 1 to 65,536, windows 1
    /// to 31, blocks 1 to 256.</exception>
    public static NetworkSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "linear")
            return new() { HiddenUnits = [] };
        if (text.StartsWith("mlp:", StringComparison.Ordinal))
            return new() { HiddenUnits = UnitsOf(text["mlp:".Length..], text) };
        string[] parts = text[(text.IndexOf(':') + 1)..].Split('+', 2);
        string[] blocks = parts[0].Split(',');
        NetworkSpec spec = new() { HiddenUnits = parts.Length == 1 ? [] : UnitsOf(parts[1], text) };
        return text.Split(':')[0] switch
        {
            "cnn" => spec with { Convolutions = [.. blocks.Select(part => BlockOf(part, text))] },
            "resnet" => spec with { Stages = [.. blocks.Select(part => StageOf(part, text))] },
            "lstm" => spec with { Recurrent = [.. blocks.Select(part => RecurrentOf(RecurrentCell.Lstm, part, text))] },
            "gru" => spec with { Recurrent = [.. blocks.Select(part => RecurrentOf(RecurrentCell.Gru, part, text))] },
            _ => throw Wrong("mlp:UNITS,..., cnn:CHANNELSxWINDOW,...+UNITS,..., resnet:CHANNELSxBLOCKS,...+UNITS,..., " +
                "lstm:UNITSxLAYERS,...+UNITS,..., gru:UNITSxLAYERS,...+UNITS,... or linear", text, text),
        };
    }

    /// <summary>Names of activations as <see cref="WithActivation"/> takes them.</summary>
    public static IReadOnlyList<string> ActivationNames { get; } = [.. Thalweg.ActivationNames.All, "prelu", MaxoutName];

    /// <summary>Names of output activations: those of <see cref="Thalweg.ActivationNames"/>, softmax and log-softmax.</summary>
    public static IReadOnlyList<string> OutputActivationNames { get; } = [.. Thalweg.ActivationNames.All, "softmax", "log_softmax"];

    /// <summary>The same network with another activation.</summary>
    /// <param name="text">A name of <see cref="Thalweg.ActivationNames"/>; <c>prelu</c> for <see cref="LearnedSlopes"/>; <c>maxout</c> or
    /// <c>maxout(3)</c> for <see cref="MaxoutPieces"/>, 2 where no number is given.</param>
    /// <exception cref="ThalwegException">The name is not known, or the number is not from 2 to 64.</exception>
    public NetworkSpec WithActivation(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        NetworkSpec plain = this with { LearnedSlopes = false, MaxoutPieces = 0 };
        if (text == "prelu")
            return plain with { LearnedSlopes = true };
        if (text == MaxoutName)
            return plain with { MaxoutPieces = 2 };
        if (!text.StartsWith(MaxoutName + "(", StringComparison.Ordinal))
            return plain with { Activation = Thalweg.ActivationNames.Parse(text) };
        string pieces = text.EndsWith(')') ? text[(MaxoutName.Length + 1)..^1].Trim() : "";
        return int.TryParse(pieces, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 2 and <= 64
            ? plain with { MaxoutPieces = number }
            : throw new ThalwegException($"[activation] expected 2 to 64 maps, as in maxout(3), got '{text}'");
    }

    /// <summary>Builds the network, without weights. Blocks for images are Conv2d, normalization, activation, MaxPool2d and Dropout;
    /// residual networks are a convolution, stages of residual blocks and the mean of each channel; samples of more than one axis are then
    /// flattened; hidden layers are Dense, normalization, activation and Dropout.</summary>
    /// <param name="featureShape">Shape of one sample; <c>[channels, height, width]</c> where there are convolutions.</param>
    /// <param name="outputs">Number of outputs: classes, or 1 for regression.</param>
    /// <exception cref="ThalwegException">Convolutions, and samples that are no images or too small for so many of them; a normalization
    /// or activation without a form for these layers.</exception>
    public Sequential Build(IReadOnlyList<int> featureShape, int outputs)
    {
        ArgumentNullException.ThrowIfNull(featureShape);
        Shape shape = new([.. featureShape]);
        return (Sequential)Expand(featureShape).Build(new LayerInput(shape, outputs)).Module;
    }

    /// <summary>The list of layers that the short form stands for: a text that reads back and can be changed layer by layer.</summary>
    /// <param name="featureShape">Shape of one sample.</param>
    /// <exception cref="ThalwegException">As for <see cref="Build(IReadOnlyList{int}, int)"/>.</exception>
    public SequentialSettings Expand(IReadOnlyList<int> featureShape)
    {
        ArgumentNullException.ThrowIfNull(featureShape);
        return new NetworkExpansion(this).Expand(new Shape([.. featureShape]));
    }

    /// <summary>Builds the network, without weights, with the outputs that data and loss ask for: one for two classes where the loss is for
    /// yes or no, such as binary cross-entropy, else one for each class; one for a number, with a variance for the Gaussian loss.</summary>
    /// <param name="preprocessing">That of the data.</param>
    /// <param name="loss">The loss it is to be trained with; null for the one that belongs to the task.</param>
    /// <exception cref="ThalwegException">As for the other form.</exception>
    public Sequential Build(Preprocessing preprocessing, Loss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        int outputs = preprocessing.Task.OutputsFor(loss ?? preprocessing.Task.DefaultLoss, OutputActivation);
        return Build(preprocessing.FeatureShape, outputs);
    }

    /// <summary>Whether a target of numbers is to be standardized for this network and a loss: not where an output activation bounds what it
    /// can say, or where the loss is for counts, probabilities or signs; see <see cref="DataOptions.StandardizeTarget"/>.</summary>
    /// <param name="loss">The loss; null for the one that belongs to the task.</param>
    public bool WantsStandardTarget(Loss? loss) =>
        OutputActivation == FinalActivation.None && (loss is null || !LossMeaning.Of(loss).HasOwnUnit);

    private static int[] UnitsOf(string units, string text) => [.. units.Split(',').Select(part => Whole(part, 65_536, "units", text))];

    private static ConvolutionBlock BlockOf(string part, string text)
    {
        string[] sizes = part.Split('x', 2);
        return new(Whole(sizes[0], 65_536, "channels", text), sizes.Length == 1 ? 3 : Whole(sizes[1], 31, "pixels of a window", text));
    }

    private static ResidualStage StageOf(string part, string text)
    {
        string[] sizes = part.Split('x', 2);
        return new(Whole(sizes[0], 65_536, "channels", text), sizes.Length == 1 ? 2 : Whole(sizes[1], 256, "blocks", text));
    }

    private static RecurrentBlock RecurrentOf(RecurrentCell cell, string part, string text)
    {
        string[] sizes = part.Split('x', 2);
        return new(cell, Whole(sizes[0], 65_536, "units", text), sizes.Length == 1 ? 1 : Whole(sizes[1], 64, "layers", text));
    }

    private static int Whole(string part, int most, string what, string text) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw Wrong($"numbers of {what} from 1 to {most}", part, text);

    private static ThalwegException Wrong(string expected, string part, string text) =>
        new($"[model] expected {expected}, got '{part}'{(part == text ? "" : $" in '{text}'")}; examples are mlp:256,128, " +
            "cnn:32,64+128 and resnet:16,32");
}

/// <summary>A block for images: a convolution that keeps the size, and maximum pooling that halves it.</summary>
/// <param name="Channels">Output channels, 1 or more.</param>
/// <param name="Window">Height and width of the window in pixels, 1 or more; default 3.</param>
public sealed record ConvolutionBlock(int Channels, int Window = 3);

/// <summary>A stage of a residual network: blocks of two convolutions of 3 x 3 with a skip connection. The first block of every stage but the
/// first halves height and width. Source: He and others, CVPR 2016, section 4.2.</summary>
/// <param name="Channels">Output channels, 1 or more.</param>
/// <param name="Blocks">Number of blocks, 1 or more; default 2.</param>
public sealed record ResidualStage(int Channels, int Blocks = 2);

/// <summary>Recurrent layers of one size.</summary>
/// <param name="Cell">What is computed in each step: LSTM or GRU.</param>
/// <param name="Units">Number of units, 1 or more.</param>
/// <param name="Layers">Layers one above the other, 1 or more; default 1.</param>
public sealed record RecurrentBlock(RecurrentCell Cell, int Units, int Layers = 1);
