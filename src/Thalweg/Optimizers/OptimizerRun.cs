using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>A chain at work on the parameters of one network, which lie in one flat vector with their gradients in another.</summary>
/// <remarks>
/// One pass over memory per fused group of rules (a group ends before a rule that needs a norm, and after 8 rules). Results are equal
/// to the bit for any number of threads, vector width and grouping. A step allocates nothing after the first.
/// </remarks>
public sealed unsafe class OptimizerRun
{
    /// <summary>Rules of a fused group at most; measured: chains past about 10 rules fall off the JIT's inliner.</summary>
    internal const int GroupSize = 8;

    private readonly RuleEngine<float>? _single;
    private readonly RuleEngine<double>? _double;
    private readonly HomeWeights? _home;
    private readonly ChainProgress _progress;
    private readonly RuleNeeds[] _needs;
    private bool _isTaken;

    /// <summary>Makes a run at step 0, its state zero.</summary>
    /// <param name="chain">The rules, or a named optimizer.</param>
    /// <param name="segments">What lies where in the flat vector.</param>
    /// <param name="dtype">Element type of parameters, gradients and state.</param>
    /// <exception cref="ThalwegException">The element type is not a floating-point one: choose Float32 or Float64.</exception>
    public OptimizerRun(Chain chain, ParameterSegments segments, DType dtype = DType.Float32)
        : this(chain, segments, dtype, GroupSize)
    {
    }

