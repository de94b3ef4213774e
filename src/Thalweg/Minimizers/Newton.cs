using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Thalweg.LinearAlgebra;

namespace Thalweg.Minimizers;

/// <summary>What Newton's method does where the Hessian is not positive definite.</summary>
public enum NewtonVariant
{
    /// <summary>H + alpha I with the smallest alpha of 0, beta, 2 beta, 4 beta, ... that makes it positive definite. Nocedal and Wright
    /// (2006), algorithm 3.3.</summary>
    Shifted,

    /// <summary>Nothing: the step leads to the stationary point of the parabola, be it a saddle or a maximum; where it leads up, the run
    /// ends and says so.</summary>
    Exact,

    /// <summary>|H|, the eigenvalues made positive, so that saddles repel. Dauphin and others (2014), algorithm 1, with
    /// the whole space.</summary>
    SaddleFree,
}

/// <summary>Newton's method with the whole Hessian, for few variables.</summary>
/// <remarks>
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), section 3.4; Dauphin and others, "Identifying and attacking the
/// saddle point problem", NIPS 2014. Cost: n Hessian products and n^3 / 3 multiplications (Cholesky; about 9 n^3 for eigenvalues) for each
/// iteration; memory: 4 n^2 + 15 n doubles.
/// </remarks>
public sealed record Newton : LineMinimizer
{
    /// <summary>Newton's method, shifted where it must be, with the search of Moré and Thuente.</summary>
    public Newton() => Search = LineSearch.MoreThuente;

    /// <summary>What to do where the Hessian is not positive definite, default <see cref="NewtonVariant.Shifted"/>.</summary>
    public NewtonVariant Form { get; init; }

    /// <inheritdoc/>
    public override string Formula => Form switch
    {
        NewtonVariant.Exact => "H d = -g; w = w + t d",
        NewtonVariant.SaddleFree => "|H| d = -g, |H| = V |L| V' for H = V L V'; w = w + t d",
        _ => "(H + alpha I) d = -g, alpha = 0 or the first of beta 2^k that makes it positive definite; w = w + t d",
    };

    /// <inheritdoc/>
    public override string Source => Form == NewtonVariant.SaddleFree
        ? "Dauphin et al.: Identifying and attacking the saddle point problem, 2014, algorithm 1"
        : "Nocedal, Wright: Numerical Optimization, 2nd ed., 2006, section 3.4, algorithm 3.3";

    /// <inheritdoc/>
    public override string Use =>
        "up to a few hundred variables and an exact Hessian: converges in the fewest steps; saddle_free where saddles abound";

    /// <inheritdoc/>
    public override string IterationCost =>
        "n Hessian products, " + (Form == NewtonVariant.SaddleFree ? "9 n^3" : "n^3/3")
            + " multiplications, a search: about one evaluation";

    /// <inheritdoc/>
    public override long StateLength(int variables) => ((4L * variables) + 7 + (2 * SearchPoints)) * variables;

    /// <inheritdoc/>
    internal override IDescent Descent(int length) => new NewtonDescent(Form);
}

/// <summary>Solves for the Newton step.</summary>
internal sealed class NewtonDescent(NewtonVariant form) : IDescent
{
    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
    }

    public void Direct(CurrentPoint current, Span<double> direction)
    {
        Matrix<double> hessian = DenseCurvature.Hessian(current);
        Vector<double> gradient = Vector<double>.Build.Dense(current.Gradient);
        Vector<double> step = form switch
        {
            NewtonVariant.Exact => hessian.LU().Solve(gradient),
            NewtonVariant.SaddleFree => AbsoluteSolve(hessian, gradient),
            _ => PositiveFactor(hessian).Factor.Solve(gradient),
        };
        step.Negate().AsArray().CopyTo(direction);
    }

    public double FirstLength(in LineStart start) => 1;

    public bool Restart() => false;

    /// <summary>Each direction follows from its place alone.</summary>
    public void Exchange(RunArchive archive)
    {
    }

    /// <summary>Factorizes H + alpha I, alpha the first that makes it positive definite.</summary>
    public static (Cholesky<double> Factor, double Shift) PositiveFactor(Matrix<double> hessian)
    {
        double least = double.PositiveInfinity, most = 0;
        for (int i = 0; i < hessian.RowCount; i++)
        {
            least = Math.Min(least, hessian[i, i]);
            most = Math.Max(most, Math.Abs(hessian[i, i]));
        }

        double beta = most > 0 ? 1e-3 * most : 1e-3, shift = least > 0 ? 0 : beta - least;
        while (double.IsFinite(shift))
        {
            if (SymmetricSystem.Factorize(hessian, shift) is { } factor)
                return (factor, shift);

            shift = Math.Max(2 * shift, beta);
        }

        throw new ThalwegException("[newton] expected a Hessian of finite numbers, got one that is not; start nearer to a minimum");
    }

    /// <summary>Solves with the eigenvalues made positive, none below the rounding of the largest.</summary>
    private static Vector<double> AbsoluteSolve(Matrix<double> hessian, Vector<double> gradient)
    {
        (Vector<double> values, Matrix<double> vectors) = SymmetricSystem.Decompose(hessian);
        double floor = Math.Max(Evaluator.Precision * values.AbsoluteMaximum() * values.Count, double.Epsilon);
        Vector<double> inverse = values.Map(value => 1 / Math.Max(Math.Abs(value), floor));
        return vectors * vectors.TransposeThisAndMultiply(gradient).PointwiseMultiply(inverse);
    }
}
