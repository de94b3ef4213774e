using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>What a step lowers, as a function of the parameters: value and gradient, derivatives of second order, and the estimates that
/// rules ask for.</summary>
/// <remarks>The samples of a step are taken in micro-batches, whose gradients add up in place, each by its weight. All evaluations of a step see
/// the same samples and the same random numbers. <see cref="TrainingObjective"/> is that of a <see cref="Trainer"/>,
/// <see cref="BatchObjective"/> that of a custom loop.</remarks>
public abstract class StepObjective : IGradientSource
{
    /// <summary>Steps with fresh tensor objects, in which a module that keeps a tensor across steps is caught.</summary>
    private const int CheckedSteps = 4;

    private readonly ulong _seed;
    private CurvatureEstimate? _curvature;
    private FactorCapture? _factors;
    private LayerFactorsSignal? _signal;

    private protected StepObjective(ParameterVector parameters, ulong seed) => (Parameters, _seed) = (parameters, seed);

    /// <summary>Where the objective is evaluated, and where its gradient goes.</summary>
    public ParameterVector Parameters { get; }

    /// <summary>The loss without regularizers.</summary>
    public abstract Loss Loss { get; }

    /// <summary>Completed steps of the run: names the random numbers of this one.</summary>
    public abstract long Step { get; }

    /// <summary>Micro-batches that the samples are taken in.</summary>
    public abstract int MicroBatchCount { get; }

    /// <summary>What the mean loss of the step divides by: the number of its samples, or the sum of their weights; known once a micro-batch has
    /// been computed.</summary>
    public double TotalWeight { get; private protected set; }

    /// <summary>Evaluations in this step so far, with and without gradient.</summary>
    public int Evaluations { get; private protected set; }

    /// <summary>Mean loss of the last evaluation, without regularizers.</summary>
    public double DataLoss { get; private protected set; }

    /// <summary>Mean loss of the first evaluation of the step, without regularizers; NaN before it.</summary>
    public double StepLoss { get; private protected set; } = double.NaN;

    Tensor IGradientSource.Values => Parameters.Values;

    Tensor IGradientSource.Gradients => Parameters.Gradients;

    /// <summary>Called with each micro-batch after its backward pass; null for nobody.</summary>
    internal Action<MicroBatchObjective>? PassEnded { get; set; }

    /// <summary>Memory of the intermediates of a micro-batch.</summary>
    private protected StepMemory Memory { get; private set; } = new();

    /// <summary>Gives the memory of the intermediates back; the next micro-batch takes new.</summary>
    internal void ReleaseMemory() => Memory = new StepMemory();

    /// <summary>The value, without a gradient.</summary>
    public double Value() => Evaluate(differentiate: false);

    /// <summary>The value, with the gradient written to <see cref="ParameterVector.Gradients"/>; where the value is not finite the gradient
    /// means nothing.</summary>
    public double Gradient() => Evaluate(differentiate: true);

    /// <summary>Writes the Hessian at the parameters times a vector.</summary>
    /// <param name="vector">The vector, <c>[n]</c>, laid out like <see cref="ParameterVector.Values"/>.</param>
    /// <param name="product">Takes the product, <c>[n]</c>.</param>
    public virtual void HessianProduct(Tensor vector, Tensor product) =>
        Multiply(vector, product, (loss, _, xs, vectors) => Gradients.HessianVector(loss, xs, vectors), Visit);

    /// <summary>Writes the Gauss-Newton matrix at the parameters times a vector; penalties on the parameters add their Hessian.</summary>
    /// <param name="vector">The vector, <c>[n]</c>, laid out like <see cref="ParameterVector.Values"/>.</param>
    /// <param name="product">Takes the product, <c>[n]</c>.</param>
    public virtual void GaussNewtonProduct(Tensor vector, Tensor product) =>
        Multiply(vector, product, (loss, outputs, xs, vectors) => Gradients.GaussNewtonVector(loss, outputs, xs, vectors), Visit);

    /// <summary>Visits the samples of the step micro-batch by micro-batch, each in a step scope of its own, with all that was recorded.</summary>
    /// <remarks>For methods that look inside: factors of layers, Jacobians, sampled targets.</remarks>
    /// <param name="visit">Called with each micro-batch.</param>
    public virtual void Visit(Action<MicroBatchObjective> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        for (int microBatch = 0; microBatch < MicroBatchCount; microBatch++)
        {
            using StepScope scope = Memory.Begin();
            visit(Record(microBatch, isRepeat: true));
        }
    }

