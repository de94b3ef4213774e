namespace Thalweg.Layers;

/// <summary>What recurrent layers have in common: samples are sequences <c>[time, features]</c>.</summary>
public abstract record RecurrentLayerSettings : LayerSettings
{
    private protected RecurrentLayerSettings(int units) => Units = units;

    /// <summary>Number of units of each layer and direction, 1 or more.</summary>
    public int Units { get; init => field = AtLeast(1, value); }

    /// <summary>Number of recurrent layers, each fed by the one below, 1 or more; default 1.</summary>
    public int Layers { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>Whether each layer also runs backward in time; default false.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Whether there are biases; default true.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Whether all steps leave the layer (default), or the final state of the top layer alone.</summary>
    public bool AllSteps { get; init; } = true;

    /// <summary>Probability of a zero in what goes from one layer to the next in training, in [0, 1); default 0.</summary>
    public double Dropout { get; init => field = Within(value, 0, 1, isHighIncluded: false); }

    /// <inheritdoc/>
    public sealed override BuiltLayer Build(LayerInput input)
    {
        Shape shape = input.Shape;
        if (shape.Rank != 2)
            throw Unfit("sequences [time, features]", shape, "give samples of that shape, or take dense");
        RecurrentOptions options = new()
        {
            Layers = Layers,
            Bidirectional = Bidirectional,
            Bias = Bias,
            AllSteps = AllSteps,
            Dropout = Dropout,
        };
        int width = Units * options.Directions;
        return new(Layer(shape[1], options), AllSteps ? [shape[0], width] : [width]);
    }

    private protected abstract Module Layer(int inputs, RecurrentOptions options);
}

/// <summary><see cref="Rnn"/>: <c>rnn(64, activation=relu)</c>.</summary>
public sealed record RnnSettings : RecurrentLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="units">Number of units, 1 or more.</param>
    public RnnSettings(int units)
        : base(units)
    {
    }

    /// <summary>Tanh (default) or ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    private protected override Module Layer(int inputs, RecurrentOptions options) => new Rnn(inputs, Units, Activation, options);
}

/// <summary><see cref="Lstm"/>: <c>lstm(64, layers=2)</c>.</summary>
public sealed record LstmSettings : RecurrentLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="units">Number of units, 1 or more.</param>
    public LstmSettings(int units)
        : base(units)
    {
    }

    /// <summary>Start of the forget gates' bias; default 1.</summary>
    public double ForgetBias { get; init => field = Finite(value); } = 1;

    private protected override Module Layer(int inputs, RecurrentOptions options) => new Lstm(inputs, Units, options, ForgetBias);
}

/// <summary><see cref="Gru"/>: <c>gru(64, bidirectional=true)</c>.</summary>
public sealed record GruSettings : RecurrentLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="units">Number of units, 1 or more.</param>
    public GruSettings(int units)
        : base(units)
    {
    }

    private protected override Module Layer(int inputs, RecurrentOptions options) => new Gru(inputs, Units, options);
}
