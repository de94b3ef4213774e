using System.Globalization;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Models;

/// <summary>A network in a few words, as the command line takes it: <c>mlp:256,128</c> or <c>cnn:32,64+128</c>, and how its layers are
/// made.</summary>
public sealed record NetworkSpec
{
    /// <summary>Blocks for images before the hidden layers, in order; default none.</summary>
    public IReadOnlyList<ConvolutionBlock> Convolutions { get; init; } = [];

    /// <summary>Units of the hidden layers, in order; none gives a linear model.</summary>
    public IReadOnlyList<int> HiddenUnits { get; init; } = [256, 128];

    /// <summary>Activation of the hidden layers; default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>How weights start; null chooses by activation, see <see cref="Initializer.ForActivation"/>.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>Whether hidden layers are batch-normalized; default no.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>Whether batch normalization follows the activation instead of preceding it (default; Ioffe, Szegedy, ICML 2015, section
    /// 3.2).</summary>
    public bool BatchNormAfterActivation { get; init; }

    /// <summary>Settings of batch normalization in which published forms differ; default those of PyTorch.</summary>
    public BatchNormOptions BatchNormOptions { get; init; } = new();

    /// <summary>Where dropout makes up for its zeros; default in training.</summary>
    public DropoutScaling DropoutScaling { get; init; }

    /// <summary>How biases start; null leaves it to the layers, which start them at 0.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <summary>Probability of dropout after each hidden activation, in [0, 1); default 0, none.</summary>
    public double Dropout { get; init; }

    /// <summary>Reads the model's text: the sizes of the layers, with the defaults for all else.</summary>
    /// <param name="text"><c>mlp:256,128</c> for hidden layers of 256 and 128 units, <c>linear</c> for none; <c>cnn:32x5,64+1024</c> for
    /// images: blocks of 32 channels with windows of 5 x 5 and of 64 channels with windows of 3 x 3 (the default), then a hidden layer of
    /// 1024 units.</param>
    /// <exception cref="ThalwegException">The text is none of these, or a size is out of range: units and channels 1 to 65,536, windows 1
    /// to 31.</exception>
    public static NetworkSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "linear")
            return new() { HiddenUnits = [] };
        if (text.StartsWith("mlp:", StringComparison.Ordinal))
            return new() { HiddenUnits = UnitsOf(text["mlp:".Length..], text) };
        if (!text.StartsWith("cnn:", StringComparison.Ordinal))
            throw Wrong("mlp:UNITS,..., cnn:CHANNELSxWINDOW,...+UNITS,... or linear", text, text);
        string[] parts = text["cnn:".Length..].Split('+', 2);
        return new()
        {
            Convolutions = [.. parts[0].Split(',').Select(part => BlockOf(part, text))],
            HiddenUnits = parts.Length == 1 ? [] : UnitsOf(parts[1], text),
        };
    }

    /// <summary>Builds the network, without weights. Blocks for images are Conv2d, BatchNorm2d, activation, MaxPool2d and Dropout; samples
    /// of more than one axis are then flattened; hidden layers are Dense, BatchNorm1d, activation and Dropout.</summary>
    /// <param name="featureShape">Shape of one sample; <c>[channels, height, width]</c> where there are convolutions.</param>
    /// <param name="outputs">Number of outputs: classes, or 1 for regression.</param>
    /// <exception cref="ThalwegException">Convolutions, and samples that are no images or too small for so many of them.</exception>
    public Sequential Build(IReadOnlyList<int> featureShape, int outputs)
    {
        ArgumentNullException.ThrowIfNull(featureShape);
        List<Module> layers = [];
        IReadOnlyList<int> shape = AddConvolutions(layers, featureShape);
        if (shape.Count > 1)
            layers.Add(new Flatten());
        int inputs = shape.Aggregate(1, (product, size) => checked(product * size));
        foreach (int units in HiddenUnits)
        {
            AddBlock(layers, activation => new Dense(inputs, units, activation, Start, bias: !NormalizesFirst),
                new BatchNorm1d(units, BatchNormOptions));
            inputs = units;
        }

        layers.Add(new Dense(inputs, outputs, Activation.None, Initializer));
        Sequential network = new([.. layers]);
        if (BiasInitializer is { } initializer)
        {
            foreach ((_, Parameter bias) in network.NamedParameters().Where(parameter => parameter.Parameter.Role == ParameterRole.Bias))
                bias.Initializer = initializer;
        }

        return network;
    }

    private bool NormalizesFirst => BatchNorm && !BatchNormAfterActivation;

    private Initializer Start => Initializer ?? Initializer.ForActivation(Activation);

    /// <summary>Adds the blocks for images; returns the shape of what leaves them.</summary>
    private IReadOnlyList<int> AddConvolutions(List<Module> layers, IReadOnlyList<int> shape)
    {
        if (Convolutions.Count == 0)
            return shape;
        if (shape.Count != 3 || Math.Min(shape[1], shape[2]) >> Convolutions.Count < 1)
            throw new ThalwegException(
                $"[model] expected images [channels, height, width] of {1 << Convolutions.Count} pixels or more a side for " +
                $"{Convolutions.Count} convolutions, "
                + $"got samples [{string.Join(", ", shape)}]; use mlp:256,128, or fewer convolutions");
        (int inputs, int height, int width) = (shape[0], shape[1], shape[2]);
        foreach (ConvolutionBlock block in Convolutions)
        {
            AddBlock(layers, activation => Convolution(inputs, block, activation), new BatchNorm2d(block.Channels, BatchNormOptions),
                new MaxPool2d(2));
            (inputs, height, width) = (block.Channels, height / 2, width / 2);
        }

        return [inputs, height, width];
    }

    private Conv2d Convolution(int inputs, ConvolutionBlock block, Activation activation)
    {
        Conv2d layer = new(
            inputs, block.Channels, block.Window, new() { SamePadding = true, Activation = activation }, bias: !NormalizesFirst);
        layer.Weight.Initializer = Start;
        return layer;
    }

    /// <summary>Adds a layer with its normalization and activation in their order, and what follows them.</summary>
    private void AddBlock(List<Module> layers, Func<Activation, Module> make, Module norm, Module? pooling = null)
    {
        layers.AddRange(NormalizesFirst ? [make(Activation.None), norm, new ActivationLayer(Activation)]
            : BatchNorm ? [make(Activation), norm]
            : [make(Activation)]);
        if (pooling is not null)
            layers.Add(pooling);
        if (Dropout > 0)
            layers.Add(new Dropout(Dropout, DropoutScaling));
    }

    private static int[] UnitsOf(string units, string text) => [.. units.Split(',').Select(part => Whole(part, 65_536, "units", text))];

    private static ConvolutionBlock BlockOf(string part, string text)
    {
        string[] sizes = part.Split('x', 2);
        return new(Whole(sizes[0], 65_536, "channels", text), sizes.Length == 1 ? 3 : Whole(sizes[1], 31, "pixels of a window", text));
    }

    private static int Whole(string part, int most, string what, string text) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw Wrong($"numbers of {what} from 1 to {most}", part, text);

    private static ThalwegException Wrong(string expected, string part, string text) =>
        new($"[model] expected {expected}, got '{part}'{(part == text ? "" : $" in '{text}'")}; examples are mlp:256,128 and " +
            "cnn:32,64+128");
}

/// <summary>A block for images: a convolution that keeps the size, and maximum pooling that halves it.</summary>
/// <param name="Channels">Output channels, 1 or more.</param>
/// <param name="Window">Height and width of the window in pixels, 1 or more; default 3.</param>
public sealed record ConvolutionBlock(int Channels, int Window = 3);
