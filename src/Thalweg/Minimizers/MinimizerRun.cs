namespace Thalweg.Minimizers;

/// <summary>A minimization under way: the point, and what the method remembers; calls go on from each other.</summary>
/// <remarks>
/// Each call evaluates the function anew, so that it may differ from call to call, as a loss does between mini-batches.
/// The order of the tests that end a call is that of <c>torch.optim.LBFGS</c>, whose steps a call of <see cref="Lbfgs"/> reproduces.
/// </remarks>
public sealed class MinimizerRun
{
    private readonly Minimizer _settings;
    private readonly IWalk _walk;
    private readonly Place _place;
    private int _iterations, _evaluations, _products;

    internal MinimizerRun(Minimizer settings, IWalk walk, ReadOnlySpan<double> start) =>
        (_settings, _walk, _place) = (settings, walk, new Place(start));

    /// <summary>The point reached, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Point => _place.Point;

    /// <summary>Makes up to <see cref="Minimizer.MaximumIterations"/> further iterations.</summary>
    /// <param name="objective">The function; it must be the same within the call.</param>
    public MinimizerResult Advance(Objective objective) => Advance(ObjectiveFunction.Of(objective));

    /// <summary>Makes up to <see cref="Minimizer.MaximumIterations"/> further iterations.</summary>
    /// <param name="function">The function; it must be the same within the call.</param>
    /// <exception cref="ThalwegException">The function lacks what the method needs; the message says what.</exception>
    public MinimizerResult Advance(ObjectiveFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Evaluator evaluator = _place.Evaluator = new(function);
        double startValue = _place.Value = evaluator.At(_place.Point, _place.Gradient);
        MinimizerStatus? status = Judge();
        for (int iteration = 1; status is null; iteration++)
        {
            bool isLast = iteration == _settings.MaximumIterations;
            status = _walk.Iterate(_place, new Turn(_iterations++ == 0, isLast)) ?? Judge();
            status ??= isLast ? MinimizerStatus.IterationLimit : evaluator.Count >= _settings.EvaluationLimit ? MinimizerStatus.EvaluationLimit : null;
        }

        _evaluations += evaluator.Count;
        _products += evaluator.Products;
        return new([.. _place.Point], _place.Value, VectorMath.Maximum(_place.Gradient), status.Value)
        {
            StartValue = startValue,
            Iterations = _iterations,
            FunctionEvaluations = _evaluations,
            GradientEvaluations = _evaluations,
            HessianProducts = _products,
        };
    }

    /// <summary>Whether the point is a minimum or no number.</summary>
    private MinimizerStatus? Judge()
    {
        if (!double.IsFinite(_place.Value) || !VectorMath.IsFinite(_place.Gradient))
        {
            return MinimizerStatus.NotFinite;
        }

        return VectorMath.Maximum(_place.Gradient) <= _settings.GradientTolerance ? MinimizerStatus.GradientSmall : null;
    }
}
