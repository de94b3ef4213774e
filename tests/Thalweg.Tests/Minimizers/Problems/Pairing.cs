using Thalweg.Minimizers;

namespace Thalweg.Tests.Minimizers.Problems;

/// <summary>A minimizer and the one of scipy to set beside it.</summary>
/// <param name="Name">Name in tables.</param>
/// <param name="Scipy">Name of the method in <c>scipy.optimize.minimize</c>.</param>
/// <param name="Minimizer">The minimizer, with defaults but for its limits.</param>
internal sealed record Pairing(string Name, string Scipy, Minimizer Minimizer)
{
    /// <summary>Limits that no solvable problem reaches.</summary>
    private const int Iterations = 20000, Evaluations = 40000;

    public static Pairing[] All { get; } =
    [
        new("newton_cg", "Newton-CG", new NewtonCg()),
        new("bfgs", "BFGS", new Bfgs()),
        new("lbfgs", "L-BFGS-B", new Lbfgs()),
        new("trust_region (Steihaug)", "trust-ncg", new TrustRegion()),
        new("trust_region (exact)", "trust-exact", new TrustRegion { Form = TrustRegionVariant.Exact }),
        new("trust_region (dogleg)", "dogleg", new TrustRegion { Form = TrustRegionVariant.Dogleg }),
        new("nonlinear_cg", "CG", new NonlinearCg()),
    ];

    public Minimizer Minimizer { get; } = Minimizer with { MaximumIterations = Iterations, MaximumEvaluations = Evaluations };
}