    /// <inheritdoc/>
    public CurvatureSignal EstimateCurvature(CurvatureForm form)
    {
        _curvature ??= new CurvatureEstimate(this, _seed);
        return _curvature.Make(form);
    }

    /// <inheritdoc/>
    public virtual LayerFactorsSignal FindLayerFactors()
    {
        _factors ??= new FactorCapture(Parameters, _seed);
        IReadOnlyList<LayerFactors> found = _factors.Take(this);
        return _signal ??= new LayerFactorsSignal(found);
    }

    /// <summary>Turns to the samples of another step.</summary>
    private protected void Begin()
    {
        (Evaluations, StepLoss) = (0, double.NaN);
        Memory.RecycleHandles = Step >= CheckedSteps;
    }

    /// <summary>Runs the network forward over a micro-batch, recording.</summary>
    /// <param name="microBatch">Number of the micro-batch, from 0.</param>
    /// <param name="isRepeat">Whether the samples have been seen in this step: statistics then stay as they are.</param>
    private protected abstract MicroBatchObjective Record(int microBatch, bool isRepeat);

    /// <summary>Called before the micro-batches of an evaluation; whether the samples have been seen in this step.</summary>
    private protected virtual bool BeginEvaluation() => Evaluations > 0;

    /// <summary>Called after the micro-batches of an evaluation, all finite; adds to the gradient where there is one.</summary>
    /// <param name="value">The sum over the micro-batches.</param>
    /// <param name="differentiate">Whether there is a gradient.</param>
    /// <returns>The value.</returns>
    private protected virtual double EndEvaluation(double value, bool differentiate) => value;

    /// <summary>Takes note of a micro-batch whose value is not finite.</summary>
    private protected virtual void Fail(int microBatch)
    {
    }

    private protected virtual double Evaluate(bool differentiate)
    {
        bool isRepeat = BeginEvaluation(), isFinite = true;
        double value = 0, data = 0;
        for (int microBatch = 0; microBatch < MicroBatchCount && isFinite; microBatch++)
        {
            using StepScope scope = Memory.Begin();
            MicroBatchObjective part = Record(microBatch, isRepeat);
            double total = part.Objective.Item();
            (value, data) = (value + total, data + (part.Loss * part.Share));
            isFinite = double.IsFinite(total);
            if (!isFinite)
            {
                Fail(microBatch);
            }
            else if (differentiate)
            {
                part.Objective.Backward(accumulate: microBatch > 0);
                PassEnded?.Invoke(part);
            }
        }

        return EndMicroBatches(isFinite, value, data, differentiate);
    }

    /// <summary>Takes note of an evaluation.</summary>
    /// <param name="isFinite">Whether all micro-batches were computed.</param>
    /// <param name="value">The sum over the micro-batches.</param>
    /// <param name="data">That of the loss alone.</param>
    /// <param name="differentiate">Whether there is a gradient.</param>
    private protected double EndMicroBatches(bool isFinite, double value, double data, bool differentiate)
    {
        value = isFinite ? EndEvaluation(value, differentiate) : value;
        DataLoss = data;
        StepLoss = Evaluations++ == 0 ? data : StepLoss;
        return value;
    }

    /// <summary>Adds up what is computed of each micro-batch.</summary>
    /// <param name="sum">Takes the sum, laid out like the parameters.</param>
    /// <param name="part">Computes one tensor for each parameter.</param>
    /// <param name="visit">Visits the micro-batches; null (default) for <see cref="Visit"/>.</param>
    internal virtual void SumMicroBatches(
        Tensor sum, Func<MicroBatchObjective, Tensor[]> part, Action<Action<MicroBatchObjective>>? visit = null)
    {
        bool isFirst = true;
        (visit ?? Visit)(microBatch =>
        {
            Tensor[] parts = part(microBatch), sums = Parameters.Windows(sum);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i].Assign(isFirst ? parts[i] : sums[i].Add(parts[i]));
            }

            isFirst = false;
        });
    }

    private protected void Multiply(Tensor vector, Tensor product, CurvatureProduct multiply, Action<Action<MicroBatchObjective>> visit) =>
        SumMicroBatches(
            product,
            microBatch => multiply(microBatch.Objective, microBatch.Outputs, Parameters.Leaves, Parameters.Windows(vector)),
            visit);

    private protected delegate Tensor[] CurvatureProduct(Tensor loss, Tensor outputs, Tensor[] xs, Tensor[] vectors);
}
