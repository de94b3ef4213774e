using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Models;

/// <summary>Writes a <see cref="NetworkSpec"/> out as the list of layers that it stands for.</summary>
internal sealed class NetworkExpansion(NetworkSpec spec)
{
    private readonly List<LayerSettings> _layers = [];

    /// <summary>Whether normalization makes a bias before it idle.</summary>
    private bool ShiftsFirst => NormalizesFirst && spec.Normalization!.RemovesMean;

    private bool NormalizesFirst => spec.Normalization is { IsOfWeights: false, AfterActivation: false };

    private Initializer Start => spec.Initializer ?? Initializer.ForActivation(spec.LearnedSlopes ? Activation.LeakyRelu : spec.Activation);

    /// <summary>All layers, those that make the outputs last.</summary>
    public SequentialSettings Expand(Shape features)
    {
        bool isOneAxis = features.Rank == 1;
        if (spec.Stages.Count > 0)
            AddStages(features);
        else if (spec.Convolutions.Count > 0)
            AddConvolutions(features);
        else if (spec.Recurrent.Count > 0)
            isOneAxis = AddRecurrent(features);
        if (!isOneAxis)
            _layers.Add(new FlattenSettings());
        foreach (int units in spec.HiddenUnits)
            AddHidden(units);
        AddOutputs();
        return new([.. _layers]);
    }

    private void AddOutputs()
    {
        LayerSettings? function = spec.OutputActivation switch
        {
            "softmax" => new SoftmaxSettings(),
            "log_softmax" => new LogSoftmaxSettings(),
            _ => null,
        };
        _layers.Add(new OutputSettings
        {
            Activation = function is null ? ActivationNames.Parse(spec.OutputActivation) : Activation.None,
            Initializer = spec.Initializer,
            BiasInitializer = spec.BiasInitializer,
        });
        if (function is not null)
            _layers.Add(function);
    }

    private void AddHidden(int units)
    {
        if (spec.MaxoutPieces > 0)
        {
            if (spec.Normalization is { IsOfWeights: true } ofWeights)
            {
                throw new ThalwegException(
                    $"[model] expected a normalization of outputs for maxout, such as layer or batch, got {Settings.NameOf(ofWeights.GetType())}; " +
                    "choose one, or another activation");
            }

            _layers.Add(new MaxoutSettings(units)
            {
                Pieces = spec.MaxoutPieces,
                Initializer = spec.Initializer,
                BiasInitializer = spec.BiasInitializer,
            });
            _layers.AddRange(Norm(image: false) is { } norm ? [norm] : []);
        }
        else
        {
            bool bias = !ShiftsFirst || Norm(image: false) is null;
            _layers.AddRange(Block(image: false, activation => new DenseSettings(units)
            {
                Activation = activation,
                Initializer = Start,
                Bias = bias,
                BiasInitializer = spec.BiasInitializer,
            }));
        }

        AddDropout(_layers);
    }

    /// <summary>Adds recurrent layers, of which the last gives its final state; whether one axis leaves them.</summary>
    private bool AddRecurrent(Shape features)
    {
        if (features.Rank != 2)
        {
            throw new ThalwegException(
                $"[model] expected sequences [time, features] for recurrent layers, got samples {features}; use mlp:256,128");
        }

        for (int i = 0; i < spec.Recurrent.Count; i++)
        {
            (RecurrentCell cell, int units, int layers) = spec.Recurrent[i];
            bool isLast = i == spec.Recurrent.Count - 1;
            _layers.Add(cell switch
            {
                RecurrentCell.Gru => new GruSettings(units) { Layers = layers, AllSteps = !isLast },
                _ => new LstmSettings(units) { Layers = layers, AllSteps = !isLast },
            });
            AddDropout(_layers);
        }

        return true;
    }

    private void AddConvolutions(Shape shape)
    {
        if (shape.Rank != 3 || Math.Min(shape[1], shape[2]) >> spec.Convolutions.Count < 1)
        {
            throw new ThalwegException(
                $"[model] expected images [channels, height, width] of {1 << spec.Convolutions.Count} pixels or more a side for " +
                $"{spec.Convolutions.Count} convolutions, got samples {shape}; use mlp:256,128, or fewer convolutions");
        }

        RefuseMaxout();
        foreach (ConvolutionBlock block in spec.Convolutions)
        {
            _layers.AddRange(Block(image: true, activation => Convolution(block.Channels, block.Window, activation) with
            {
                SamePadding = true,
            }));
            _layers.Add(new MaxPoolSettings());
            AddDropout(_layers);
        }
    }

