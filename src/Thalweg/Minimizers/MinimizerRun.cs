using Thalweg.Optimizers;

namespace Thalweg.Minimizers;

/// <summary>A minimization under way: the point, and what the method remembers; calls continue from each other.</summary>
/// <remarks>
/// Each call evaluates the function anew, so that it may differ from call to call, as a loss does between mini-batches.
/// The order of the tests that end a call is that of <c>torch.optim.LBFGS</c>, whose steps a call of <see cref="Lbfgs"/> reproduces.
/// </remarks>
public sealed class MinimizerRun
{
    /// <summary>Name of the slot that holds the point.</summary>
    internal const string PointName = "point";

    private readonly Minimizer _settings;
    private readonly IMinimizerLoop _loop;
    private readonly CurrentPoint _current;
    private int _iterations, _evaluations, _products;

    internal MinimizerRun(Minimizer settings, IMinimizerLoop loop, ReadOnlySpan<double> start) =>
        (_settings, _loop, _current) = (settings, loop, new CurrentPoint(start));

    /// <summary>The point reached, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Point => _current.Point;

    /// <summary>What the last call came to; null before the first.</summary>
    public MinimizerResult? Result { get; private set; }

    /// <summary>All that the run remembers between two calls, copied: what <see cref="Minimizer.Resume"/> needs to continue
    /// with equal bits.</summary>
    public IReadOnlyList<StateSlot> Slots
    {
        get
        {
            RunArchive archive = new();
            Exchange(archive);
            return archive.Slots;
        }
    }

    /// <summary>Makes up to <see cref="Minimizer.MaximumIterations"/> further iterations.</summary>
    /// <param name="objective">The function; it must be the same within the call.</param>
    public MinimizerResult Advance(Objective objective) => Advance(ObjectiveFunction.Of(objective));

    /// <summary>Makes up to <see cref="Minimizer.MaximumIterations"/> further iterations.</summary>
    /// <param name="function">The function; it must be the same within the call.</param>
    /// <exception cref="ThalwegException">The function lacks what the method needs; the message says what.</exception>
    public MinimizerResult Advance(ObjectiveFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Evaluator evaluator = _current.Evaluator = new(function);
        double startValue = _current.Value = evaluator.At(_current.Point, _current.Gradient);
        MinimizerStatus? status = Judge();
        for (int iteration = 1; status is null; iteration++)
        {
            bool isLast = iteration == _settings.MaximumIterations;
            status = _loop.Iterate(_current, new IterationFlags(_iterations++ == 0, isLast)) ?? Judge();
            status ??= isLast ? MinimizerStatus.IterationLimit
                : evaluator.Count >= _settings.EvaluationLimit ? MinimizerStatus.EvaluationLimit : null;
        }

        _evaluations += evaluator.Count;
        _products += evaluator.Products;
        return Result = Summarize(_current.Value, VectorMath.Maximum(_current.Gradient), status.Value, startValue);
    }

    /// <summary>Takes over a saved state.</summary>
    /// <exception cref="ThalwegException">The state belongs to another method or function.</exception>
    internal void Restore(IReadOnlyList<StateSlot> slots)
    {
        RunArchive archive = new(slots);
        Exchange(archive);
        archive.RefuseStrangers();
    }

    private void Exchange(RunArchive archive)
    {
        archive.Vector(PointName, _current.Point);
        archive.Count("iterations", ref _iterations);
        archive.Count("evaluations", ref _evaluations);
        archive.Count("hessian_products", ref _products);
        _loop.Exchange(archive);
        ExchangeResult(archive);
    }

    private void ExchangeResult(RunArchive archive)
    {
        int status = Result is null ? -1 : (int)Result.Status;
        double value = Result?.Value ?? 0, most = Result?.GradientMaximum ?? 0, start = Result?.StartValue ?? 0;
        archive.Count("result.status", ref status);
        archive.Number("result.value", ref value);
        archive.Number("result.gradient_maximum", ref most);
        archive.Number("result.start_value", ref start);
        Result = status < 0 ? null : Summarize(value, most, (MinimizerStatus)status, start);
    }

    private MinimizerResult Summarize(double value, double gradientMaximum, MinimizerStatus status, double startValue) =>
        new([.. _current.Point], value, gradientMaximum, status)
        {
            StartValue = startValue,
            Iterations = _iterations,
            FunctionEvaluations = _evaluations,
            GradientEvaluations = _evaluations,
            HessianProducts = _products,
        };

    /// <summary>Whether the point is a minimum or no number.</summary>
    private MinimizerStatus? Judge()
    {
        if (!double.IsFinite(_current.Value) || !VectorMath.IsFinite(_current.Gradient))
            return MinimizerStatus.NotFinite;

        return VectorMath.Maximum(_current.Gradient) <= _settings.GradientTolerance ? MinimizerStatus.GradientSmall : null;
    }
}
