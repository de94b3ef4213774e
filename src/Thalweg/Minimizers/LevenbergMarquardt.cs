namespace Thalweg.Minimizers;

/// <summary>By what the damping is multiplied for each variable.</summary>
public enum DampingScale
{
    /// <summary>The largest squared column of the Jacobian so far: the method does not depend on units. Marquardt 1963; Moré
    /// 1978, eq. (6.3).</summary>
    Column,

    /// <summary>1: steps are short in all variables alike. Levenberg 1944.</summary>
    Identity,
}

/// <summary>Levenberg-Marquardt: damped steps of linearized least squares, the damping led by how well they foretell the fall.</summary>
/// <remarks>
/// Source: Madsen, Nielsen, Tingleff, "Methods for non-linear least squares problems", 2nd ed., 2004, algorithm 3.16, with the damping of
/// Nielsen 1999; scaling: Moré, "The Levenberg-Marquardt algorithm", 1978. It needs residuals, or a loss of outputs. Cost: one evaluation
/// for each
/// iteration, and a QR of (m + n) x n; without a Jacobian n Gauss-Newton products for each new point; memory: 3 (m + n) n + 8 n doubles,
/// m residuals.
/// </remarks>
public sealed record LevenbergMarquardt : Minimizer
{
    /// <summary>By what the damping is multiplied, default <see cref="DampingScale.Column"/>.</summary>
    public DampingScale Scale { get; init; }

    /// <summary>Damping lambda of the first step, as a share of the scale, above 0, default 1e-3; for a poor start 1.</summary>
    /// <exception cref="ThalwegException">The number is not finite and above 0; give another.</exception>
    public double Damping { get; init => field = AboveZero(value); } = 1e-3;

    /// <inheritdoc/>
    public override string Formula =>
        $"(J'J + lambda {(Scale == DampingScale.Identity ? "I" : "D")}) s = -J'r; w = w + s if the value falls: lambda = lambda max(1/3, " +
        "1 - (2 q - 1)^3), q fall over fall foretold, n = 2; else lambda = lambda n, n = 2 n";

    /// <inheritdoc/>
    public override string Source =>
        "Madsen, Nielsen, Tingleff: Methods for non-linear least squares problems, 2nd ed., 2004, algorithm 3.16";

    /// <inheritdoc/>
    public override string Use => "least squares: fits of models with up to a few hundred parameters, from poor starts too";

    /// <inheritdoc/>
    public override string IterationCost =>
        "one evaluation, a QR of J, 2 (m + n) n^2 multiplications and 3 m n doubles more for m residuals, or n products with G";

    /// <inheritdoc/>
    public override long StateLength(int variables) => ((3L * variables) + 8) * variables;

    /// <inheritdoc/>
    internal override IMinimizerLoop Loop(int length) => new DampedLoop(this, length);
}

/// <summary>Iterations of damped steps.</summary>
internal sealed class DampedLoop(LevenbergMarquardt settings, int n) : IMinimizerLoop
{
    private readonly LeastSquares _system = new();
    private readonly double[] _scale = new double[n], _weights = new double[n], _step = new double[n], _trial = new double[n],
        _gradient = new double[n];
    private double _damping = double.NaN, _growth = 2;
    private Evaluator? _entered;

    public MinimizerStatus? Iterate(CurrentPoint current, IterationFlags turn)
    {
        Enter(current);
        for (int i = 0; i < n; i++)
            _weights[i] = _damping * _scale[i];

        if (!double.IsFinite(_damping))
            return MinimizerStatus.NoLowerPoint;

        if (!_system.Solve(current.Gradient, _weights, _step))
        {
            Grow();
            return null;
        }

        current.Point.CopyTo(_trial, 0);
        VectorMath.Add(1, _step, _trial);
        double predicted = 0, before = current.Value;
        for (int i = 0; i < n; i++)
            predicted += _step[i] * ((_weights[i] * _step[i]) - current.Gradient[i]) / 2;

        (double ratio, bool isTaken) = StepTest.Try(current, _trial, _gradient, predicted);
        if (!isTaken)
        {
            Grow();
            return StepTest.IsLost(_step, current.Point) ? MinimizerStatus.NoLowerPoint : null;
        }

        double odd = (2 * ratio) - 1;
        (_damping, _growth, _entered) = (_damping * Math.Max(1.0 / 3, 1 - (odd * odd * odd)), 2, null);
        return StepTest.Ended(settings, current, _step, before - current.Value);
    }

    /// <summary>The linearization is made anew in each call.</summary>
    public void Exchange(RunArchive archive)
    {
        archive.Vector("scale", _scale);
        archive.Number("damping", ref _damping);
        archive.Number("growth", ref _growth);
    }

    /// <summary>Linearizes at a new place.</summary>
    private void Enter(CurrentPoint current)
    {
        if (_entered == current.Evaluator)
            return;

        _entered = current.Evaluator;
        _system.Enter(current);
        bool isIdentity = settings.Scale == DampingScale.Identity;
        for (int i = 0; i < n; i++)
        {
            // A variable on which nothing depends at the start has no scale of its own; MINPACK takes 1 too.
            double column = _system.Diagonal[i];
            _scale[i] = isIdentity ? 1 : Math.Max(_scale[i], column > 0 || _scale[i] > 0 ? column : 1);
        }

        if (double.IsNaN(_damping))
            _damping = settings.Damping * (isIdentity ? _system.Diagonal.Max() : 1);
    }

    private void Grow() => (_damping, _growth) = (_damping * _growth, 2 * _growth);
}