    /// <summary>Adds a residual network. Source: He and others, CVPR 2016, section 4.2.</summary>
    private void AddStages(Shape shape)
    {
        if (shape.Rank != 3)
        {
            throw new ThalwegException(
                $"[model] expected images [channels, height, width] for a residual network, got samples {shape}; use mlp:256,128");
        }

        RefuseMaxout();
        int inputs = spec.Stages[0].Channels, done = 0, blocks = spec.Stages.Sum(stage => stage.Blocks);
        int first = inputs;
        _layers.AddRange(Block(image: true, activation => Convolution(first, 3, activation) with { Padding = 1 }));
        for (int stage = 0; stage < spec.Stages.Count; stage++)
        {
            for (int block = 0; block < spec.Stages[stage].Blocks; block++)
            {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                _layers.Add(ResidualBlock((inputs, spec.Stages[stage].Channels), stride, spec.DropPath * ++done / blocks));
                inputs = spec.Stages[stage].Channels;
                if (spec.LearnedSlopes)
                    _layers.Add(new PReluSettings { Initializer = spec.BiasInitializer });
            }
        }

        _layers.Add(new AdaptiveAvgPoolSettings());
    }

    private ResidualSettings ResidualBlock((int In, int Out) channels, int stride, double dropPath)
    {
        List<LayerSettings> path = [.. Block(
            image: true, activation => Convolution(channels.Out, 3, activation) with { Padding = 1, Stride = stride })];
        AddDropout(path);
        path.AddRange(Plain(Convolution(channels.Out, 3, Activation.None) with { Padding = 1 }));
        if (dropPath > 0)
            path.Add(new StochasticDepthSettings(dropPath));
        return new([.. path])
        {
            Shortcut = channels.In == channels.Out && stride == 1
                ? null
                : [.. Plain(Convolution(channels.Out, 1, Activation.None) with { Stride = stride })],
            Activation = spec.LearnedSlopes ? Activation.None : spec.Activation,
        };
    }

    /// <summary>A layer with its normalization, without activation.</summary>
    private IEnumerable<LayerSettings> Plain(LayerSettings layer) =>
        Norm(image: true) is { } norm ? [Wrapped(layer), norm] : [Wrapped(layer)];

    /// <summary>A layer with its normalization and activation in their order.</summary>
    private List<LayerSettings> Block(bool image, Func<Activation, LayerSettings> make)
    {
        LayerSettings? norm = Norm(image);
        bool apart = spec.LearnedSlopes || (norm is not null && NormalizesFirst);
        List<LayerSettings> block = [Wrapped(make(apart ? Activation.None : spec.Activation))];
        if (apart)
        {
            block.Add(spec.LearnedSlopes
                ? new PReluSettings { Initializer = spec.BiasInitializer }
                : new ActivationSettings(spec.Activation));
        }

        if (norm is not null)
            block.Insert(NormalizesFirst ? 1 : block.Count, norm);
        return block;
    }

    private ConvSettings Convolution(int channels, int window, Activation activation) => new(channels, window)
    {
        Activation = activation,
        Initializer = Start,
        Bias = !ShiftsFirst,
        BiasInitializer = spec.BiasInitializer,
    };

    private LayerSettings Wrapped(LayerSettings layer) => spec.Normalization?.Wrap(layer) ?? layer;

    private LayerSettings? Norm(bool image)
    {
        if (spec.Normalization is not { IsOfWeights: false } normalization)
            return null;
        LayerSettings? layer = normalization.LayerFor(image);
        return layer is not null || image || spec.Convolutions.Count + spec.Stages.Count > 0 ? layer : throw new ThalwegException(
            $"[model] expected convolutions for the normalization {Settings.NameOf(normalization.GetType())}, got dense layers alone; "
            + "use layer, group or batch");
    }

    private void AddDropout(List<LayerSettings> layers)
    {
        if (spec.Dropout > 0)
        {
            layers.Add(spec.DropoutKind switch
            {
                DropoutKind.Channel => new ChannelDropoutSettings(spec.Dropout),
                DropoutKind.Alpha => new AlphaDropoutSettings(spec.Dropout),
                DropoutKind.Gaussian => new GaussianDropoutSettings(spec.Dropout),
                _ => new DropoutSettings(spec.Dropout) { Scaling = spec.DropoutScaling },
            });
        }
    }

    private void RefuseMaxout()
    {
        if (spec.MaxoutPieces > 0)
            throw new ThalwegException("[model] expected dense layers alone for maxout, got convolutions; use relu or prelu");
    }
}
