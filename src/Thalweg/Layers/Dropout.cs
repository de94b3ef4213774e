using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Dropout: in training each element is zeroed with probability p and the rest divided by 1 - p; in evaluation nothing
/// changes.</summary>
/// <remarks>The mask follows from seed, layer and step alone. Source: Srivastava and others, JMLR 15, 2014.</remarks>
public sealed class Dropout : Module
{
    /// <summary>Makes a dropout layer.</summary>
    /// <param name="probability">Probability of a zero, in [0, 1).</param>
    /// <exception cref="ThalwegException">The probability is out of range.</exception>
    public Dropout(double probability)
    {
        if (!(probability >= 0 && probability < 1))
        {
            throw new ThalwegException($"[dropout] expected a probability in [0, 1), got {probability}");
        }

        Probability = probability;
    }

    /// <summary>Probability of a zero.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => IsTraining ? x.Dropout(Probability, StreamOfStep(RandomPurpose.Dropout)) : x;

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "dropout", ["probability"] = Probability };
}
