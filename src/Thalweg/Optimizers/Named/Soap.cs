using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>SOAP: Adam in the eigenbasis of Shampoo.</summary>
/// <remarks>
/// Formula: as <see cref="ScaleBySoap"/>, w = w - lr (u + lambda w). Source: Vyas et al., SOAP: improving and stabilizing Shampoo using
/// Adam (2024), algorithm 3. State: m, V and, for each weight matrix, two matrices and their bases.
/// </remarks>
public sealed record Soap : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.003.</param>
    public Soap(Hyperparameter learningRate)
        : base(learningRate) => (Decay, DecayForm) = (0.01, DecayForm.Decoupled);

    /// <summary>Makes the recipe with the default learning rate, 0.003.</summary>
    public Soap()
        : this(0.003)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.95.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.95;

    /// <summary>Decay b2 of the second moment and of the matrices, dimensionless, in [0, 1), default 0.95.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.95;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Updates from one turn of the bases to the next, at least 1, default 10.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 10;

    /// <summary>Longest side that is turned, at least 1, default 512.</summary>
    public int Limit { get; init => field = AtLeast(1, value); } = 512;

    /// <inheritdoc/>
    public override string Source => "Vyas et al.: SOAP, 2024, algorithm 3";

    /// <inheritdoc/>
    public override string Use => "hidden matrices where steps are expensive beside the turning of bases: large batches, transformers";

    /// <inheritdoc/>
    public override Chain Chain => Compose(new ScaleBySoap { B1 = B1, B2 = B2, Epsilon = Epsilon, Every = Every, Limit = Limit });
}
