using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Shampoo: AdaGrad with a whole matrix for each side of each weight matrix.</summary>
/// <remarks>
/// Formula: L = L + G G', R = R + G' G, w = w - lr (L + e)^-1/4 G (R + e)^-1/4; vectors by AdaGrad. Source: Gupta, Koren and Singer,
/// Shampoo (2018), algorithm 1. State: two matrices and their roots for each weight matrix; time grows with the cube of a side. Roots serve
/// for several steps, but never where they would make an update longer than new ones can: see <see cref="ScaleByShampoo"/>.
/// </remarks>
public sealed record Shampoo : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.1.</param>
    public Shampoo(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.1.</summary>
    public Shampoo()
        : this(0.1)
    {
    }

    /// <summary>Share of the old matrices that is kept, dimensionless, in [0, 1], default 1: sums.</summary>
    public double Retain { get; init => field = AtLeastZero(value); } = 1;

    /// <summary>Term e that eigenvalues are raised by, above 0, default 1e-6.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-6;

    /// <summary>Updates from one computation of the roots to the next, at least 1, default 10; new roots come earlier where old ones would
    /// make an update too long.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 10;

    /// <summary>Longest side that has a matrix of its own, at least 1, default 512.</summary>
    public int Limit { get; init => field = AtLeast(1, value); } = 512;

    /// <summary>Share of a velocity that is kept, dimensionless, in [0, 1), default 0: none.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0;

    /// <inheritdoc/>
    public override string Source => "Gupta, Koren, Singer: Shampoo, 2018, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "matrices of up to a few thousand rows, where steps are dear beside the update: whitens rows and columns";

    /// <inheritdoc/>
    public override Chain Chain => Mu.IsZero
        ? Compose(new ScaleByShampoo { Decay = Retain, Epsilon = Epsilon, Every = Every, Limit = Limit })
        : Compose(new ScaleByShampoo { Decay = Retain, Epsilon = Epsilon, Every = Every, Limit = Limit }, new ScaleByMomentum { Mu = Mu });
}
