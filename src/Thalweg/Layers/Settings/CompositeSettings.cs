namespace Thalweg.Layers;

/// <summary><see cref="Sequential"/>: <c>sequential([dense(128, activation=relu), dropout(0.2), output])</c>.</summary>
public sealed record SequentialSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="layers">The layers in order.</param>
    public SequentialSettings(ValueList<LayerSettings> layers) => Layers = layers;

    /// <summary>The layers in order.</summary>
    public ValueList<LayerSettings> Layers { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        (Module[] modules, Shape shape) = Chain(Layers, input);
        return new(new Sequential(modules), shape);
    }

    /// <summary>Layers one after the other; the error of one ends with its place.</summary>
    internal static (Module[] Modules, Shape Output) Chain(IReadOnlyList<LayerSettings> layers, LayerInput input)
    {
        Module[] modules = new Module[layers.Count];
        for (int i = 0; i < modules.Length; i++)
        {
            try
            {
                (modules[i], Shape shape) = layers[i].Build(input);
                input = input with { Shape = shape };
            }
            catch (ThalwegException error)
            {
                throw new ThalwegException($"{error.Message} (layer {i}, {layers[i]})", error);
            }
        }

        return (modules, input.Shape);
    }
}

/// <summary><see cref="Residual"/>: <c>residual([conv(16, padding=1), conv(16, padding=1)], activation=relu)</c>.</summary>
public sealed record ResidualSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="layers">What the block computes, in order.</param>
    public ResidualSettings(ValueList<LayerSettings> layers) => Layers = layers;

    /// <summary>What the block computes, in order.</summary>
    public ValueList<LayerSettings> Layers { get; init; }

    /// <summary>What brings the input to the shape of the output; default null: the input itself.</summary>
    public ValueList<LayerSettings>? Shortcut { get; init; }

    /// <summary>Applied to the sum; default none.</summary>
    public Activation Activation { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        (Module[] path, Shape output) = SequentialSettings.Chain(Layers, input);
        (Module[]? around, Shape shape) = Shortcut is null ? (null, input.Shape) : SequentialSettings.Chain(Shortcut, input);
        return shape == output
            ? new(new Residual(new Sequential(path), around is null ? null : new Sequential(around), Activation), output)
            : throw Unfit(
                $"a shortcut that gives {output}, as the layers do", shape, "add a shortcut such as [conv(16, 1, stride=2)]");
    }
}

/// <summary><see cref="DenseBlock"/>: <c>dense_block([conv(12, padding=1), conv(12, padding=1)])</c>.</summary>
public sealed record DenseBlockSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="layers">The layers, each of which sees the input and all that the layers before it gave.</param>
    public DenseBlockSettings(ValueList<LayerSettings> layers) => Layers = layers;

    /// <summary>The layers.</summary>
    public ValueList<LayerSettings> Layers { get; init; }

    /// <summary>Axis of the batch's tensor that is joined; default 1, the channels.</summary>
    public int Axis { get; init => field = AtLeast(1, value); } = 1;

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        List<Module> modules = [];
        Shape shape = input.Shape;
        foreach (LayerSettings layer in Layers)
        {
            (Module module, Shape output) = layer.Build(input with { Shape = shape });
            modules.Add(module);
            shape = shape.With(Axis - 1, shape[Axis - 1] + output[Axis - 1]);
        }

        return new(new DenseBlock(Axis, [.. modules]), shape);
    }
}

/// <summary><see cref="WeightNorm"/>: <c>weight_norm(dense(64))</c>.</summary>
public sealed record WeightNormSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="layer">The layer whose weight is normalized.</param>
    public WeightNormSettings(LayerSettings layer) => Layer = layer;

    /// <summary>The layer whose weight is normalized.</summary>
    public LayerSettings Layer { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        (Module module, Shape shape) = Layer.Build(input);
        return new(new WeightNorm(module), shape);
    }
}

/// <summary><see cref="SpectralNorm"/>: <c>spectral_norm(conv(64))</c>.</summary>
public sealed record SpectralNormSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="layer">The layer whose weight is normalized.</param>
    public SpectralNormSettings(LayerSettings layer) => Layer = layer;

    /// <summary>The layer whose weight is normalized.</summary>
    public LayerSettings Layer { get; init; }

    /// <summary>Iterations of a step, 1 or more; default 1.</summary>
    public int Iterations { get; init => field = AtLeast(1, value); } = 1;

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        (Module module, Shape shape) = Layer.Build(input);
        return new(new SpectralNorm(module, Iterations), shape);
    }
}

/// <summary><see cref="Recomputed"/>: <c>checkpointed([dense(512), dense(512)])</c>.</summary>
public sealed record RecomputedSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="layers">The layers whose intermediate results are computed again for the derivative.</param>
    public RecomputedSettings(ValueList<LayerSettings> layers) => Layers = layers;

    /// <summary>The layers.</summary>
    public ValueList<LayerSettings> Layers { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        (Module[] modules, Shape shape) = SequentialSettings.Chain(Layers, input);
        return new(new Recomputed(modules.Length == 1 ? modules[0] : new Sequential(modules)), shape);
    }
}
