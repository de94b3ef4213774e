namespace Thalweg.Minimizers;

/// <summary>A minimization under way: the point, and what the descent remembers; calls go on from each other.</summary>
/// <remarks>
/// Each call evaluates the function anew, so that it may differ from call to call, as a loss does between mini-batches.
/// The order of the tests that end a call is that of <c>torch.optim.LBFGS</c>, whose steps a call reproduces.
/// </remarks>
public sealed class MinimizerRun
{
    private readonly Minimizer _settings;
    private readonly IDescent _descent;
    private readonly double[] _point, _gradient, _previous, _direction;
    private double _length, _value;
    private int _iterations, _evaluations;

    internal MinimizerRun(Minimizer settings, IDescent descent, ReadOnlySpan<double> start)
    {
        (_settings, _descent, _point) = (settings, descent, start.ToArray());
        (_gradient, _previous, _direction) = (new double[start.Length], new double[start.Length], new double[start.Length]);
    }

    /// <summary>The point reached, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Point => _point;

    /// <summary>Makes up to <see cref="Minimizer.MaximumIterations"/> further iterations.</summary>
    /// <param name="objective">The function; it must be the same within the call.</param>
    public MinimizerResult Advance(Objective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        Evaluator evaluator = new(objective);
        double startValue = _value = evaluator.At(_point, _gradient);
        MinimizerStatus? status = Judge();
        for (int iteration = 1; status is null; iteration++)
        {
            status = Iterate(evaluator, iteration);
        }

        _evaluations += evaluator.Count;
        return new([.. _point], _value, VectorMath.Maximum(_gradient), status.Value)
        {
            StartValue = startValue,
            Iterations = _iterations,
            FunctionEvaluations = _evaluations,
            GradientEvaluations = _evaluations,
        };
    }

    /// <summary>One iteration; the status if it was the last.</summary>
    private MinimizerStatus? Iterate(Evaluator evaluator, int iteration)
    {
        bool isFirst = _iterations++ == 0;
        if (!isFirst)
        {
            Learn();
        }

        _descent.Direct(_gradient, _direction);
        _gradient.CopyTo(_previous, 0);
        double before = _value;
        // The first gradient says nothing of the scale: no element sum of the first step exceeds the rate.
        _length = (isFirst ? Math.Min(1, 1 / VectorMath.SumOfMagnitudes(_gradient)) : 1) * _settings.LearningRate;
        double slope = VectorMath.Dot(_gradient, _direction);
        // Written so that a slope that is not a number stops too.
        if (!(slope <= -_settings.ChangeTolerance) || slope == 0)
        {
            return MinimizerStatus.NoDescent;
        }

        bool isLast = iteration == _settings.MaximumIterations;
        bool isEvaluated = Move(evaluator, slope, isLast);
        if (isLast)
        {
            return isEvaluated ? Judge() ?? MinimizerStatus.IterationLimit : MinimizerStatus.IterationLimit;
        }

        return Judge() ?? Ended(evaluator.Count, before);
    }

    /// <summary>Hands the last step to the descent.</summary>
    private void Learn()
    {
        for (int i = 0; i < _point.Length; i++)
        {
            _previous[i] = _gradient[i] - _previous[i];
            _direction[i] *= _length;
        }

        _descent.Learn(_direction, _previous);
    }

    /// <summary>Moves along the direction; whether value and gradient are those of the new point.</summary>
    private bool Move(Evaluator evaluator, double slope, bool isLast)
    {
        if (_settings.Search.Kernel is not { } search)
        {
            VectorMath.Add(_length, _direction, _point);
            if (!isLast)
            {
                _value = evaluator.At(_point, _gradient);
            }

            return !isLast;
        }

        SearchLine line = new(evaluator, _point, _direction, new LinePoint(0, _value, _gradient, slope));
        LinePoint found = search.Find(line, _length);
        (_length, _value) = (found.Length, found.Value);
        VectorMath.Add(_length, _direction, _point);
        found.Gradient.CopyTo(_gradient, 0);
        return true;
    }

    /// <summary>Whether the point is a minimum or no number.</summary>
    private MinimizerStatus? Judge()
    {
        if (!double.IsFinite(_value) || !VectorMath.IsFinite(_gradient))
        {
            return MinimizerStatus.NotFinite;
        }

        return VectorMath.Maximum(_gradient) <= _settings.GradientTolerance ? MinimizerStatus.GradientSmall : null;
    }

    private MinimizerStatus? Ended(int evaluations, double before)
    {
        // The product with 5 is taken first: 1.25 n, rounded down, without rounding errors.
        if (evaluations >= (_settings.MaximumEvaluations ?? (5L * _settings.MaximumIterations / 4)))
        {
            return MinimizerStatus.EvaluationLimit;
        }

        if (_length * VectorMath.Maximum(_direction) <= _settings.ChangeTolerance)
        {
            return MinimizerStatus.StepSmall;
        }

        return Math.Abs(_value - before) < _settings.ChangeTolerance ? MinimizerStatus.ValueSettled : null;
    }
}
