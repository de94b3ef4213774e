using Thalweg.Models;

namespace Thalweg.Tuning;

/// <summary>How the learning rates that are tried lie.</summary>
public enum RateSampling
{
    /// <summary>At equal ratios from the lowest to the highest.</summary>
    Grid,

    /// <summary>Drawn by seed, evenly on the logarithmic scale.</summary>
    Random,
}

/// <summary>How the learning rate changes over a run.</summary>
public enum RateSchedule
{
    /// <summary>Half a cosine down to 0, after a warm-up of a twentieth of the run.</summary>
    Cosine,

    /// <summary>A straight line down to 0, after a warm-up of a twentieth of the run.</summary>
    Linear,

    /// <summary>Not at all.</summary>
    Constant,
}

/// <summary>What is compared, and how; it decides every bit of the result but the times.</summary>
public sealed record ComparisonOptions
{
    /// <summary>What is compared: at least one, each with a name of its own.</summary>
    public required IReadOnlyList<Contender> Contenders { get; init; }

    /// <summary>Learning rates that each contender is tried with, 1 or more; default 12.</summary>
    public int Rates { get; init; } = 12;

    /// <summary>Lowest learning rate, above 0; default 3e-5.</summary>
    public double LowestRate { get; init; } = 3e-5;

    /// <summary>Highest learning rate, above the lowest; default 10.</summary>
    public double HighestRate { get; init; } = 10;

    /// <summary>How the rates lie, default on a grid.</summary>
    public RateSampling Sampling { get; init; }

    /// <summary>Seeds that each rate is tried with, and as many others that the best rate is ranked with; 1 or more, default 3.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>First seed; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Passes over the training data, 1 or more; default 10. There is no early stopping: all trials have
    /// the same budget.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Samples per step, 1 or more; default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>How the learning rate changes over a run, default by a cosine.</summary>
    public RateSchedule Schedule { get; init; }

    /// <summary>Layers of the network as <see cref="Runs.NetworkRecipe.Layers"/> reads them; null, the default, for those of
    /// <see cref="HiddenUnits"/>, <see cref="Convolutions"/> and <see cref="Stages"/>.</summary>
    public string? Network { get; init; }

    /// <summary>Units of the hidden layers; none gives a linear model. Default 256 and 128.</summary>
    public IReadOnlyList<int> HiddenUnits { get; init; } = [256, 128];

    /// <summary>Blocks for images before the hidden layers; default none.</summary>
    public IReadOnlyList<ConvolutionBlock> Convolutions { get; init; } = [];

    /// <summary>Stages of a residual network for images, in place of <see cref="Convolutions"/>; default none.</summary>
    public IReadOnlyList<ResidualStage> Stages { get; init; } = [];

    /// <summary>Activation of the hidden layers as <see cref="NetworkSpec.WithActivation"/> reads it; default <c>relu</c>.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>Probability of dropout after each hidden layer, in [0, 1); default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether networks are of double precision; default false, single.</summary>
    public bool DoublePrecision { get; init; }

    /// <summary>Validation metric whose first reaching is timed; null, the default, takes 95 % of the way from the trivial answer
    /// to the winner.</summary>
    public double? Target { get; init; }

    /// <summary>Resamples of the bootstrap, 100 or more; default 2000.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>The layers as a recipe has them.</summary>
    internal string Layers
    {
        get
        {
            string units = string.Join(',', HiddenUnits), last = HiddenUnits.Count > 0 ? "+" + units : "";
            return Network
                ?? (Stages.Count > 0 ? $"resnet:{string.Join(',', Stages.Select(stage => $"{stage.Channels}x{stage.Blocks}"))}{last}"
                : Convolutions.Count > 0 ? $"cnn:{string.Join(',', Convolutions.Select(block => $"{block.Channels}x{block.Window}"))}{last}"
                : HiddenUnits.Count > 0 ? $"mlp:{units}" : "linear");
        }
    }

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="ThalwegException">A value is out of range, or two contenders are the same: the message says which.</exception>
    public void Validate()
    {
        Demand(Contenders.Count > 0, "at least one optimizer", "none");
        if (Contenders.GroupBy(contender => contender.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ThalwegException($"[compare] expected different contenders, got '{twice.Key}' twice; leave one out");
        Demand(Rates >= 1, "1 or more rates", Rates);
        Demand(LowestRate > 0 && HighestRate > LowestRate && double.IsFinite(HighestRate), "0 < lowest rate < highest rate",
            $"{LowestRate} and {HighestRate}");
        Demand(Seeds is >= 1 and <= 1000, "1 to 1000 seeds", Seeds);
        Demand(Epochs >= 1, "1 or more epochs", Epochs);
        Demand(BatchSize >= 1, "1 or more samples per batch", BatchSize);
        Demand(Dropout is >= 0 and < 1, "a dropout from 0 up to, but not, 1", Dropout);
        Demand(Resamples >= 100, "100 or more resamples", Resamples);
        _ = new NetworkSpec().WithActivation(Activation);
    }

    private static void Demand(bool holds, string expected, object found)
    {
        if (!holds)
        {
            throw new ThalwegException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"[compare] expected {expected}, got {found}; change it"));
        }
    }
}
