using System.Numerics;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Models;

/// <summary>Makes the modules of a <see cref="NetworkSpec"/>.</summary>
internal sealed class NetworkAssembly(NetworkSpec spec)
{
    private const int UsualGroups = 32, LeastInGroup = 4;

    private readonly List<Module> _layers = [];

    /// <summary>Whether normalization makes a bias before it idle.</summary>
    private bool ShiftsFirst => NormalizesFirst && spec.Normalization != HiddenNormalization.Rms;

    private bool NormalizesFirst => NormalizesOutputs && !spec.NormalizationAfterActivation;

    private bool NormalizesOutputs =>
        spec.Normalization is not (HiddenNormalization.None or HiddenNormalization.Weight or HiddenNormalization.Spectral);

    private Initializer Start => spec.Initializer ?? Initializer.ForActivation(spec.LearnedSlopes ? Activation.LeakyRelu : spec.Activation);

    /// <summary>The whole network, without weights.</summary>
    public Sequential Build(IReadOnlyList<int> featureShape, int outputs)
    {
        IReadOnlyList<int> shape = spec.Stages.Count > 0 ? AddStages(featureShape) : AddConvolutions(featureShape);
        if (shape.Count > 1)
            _layers.Add(new Flatten());
        int inputs = shape.Aggregate(1, (product, size) => checked(product * size));
        foreach (int units in spec.HiddenUnits)
        {
            AddHidden(inputs, units);
            inputs = units;
        }

        AddOutputs(inputs, outputs);
        Sequential network = new([.. _layers]);
        if (spec.BiasInitializer is { } initializer)
        {
            foreach ((_, Parameter bias) in network.NamedParameters().Where(parameter => parameter.Parameter.Role == ParameterRole.Bias))
                bias.Initializer = initializer;
        }

        return network;
    }

    private void AddOutputs(int inputs, int outputs)
    {
        Module? function = spec.OutputActivation switch
        {
            "softmax" => FunctionLayer.Softmax(),
            "log_softmax" => FunctionLayer.LogSoftmax(),
            _ => null,
        };
        Activation activation = function is null ? ActivationNames.Parse(spec.OutputActivation) : Activation.None;
        _layers.Add(new Dense(inputs, outputs, activation, spec.Initializer));
        if (function is not null)
            _layers.Add(function);
    }

    private void AddHidden(int inputs, int units)
    {
        if (spec.MaxoutPieces > 0)
        {
            if (spec.Normalization is HiddenNormalization.Weight or HiddenNormalization.Spectral)
                throw new ThalwegException(
                    $"[model] expected a normalization of outputs for maxout, such as layer or batch, got {spec.Normalization}; " +
                    "choose one, or another activation");
            _layers.Add(new Maxout(inputs, units, spec.MaxoutPieces, spec.Initializer));
            _layers.AddRange(NormOf(units, image: false) is { } norm ? [norm] : []);
        }
        else
        {
            bool bias = !ShiftsFirst || spec.Normalization == HiddenNormalization.Instance;
            _layers.AddRange(Block(activation => new Dense(inputs, units, activation, Start, bias), units, image: false));
        }

        AddDropout(_layers);
    }

    /// <summary>Adds the blocks for images; returns the shape of what leaves them.</summary>
    private IReadOnlyList<int> AddConvolutions(IReadOnlyList<int> shape)
    {
        if (spec.Convolutions.Count == 0)
            return shape;
        if (shape.Count != 3 || Math.Min(shape[1], shape[2]) >> spec.Convolutions.Count < 1)
            throw new ThalwegException(
                $"[model] expected images [channels, height, width] of {1 << spec.Convolutions.Count} pixels or more a side for " +
                $"{spec.Convolutions.Count} convolutions, "
                + $"got samples [{string.Join(", ", shape)}]; use mlp:256,128, or fewer convolutions");
        RefuseMaxout();
        (int inputs, int height, int width) = (shape[0], shape[1], shape[2]);
        foreach (ConvolutionBlock block in spec.Convolutions)
        {
            ConvolutionOptions options = new() { SamePadding = true };
            (int In, int Out) channels = (inputs, block.Channels);
            _layers.AddRange(Block(activation => Convolution(channels, block.Window, options, activation), block.Channels, image: true));
            _layers.Add(new MaxPool2d(2));
            AddDropout(_layers);
            (inputs, height, width) = (block.Channels, height / 2, width / 2);
        }

        return [inputs, height, width];
    }

    /// <summary>Adds a residual network; returns the shape of what leaves it. Source: He and others, CVPR 2016, section 4.2.</summary>
    private IReadOnlyList<int> AddStages(IReadOnlyList<int> shape)
    {
        if (shape.Count != 3)
            throw new ThalwegException(
                "[model] expected images [channels, height, width] for a residual network, got samples " +
                $"[{string.Join(", ", shape)}]; use mlp:256,128");
        RefuseMaxout();
        int inputs = spec.Stages[0].Channels, done = 0, blocks = spec.Stages.Sum(stage => stage.Blocks);
        _layers.AddRange(Block(
            activation => Convolution((shape[0], inputs), 3, new() { Padding = 1 }, activation), inputs, image: true));
        for (int stage = 0; stage < spec.Stages.Count; stage++)
        {
            for (int block = 0; block < spec.Stages[stage].Blocks; block++)
            {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                _layers.Add(ResidualBlock((inputs, spec.Stages[stage].Channels), stride, spec.DropPath * ++done / blocks));
                inputs = spec.Stages[stage].Channels;
                if (spec.LearnedSlopes)
                    _layers.Add(new PRelu(inputs));
            }
        }

        _layers.Add(new AdaptiveAvgPool2d());
        return [inputs, 1, 1];
    }

