using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>What dense layers have in common.</summary>
public abstract record DenseLayerSettings : LayerSettings
{
    /// <summary>Applied to each output; default none.</summary>
    public Activation Activation { get; init; }

    /// <summary>How the weights start; default null: by activation, see <see cref="Initializers.Initializer.ForActivation"/>.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>Whether there is a bias; default true. Leave it out before a normalization that shifts.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the bias starts; default null: at 0.</summary>
    public Initializer? BiasInitializer { get; init; }

    private protected BuiltLayer Build(Shape shape, int units)
    {
        if (shape.Rank == 0)
            throw Unfit("features on the last axis", shape, "give samples of one axis or more");
        Dense layer = new(shape[-1], units, Activation, Initializer, Bias);
        Start(layer.Bias, BiasInitializer);
        return new(layer, WithLast(shape, units));
    }
}

/// <summary><see cref="Dense"/>: <c>dense(128, activation=relu, initializer=he_normal)</c>.</summary>
public sealed record DenseSettings : DenseLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="units">Number of outputs, 1 or more.</param>
    public DenseSettings(int units) => Units = units;

    /// <summary>Number of outputs, 1 or more.</summary>
    public int Units { get; init => field = AtLeast(1, value); }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => Build(input.Shape, Units);
}

/// <summary>The last layer of a network: <see cref="Dense"/> with as many units as the task asks for.</summary>
public sealed record OutputSettings : DenseLayerSettings
{
    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => Build(input.Shape, input.Outputs);
}

/// <summary><see cref="Maxout"/>: <c>maxout(64, pieces=3)</c>.</summary>
public sealed record MaxoutSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="units">Number of outputs, 1 or more.</param>
    public MaxoutSettings(int units) => Units = units;

    /// <summary>Number of outputs, 1 or more.</summary>
    public int Units { get; init => field = AtLeast(1, value); }

    /// <summary>Affine maps of which a unit takes the largest, 1 or more; default 2.</summary>
    public int Pieces { get; init => field = AtLeast(1, value); } = 2;

    /// <summary>How the weights start; default null: He.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>How the bias starts; default null: at 0.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        Maxout layer = new(input.Shape[-1], Units, Pieces, Initializer);
        Start(layer.NamedParameters().FirstOrDefault(named => named.Parameter.Role == ParameterRole.Bias).Parameter, BiasInitializer);
        return new(layer, WithLast(input.Shape, Units));
    }
}

/// <summary><see cref="ActivationLayer"/>: <c>activation(relu)</c>.</summary>
public sealed record ActivationSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="function">Which function.</param>
    public ActivationSettings(Activation function) => Function = function;

    /// <summary>Which function.</summary>
    public Activation Function { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(new ActivationLayer(Function), input.Shape);
}

/// <summary><see cref="PRelu"/> with a slope for each channel: <c>prelu</c>.</summary>
public sealed record PReluSettings : LayerSettings
{
    /// <summary>Where the slopes start, dimensionless; default 0.25.</summary>
    public double Slope { get; init => field = Finite(value); } = 0.25;

    /// <summary>Whether one slope serves all channels; default false.</summary>
    public bool Shared { get; init; }

    /// <summary>How the slopes start; default null: all at <see cref="Slope"/>.</summary>
    public Initializer? Initializer { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        PRelu layer = new(Shared ? 1 : input.Shape[0], Slope);
        Start(layer.Slope, Initializer);
        return new(layer, input.Shape);
    }
}

/// <summary><see cref="FunctionLayer"/>: <c>function(softmax, [-1])</c>.</summary>
public sealed record FunctionSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="name">Name of the function: softmax, log_softmax, softmin, glu (each with an axis), leaky_relu, elu, celu, softplus,
    /// hardtanh, soft_shrink, hard_shrink or threshold.</param>
    /// <param name="arguments">Its numbers, in the order of the method of <see cref="FunctionLayer"/>.</param>
    public FunctionSettings(string name, ValueList<double> arguments) => (Name, Arguments) = (name, arguments);

    /// <summary>Name of the function.</summary>
    public string Name { get; init; }

    /// <summary>Its numbers.</summary>
    public ValueList<double> Arguments { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        FunctionLayer layer = new(Name, [.. Arguments]);
        if (Name != "glu")
            return new(layer, input.Shape);
        int axis = (int)Arguments[0], place = axis < 0 ? input.Shape.Rank + axis : axis - 1;
        return new(layer, input.Shape.With(place, input.Shape[place] / 2));
    }
}

/// <summary>Softmax over the last axis: <c>softmax</c>.</summary>
public sealed record SoftmaxSettings : LayerSettings
{
    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(FunctionLayer.Softmax(), input.Shape);
}

/// <summary>Logarithm of softmax over the last axis: <c>log_softmax</c>.</summary>
public sealed record LogSoftmaxSettings : LayerSettings
{
    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(FunctionLayer.LogSoftmax(), input.Shape);
}

/// <summary><see cref="Flatten"/>: <c>flatten</c>.</summary>
public sealed record FlattenSettings : LayerSettings
{
    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(new Flatten(), [checked((int)input.Shape.Length)]);
}

/// <summary><see cref="Mean"/> over an axis of the sample: <c>mean</c>.</summary>
public sealed record MeanSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="axis">Axis of the batch's tensor, 1 (default) for the first of the sample.</param>
    public MeanSettings(int axis = 1) => Axis = axis;

    /// <summary>Axis of the batch's tensor, 1 or more.</summary>
    public int Axis { get; init => field = AtLeast(1, value); }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        if (Axis > input.Shape.Rank)
            throw Unfit($"samples of {Axis} axes or more", input.Shape, "take an axis that there is");
        int[] sizes = input.Shape.ToArray();
        return new(new Mean(Axis), new Shape([.. sizes[..(Axis - 1)], .. sizes[Axis..]]));
    }
}

/// <summary><see cref="Embedding"/>: <c>embedding(5000, width=64)</c>.</summary>
public sealed record EmbeddingSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="symbols">Number of symbols, 1 or more.</param>
    /// <param name="width">Length of a vector, 1 or more.</param>
    public EmbeddingSettings(int symbols, int width) => (Symbols, Width) = (symbols, width);

    /// <summary>Number of symbols, 1 or more.</summary>
    public int Symbols { get; init => field = AtLeast(1, value); }

    /// <summary>Length of a vector, 1 or more.</summary>
    public int Width { get; init => field = AtLeast(1, value); }

    /// <summary>Symbol whose vector is 0 and stays so; default null: none.</summary>
    public int? Padding { get; init; }

    /// <summary>How the vectors start; default null: N(0, 1).</summary>
    public Initializer? Initializer { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) =>
        new(new Embedding(Symbols, Width, Padding, Initializer), [.. input.Shape, Width]);
}
