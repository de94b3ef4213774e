namespace Thalweg.Labs.Playground;

/// <summary>An optimizer in a race: its name with settings, or a whole text such as a chain.</summary>
/// <param name="Name">Name of an optimizer, or a text with parentheses that stands for itself.</param>
/// <param name="Settings">Settings by name, as texts; default none.</param>
internal sealed record Racer(string Name, IReadOnlyDictionary<string, string>? Settings = null)
{
    /// <summary>The text, as in <c>adam(b1=0.8, learning_rate=0.1)</c>.</summary>
    public string Text => Settings is null or { Count: 0 } ? Name
        : $"{Name}({string.Join(", ", Settings.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}"))})";

    /// <summary>The optimizer with another value of a setting.</summary>
    /// <param name="setting">Name of the setting.</param>
    /// <param name="value">Its value.</param>
    public Racer With(string setting, string value) => this with
    {
        Settings = new Dictionary<string, string>(Settings ?? new Dictionary<string, string>()) { [setting] = value },
    };
}

/// <summary>Where optimizers run, and for how long.</summary>
internal sealed record Ground
{
    /// <summary>Name of the surface.</summary>
    public string Surface { get; init; } = Surfaces.Ravine;

    /// <summary>Condition number of the ravine, at least 1.</summary>
    public double Condition { get; init; } = Surfaces.DefaultCondition;

    /// <summary>First variable of the start.</summary>
    public double X { get; init; } = -7;

    /// <summary>Second variable of the start.</summary>
    public double Y { get; init; } = 2;

    /// <summary>Updates, 1 to 2000.</summary>
    public int Steps { get; init; } = 60;

    /// <summary>Standard deviation of a sample's gradient in each component, at least 0.</summary>
    public double Noise { get; init; }

    /// <summary>Samples whose mean the gradient of a step is, at least 1: noise falls with their root.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Seed of the noise.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The surface.</summary>
    /// <exception cref="ThalwegException">A number is out of its range.</exception>
    public Surface Open()
    {
        if (Steps is < 1 or > 2000 || Batch < 1 || !(Noise >= 0) || !double.IsFinite(X + Y + Noise))
        {
            throw new ThalwegException($"[playground] expected 1 to 2000 steps, a batch of at least 1, noise of at least 0 and a finite "
                + $"start, got {Steps}, {Batch}, {Noise} and ({X}, {Y}); correct them");
        }

        return Playground.Surfaces.Of(Surface, Condition);
    }
}

/// <summary>Optimizers that start together.</summary>
internal sealed record RaceRequest(Ground Ground, IReadOnlyList<Racer> Racers);

/// <summary>The way of one optimizer.</summary>
/// <param name="Text">Its text.</param>
/// <param name="X">First variable, the start first: <c>[updates + 1]</c>.</param>
/// <param name="Y">Second variable.</param>
/// <param name="Values">Values there.</param>
/// <param name="Rates">Learning rate of each update.</param>
internal sealed record RacePath(
    string Text, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double> Values, IReadOnlyList<double> Rates)
{
    public bool Diverged { get; init; }

    public string? Error { get; init; }
}

/// <summary>Ways of all optimizers, in the order of the request.</summary>
internal sealed record RaceAnswer(IReadOnlyList<RacePath> Paths);

/// <summary>One update of one optimizer, to be taken apart.</summary>
/// <param name="Ground">Where it runs.</param>
/// <param name="Racer">The optimizer.</param>
/// <param name="Step">The update, from 1.</param>
internal sealed record StepRequest(Ground Ground, Racer Racer, int Step);

/// <summary>Part of an update, as a vector.</summary>
/// <param name="Kind">What it is: momentum, gradient, root, correction.</param>
/// <param name="X">First component.</param>
/// <param name="Y">Second component.</param>
/// <param name="IsFactor">Whether it multiplies or divides, in place of being added.</param>
internal sealed record UpdateTerm(string Kind, double X, double Y, bool IsFactor);

/// <summary>What a rule keeps, after the update and before it.</summary>
internal sealed record SlotValue(string Name, IReadOnlyList<double> Before, IReadOnlyList<double> After);