    private Residual ResidualBlock((int In, int Out) channels, int stride, double dropPath)
    {
        List<Module> path = [.. Block(
            activation => Convolution(channels, 3, new() { Padding = 1, Stride = stride }, activation), channels.Out, image: true)];
        AddDropout(path);
        path.AddRange(Plain(Convolution((channels.Out, channels.Out), 3, new() { Padding = 1 }, Activation.None), channels.Out));
        if (dropPath > 0)
            path.Add(new StochasticDepth(dropPath));
        Module? shortcut = channels.In == channels.Out && stride == 1
            ? null
            : new Sequential([.. Plain(Convolution(channels, 1, new() { Stride = stride }, Activation.None), channels.Out)]);
        return new Residual(new Sequential([.. path]), shortcut, spec.LearnedSlopes ? Activation.None : spec.Activation);
    }

    /// <summary>A layer with its normalization, without activation.</summary>
    private IEnumerable<Module> Plain(Module layer, int channels) =>
        NormOf(channels, image: true) is { } norm ? [Wrapped(layer), norm] : [Wrapped(layer)];

    /// <summary>A layer with its normalization and activation in their order.</summary>
    private List<Module> Block(Func<Activation, Module> make, int channels, bool image)
    {
        Module? norm = NormOf(channels, image);
        bool apart = spec.LearnedSlopes || (norm is not null && NormalizesFirst);
        List<Module> block = [Wrapped(make(apart ? Activation.None : spec.Activation))];
        if (apart)
            block.Add(spec.LearnedSlopes ? new PRelu(channels) : new ActivationLayer(spec.Activation));
        if (norm is not null)
            block.Insert(NormalizesFirst ? 1 : block.Count, norm);
        return block;
    }

    private Conv2d Convolution((int In, int Out) channels, int window, ConvolutionOptions options, Activation activation)
    {
        Conv2d layer = new(channels.In, channels.Out, window, options with { Activation = activation }, bias: !ShiftsFirst);
        layer.Weight.Initializer = Start;
        return layer;
    }

    private Module Wrapped(Module layer) => spec.Normalization switch
    {
        HiddenNormalization.Weight => new WeightNorm(layer),
        HiddenNormalization.Spectral => new SpectralNorm(layer),
        _ => layer,
    };

    private Module? NormOf(int channels, bool image) => (spec.Normalization, image) switch
    {
        (HiddenNormalization.Batch, true) => new BatchNorm2d(channels, spec.BatchNormOptions),
        (HiddenNormalization.Batch, false) => new BatchNorm1d(channels, spec.BatchNormOptions),
        (HiddenNormalization.Layer, true) => new GroupNorm(1, channels),
        (HiddenNormalization.Layer, false) => new LayerNorm([channels]),
        (HiddenNormalization.Rms, false) => new RmsNorm([channels]),
        (HiddenNormalization.Group, _) => new GroupNorm(
            spec.NormalizationGroups ?? GroupsOf(channels), channels),
        (HiddenNormalization.Instance, true) => new InstanceNorm(channels, affine: true),
        (HiddenNormalization.Instance, false) when spec.Convolutions.Count + spec.Stages.Count == 0 => throw new ThalwegException(
            "[model] expected convolutions for the normalization instance, got dense layers alone; use layer, group or batch"),
        (HiddenNormalization.Rms, true) => throw new ThalwegException(
            "[model] expected dense layers alone for the normalization rms, got convolutions; use layer or group"),
        _ => null,
    };

    /// <summary>Groups of 4 channels or more: one value alone would be normalized to 0.</summary>
    private static int GroupsOf(int channels) =>
        channels % LeastInGroup == 0 ? (int)BigInteger.GreatestCommonDivisor(UsualGroups, channels / LeastInGroup) : 1;

    private void AddDropout(List<Module> layers)
    {
        if (spec.Dropout > 0)
        {
            layers.Add(spec.DropoutKind switch
            {
                DropoutKind.Channel => new ChannelDropout(spec.Dropout),
                DropoutKind.Alpha => new AlphaDropout(spec.Dropout),
                DropoutKind.Gaussian => new GaussianDropout(spec.Dropout),
                _ => new Dropout(spec.Dropout, spec.DropoutScaling),
            });
        }
    }

    private void RefuseMaxout()
    {
        if (spec.MaxoutPieces > 0)
            throw new ThalwegException("[model] expected dense layers alone for maxout, got convolutions; use relu or prelu");
    }
}
