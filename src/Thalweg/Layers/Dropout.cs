using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Where dropout makes up for the elements that it zeroes with probability p.</summary>
public enum DropoutScaling
{
    /// <summary>In training: what is kept is divided by 1 - p, so that evaluation changes nothing (PyTorch, Keras).</summary>
    Inverted,

    /// <summary>In evaluation: all is multiplied by 1 - p, and training keeps what it keeps as it is. Srivastava and others
    /// 2014, section 4.</summary>
    AtEvaluation,
}

/// <summary>Dropout: in training each element is zeroed with probability p and the rest divided by 1 - p; in
/// evaluation nothing changes.</summary>
/// <remarks>Input and output <c>[...]</c>. Each pass draws another mask; within a step of a <see cref="ForwardContext"/> it follows from
/// seed, layer, step and the number of passes before. Source: Srivastava and others, JMLR 15, 2014,
/// section 4; where the scaling is done is a choice: see <see cref="DropoutScaling"/>.</remarks>
public sealed class Dropout : Module
{
    private const string ScaledLater = "at_evaluation";

    private readonly double _kept;

    /// <summary>Makes a dropout layer.</summary>
    /// <param name="probability">Probability of a zero, in [0, 1).</param>
    /// <param name="scaling">Where the zeros are made up for; default in training.</param>
    /// <exception cref="ThalwegException">The probability is out of range.</exception>
    public Dropout(double probability, DropoutScaling scaling = DropoutScaling.Inverted)
    {
        if (!(probability >= 0 && probability < 1))
            throw new ThalwegException($"[dropout] expected a probability in [0, 1), got {probability}");

        (Probability, Scaling, _kept) = (probability, scaling, 1 - probability);
    }

    /// <summary>Probability of a zero.</summary>
    public double Probability { get; }

    /// <summary>Where the zeros are made up for.</summary>
    public DropoutScaling Scaling { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x)
    {
        bool isInverted = Scaling == DropoutScaling.Inverted;
        if (!IsTraining)
            return isInverted ? x : x.Multiply(_kept);

        if (Probability == 0)
            return x;

        Tensor kept = x.Dropout(Probability, StreamOfStep(RandomPurpose.Dropout));
        return isInverted ? kept : kept.Multiply(_kept);
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => Scaling == DropoutScaling.Inverted
        ? new() { ["type"] = "dropout", ["probability"] = Probability }
        : new() { ["type"] = "dropout", ["probability"] = Probability, ["scaling"] = ScaledLater };

    /// <summary>The layer that a description gives; those of versions without a choice have none.</summary>
    internal static Dropout Build(JsonObject description)
    {
        string scaling = description.ContainsKey("scaling") ? LayerRegistry.Read<string>(description, "scaling") : "inverted";
        return scaling is "inverted" or ScaledLater
            ? new Dropout(LayerRegistry.Read<double>(description, "probability"),
                scaling == ScaledLater ? DropoutScaling.AtEvaluation : DropoutScaling.Inverted)
            : throw new ThalwegException(
                $"[architecture] expected dropout scaling inverted or {ScaledLater}, got '{scaling}'; the model file is damaged or newer");
    }
}