/// <summary>What one rule of the chain did.</summary>
/// <param name="Rule">Its text.</param>
/// <param name="Formula">Its formula.</param>
/// <param name="Input">What it received: the gradient, or the update of the rule before it, <c>[2]</c>.</param>
/// <param name="Output">What it gave, <c>[2]</c>.</param>
internal sealed record RuleStep(string Rule, string Formula, IReadOnlyList<double> Input, IReadOnlyList<double> Output)
{
    /// <summary>What it kept.</summary>
    public required IReadOnlyList<SlotValue> Slots { get; init; }

    /// <summary>Its parts.</summary>
    public required IReadOnlyList<UpdateTerm> Terms { get; init; }
}

/// <summary>An update, taken apart.</summary>
internal sealed record StepAnswer
{
    public required IReadOnlyList<double> Point { get; init; }

    public required double Value { get; init; }

    /// <summary>The gradient of the surface at the point.</summary>
    public required IReadOnlyList<double> Slope { get; init; }

    /// <summary>The gradient that the optimizer received: with noise, and where its rules want it.</summary>
    public required IReadOnlyList<double> Gradient { get; init; }

    public required IReadOnlyList<double> Update { get; init; }

    /// <summary>The Hessian at the point: xx, xy, yy.</summary>
    public required IReadOnlyList<double> Hessian { get; init; }

    /// <summary>Eigenvalues of the Hessian, the smaller first, each followed by its direction: value, x, y.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Eigen { get; init; }

    public required IReadOnlyList<RuleStep> Rules { get; init; }
}

/// <summary>Part of a map of rates and momentum.</summary>
/// <param name="Ground">Where it runs.</param>
/// <param name="Racer">The optimizer.</param>
/// <param name="Momentum">Name of the setting that counts as momentum.</param>
/// <param name="Rates">Learning rates.</param>
/// <param name="Momenta">Values of momentum.</param>
internal sealed record MapRequest(
    Ground Ground, Racer Racer, string Momentum, IReadOnlyList<double> Rates, IReadOnlyList<double> Momenta);

/// <summary>Cells of a map, row by row, a row for each momentum.</summary>
/// <param name="Outcomes">0 converges, 1 converges while it oscillates, 2 is still on its way, 3 diverges.</param>
/// <param name="Decades">Decades by which the value fell.</param>
internal sealed record MapAnswer(IReadOnlyList<int> Outcomes, IReadOnlyList<double> Decades);

/// <summary>Asks for the values of a schedule.</summary>
internal sealed record ScheduleRequest(string Text, int Steps);

/// <summary>Values of a schedule at steps 0 to n - 1.</summary>
internal sealed record ScheduleAnswer(IReadOnlyList<double> Values);

/// <summary>Asks for a drawing of a surface.</summary>
internal sealed record SurfaceRequest(string Surface, double Condition, int Columns, int Rows);

/// <summary>A surface's values on a grid.</summary>
internal sealed record SurfaceAnswer(IReadOnlyList<double> Bounds, IReadOnlyList<double> Values, string Formula);

/// <summary>A deep network whose signals are measured.</summary>
internal sealed record SignalRequest
{
    /// <summary>Layers, 1 to 50.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>Units of each layer, 1 to 256.</summary>
    public int Width { get; init; } = 100;

    /// <summary>Activation by name.</summary>
    public string Activation { get; init; } = "tanh";

    /// <summary>Text of the initializer.</summary>
    public string Initializer { get; init; } = "xavier_normal";

    /// <summary>Factor on the weights that the initializer gives, at least 0.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>Batch normalization: none, before or after the activation.</summary>
    public string Normalization { get; init; } = "none";

    /// <summary>Seed of weights and inputs.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Histograms of a layer.</summary>
/// <param name="Forward">Counts of the activations, from the left edge of the range to the right.</param>
/// <param name="Backward">Counts of the gradients by x W + b.</param>
/// <param name="Deviation">Standard deviation of the activations.</param>
/// <param name="GradientDeviation">Standard deviation of the gradients.</param>
internal sealed record SignalLayer(
    IReadOnlyList<int> Forward, IReadOnlyList<int> Backward, double Deviation, double GradientDeviation);

/// <summary>Histograms of all layers over common ranges.</summary>
/// <param name="ForwardRange">Edges of the activations' histograms are at plus and minus this.</param>
/// <param name="BackwardRange">As well for the gradients.</param>
/// <param name="Layers">The layers, from the first.</param>
internal sealed record SignalAnswer(double ForwardRange, double BackwardRange, IReadOnlyList<SignalLayer> Layers);