    internal OptimizerRun(Chain chain, ParameterSegments segments, DType dtype, int groupSize)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(segments);
        if (!dtype.IsFloat())
            throw new ThalwegException($"[optimizer] expected parameters of Float32 or Float64, got {dtype}; convert them first");
        (Chain, Segments, DType) = (chain, segments, dtype);
        State = new(chain, segments, dtype);
        _progress = new(chain, State);
        ChunkTable chunks = new(segments, chain.Any(rule => rule.IsBySegment));
        if (dtype == DType.Float32)
            _single = new(chain, State.ByRule, chunks, groupSize);
        else
            _double = new(chain, State.ByRule, chunks, groupSize);
        _needs = [.. chain.Select(rule => rule.Needs)];
        Needs = RuleNeeds.Of(_needs);
        _home = Needs.MovedFrom is null ? null : new HomeWeights(segments.Length, dtype, Needs.Gradients);
    }

    /// <summary>The rules.</summary>
    public Chain Chain { get; }

    /// <summary>What lies where in the flat vector.</summary>
    public ParameterSegments Segments { get; }

    /// <summary>Element type of parameters, gradients and state.</summary>
    public DType DType { get; }

    /// <summary>What is remembered from step to step.</summary>
    public OptimizerState State { get; }

    /// <summary>
    /// The norm that the chain's first norm-clipping rule saw in the last step, before clipping; NaN where there is none.
    /// </summary>
    public double LastNorm => _single?.Norm ?? _double!.Norm;

    /// <summary>The average of the weights that an averaging rule of the chain keeps, <c>[n]</c>; null where there is none.</summary>
    public Tensor? Average => _progress.Average;

    /// <summary>Gradients that <see cref="SkipNonFinite"/> has held back so far.</summary>
    public long Skipped => _progress.Skipped;

    /// <summary>Updates made so far: the gradients that no gate, such as <see cref="Accumulate"/>, held back.</summary>
    public long Updates => _progress.Updates;

    /// <summary>The learning rate of the last update, or of the first where none was made yet, with the reductions of
    /// <see cref="ReduceOnPlateau"/>; NaN where the chain has no rate.</summary>
    public double LearningRate => _progress.LearningRate;

    /// <summary>What the rules need together beside one gradient at the weights for each update.</summary>
    public RuleNeeds Needs { get; }

    /// <summary>What the rules need before the next <see cref="Step(Tensor, Tensor)"/>; a validation metric comes after each
    /// evaluation, wanted or not.</summary>
    public SignalKinds Wanted => _progress.Wanted(Needs, _needs);

    /// <summary>Tells the rules something beside gradients; those that do not wait for it leave it alone.</summary>
    /// <param name="signal">The signal.</param>
    /// <exception cref="ThalwegException">A diagonal has not one number for each parameter, of the run's type.</exception>
    public void Observe(RuleSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is CurvatureSignal { Diagonal: { } diagonal } && (diagonal.Length != Segments.Length || diagonal.DType != DType))
        {
            throw new ThalwegException(
                $"[optimizer] expected a curvature of {Segments.Length} numbers of {DType}, got {diagonal.Length} of {diagonal.DType}; " +
                "pass one per parameter");
        }

        for (int position = 0; position < Chain.Count; position++)
            Chain[position].Observe(signal, new RuleState(Chain[position], State.ByRule[position], Segments));
    }

    /// <summary>
    /// Tells the rules that wait for it, such as <see cref="ReduceOnPlateau"/>, a validation metric; call it after each evaluation.
    /// </summary>
    /// <param name="metric">The metric, in the sense that the rule was given (more is better, or less).</param>
    public void Observe(double metric)
    {
        if (Needs.Metric)
            Observe(new MetricSignal(metric));
    }

    /// <summary>Takes the gradients of the next update, each where the rules want it, and passes the rules the signals that they need:
    /// all that comes before <see cref="Step(Tensor, Tensor)"/>, for any chain.</summary>
    /// <remarks>Afterwards the gradient of the update lies in <see cref="IGradientSource.Gradients"/>, where it may still be changed, as by
    /// clipping by hand, and the weights are where the update starts.</remarks>
    /// <param name="source">Gradients of the samples of the step.</param>
    /// <returns>The value at the first gradient; where it is not finite, the weights are as they were, and no
    /// update should follow.</returns>
    /// <exception cref="ThalwegException">The sizes or element types do not fit the run: pass those of the same network.</exception>
    public double TakeGradient(IGradientSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Tensor parameters = source.Values, gradients = source.Gradients;
        try
        {
            MoveTo(0, parameters, gradients);
            double value = source.Gradient();
            if (!double.IsFinite(value))
            {
                Abandon(parameters);
                return value;
            }

            SignalKinds wanted = Wanted;
            if ((wanted & SignalKinds.Curvature) != 0)
                Observe(source.EstimateCurvature(Needs.CurvatureForm));
            for (int evaluation = 1; evaluation < Needs.Gradients; evaluation++)
            {
                MoveTo(evaluation, parameters, gradients);
                source.Gradient();
            }

            if ((wanted & SignalKinds.LayerFactors) != 0)
                Observe(source.FindLayerFactors());
            _home?.End(parameters);
            _isTaken = true;
            return value;
        }
        catch
        {
            Abandon(parameters);
            throw;
        }
    }

    /// <summary>Gives up the gradients taken since the last update: puts the weights back where the update would have started.</summary>
    /// <param name="parameters">The parameters, <c>[n]</c>, changed in place.</param>
    public void Abandon(Tensor parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _home?.Abandon(parameters);
        _isTaken = false;
    }

    /// <summary>Width of the vectors, for the tests that compare them.</summary>
    internal VectorWidth Width
    {
        set
        {
            _single?.Width = value;
            _double?.Width = value;
        }
    }

    /// <summary>
    /// Moves the parameters to where the next gradient is to be taken; <see cref="Step(Tensor, Tensor)"/> puts them back first.
    /// </summary>
    /// <remarks>For each k from 0 to <see cref="RuleNeeds.Gradients"/> - 1: MoveTo(k), take the gradient; then Step. Where no rule
    /// moves them it does nothing.</remarks>
    /// <param name="evaluation">Number of the gradient within this update, from 0.</param>
    /// <param name="parameters">The parameters, <c>[n]</c>, changed in place.</param>
    /// <param name="gradients">The gradient before, <c>[n]</c>; for evaluation 0 of no meaning.</param>
    /// <exception cref="ThalwegException">The sizes or element types do not fit the run, or an evaluation was left out: call
    /// them in order.</exception>
    public void MoveTo(int evaluation, Tensor parameters, Tensor gradients)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradients);
        if (DType == DType.Float32)
            MoveTo(evaluation, parameters.AsSpan<float>(), gradients.AsSpan<float>());
        else
            MoveTo<double>(evaluation, parameters.AsSpan<double>(), gradients.AsSpan<double>());
    }

    /// <inheritdoc cref="MoveTo(int, Tensor, Tensor)"/>
    /// <typeparam name="T">The C# type of <see cref="DType"/>.</typeparam>
    public void MoveTo<T>(int evaluation, Span<T> parameters, ReadOnlySpan<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_home is null)
            return;
        RefuseSizes(parameters.Length, gradients.Length);
        _home.Begin(evaluation, parameters);
        fixed (T* p = parameters, g = gradients)
            Engine<T>().Move(evaluation, p, g, Updates);
    }

    /// <summary>Makes one update.</summary>
    /// <param name="parameters">The parameters, <c>[n]</c>, changed in place.</param>
    /// <param name="gradients">Their gradients, <c>[n]</c>, left as they are.</param>
    /// <exception cref="ThalwegException">The sizes or element types do not fit the run: pass those of the same network.</exception>
    public void Step(Tensor parameters, Tensor gradients)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradients);
        if (DType == DType.Float32)
            Step(parameters.AsSpan<float>(), gradients.AsSpan<float>());
        else
            Step<double>(parameters.AsSpan<double>(), gradients.AsSpan<double>());
    }

    /// <summary>Makes one update.</summary>
    /// <typeparam name="T">The C# type of <see cref="DType"/>.</typeparam>
    /// <param name="parameters">The parameters, <c>[n]</c>, changed in place.</param>
    /// <param name="gradients">Their gradients, <c>[n]</c>, left as they are.</param>
    /// <exception cref="ThalwegException">The sizes or the element type do not fit the run: pass those of the same network.</exception>
    public void Step<T>(Span<T> parameters, ReadOnlySpan<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RefuseSizes(parameters.Length, gradients.Length);
        if (!_isTaken)
            _home?.End(parameters);
        _isTaken = false;
        fixed (T* p = parameters, g = gradients)
            Step(p, g);
    }

    /// <summary>Makes one update of the flat vectors at two addresses, as long as the segments say.</summary>
    internal void Step<T>(T* parameters, T* gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Engine<T>().Step(parameters, gradients, State.Step);
        State.Step++;
        GC.KeepAlive(this);
    }

    private RuleEngine<T> Engine<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        object? engine = typeof(T) == typeof(float) ? _single : _double;
        return engine as RuleEngine<T>
            ?? throw new ThalwegException(
                $"[optimizer] expected elements of {DType}, got {typeof(T).Name}; make the run with the parameters' type");
    }

    private void RefuseSizes(int parameters, int gradients)
    {
        if (parameters != Segments.Length || gradients != Segments.Length)
        {
            throw new ThalwegException(
                $"[optimizer] expected {Segments.Length} parameters and gradients, got {parameters} and {gradients}; " +
                "pass the flat vectors of the network");
        }
    }
}
