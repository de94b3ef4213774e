using Thalweg.Data;
using Thalweg.Losses;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Regularizers;

/// <summary>
/// Something that makes a network fit the training data less exactly so that it generalizes better: an immutable record of settings, which
/// <see cref="TrainerOptions.Regularizers"/> puts in a row.
/// </summary>
/// <remarks>
/// A regularizer acts at one of four places, in the order of the list: it changes a batch before the forward pass, replaces the loss, adds
/// a term that is differentiated with it, or adds the gradient of a penalty on the parameters. What is random follows from seed, place in
/// the list, step and micro-batch of the batch alone, so that resume and replay are exact. Dropout and stochastic depth are layers, because
/// they act inside the network; decay that an optimizer scales on its own is a rule (<see cref="AddDecayedWeights"/>,
/// <see cref="ShrinkWeights"/>). A custom regularizer derives from this record and overrides what it needs: <see cref="Penalize"/> for a
/// term made of tensor operations, or <see cref="AddGradient"/> for value and gradient of a penalty on the parameters by hand (with
/// <see cref="AddProduct"/> for methods that use second derivatives). <see cref="Settings.Register{TRecord}"/> gives it a text form.
/// </remarks>
public abstract record Regularizer : Described
{
    /// <summary>Whether <see cref="Penalize"/> looks at derivatives by the inputs, which must then be recorded.</summary>
    protected internal virtual bool NeedsInputGradient => false;

    /// <summary>Refuses data that the regularizer cannot work on.</summary>
    /// <param name="data">The training data.</param>
    /// <exception cref="ThalwegException">The data does not fit: the message says what is expected.</exception>
    protected internal virtual void RefuseUnfit(Dataset data)
    {
    }

    /// <summary>Changes inputs and targets before the forward pass; not recorded.</summary>
    /// <param name="batch">The samples; the features may be overwritten.</param>
    /// <param name="stream">Random numbers of this regularizer for this batch.</param>
    protected internal virtual void Prepare(ref SampleBatch batch, ref RandomStream stream)
    {
    }

    /// <summary>The loss in whose place another is to be lowered; returns what it was given where nothing changes.</summary>
    /// <param name="loss">The loss of the run, as the regularizers before left it.</param>
    protected internal virtual Loss Adapt(Loss loss) => loss;

    /// <summary>A recorded term that is added to the loss, or null: a scalar made by tensor operations, whose derivatives of any order
    /// follow from them.</summary>
    /// <remarks>Where the samples of a step are taken in micro-batches, it is asked for in each, and counts by the weight
    /// of the micro-batch.</remarks>
    /// <param name="microBatch">The loss and what it came from.</param>
    protected internal virtual Tensor? Penalize(in PenalizedLoss microBatch) => null;

    /// <summary>The factor of the squared length of the loss's gradient by the parameters, which couples the micro-batches of a step; 0
    /// (default) where there is no such term.</summary>
    internal virtual double GradientFactor => 0;

    /// <summary>Adds the gradient of a penalty on the parameters to theirs, once per evaluation.</summary>
    /// <param name="parameters">The parameters, and the gradients that are added to.</param>
    /// <returns>The penalty.</returns>
    protected internal virtual double AddGradient(ParameterVector parameters) => 0;

    /// <summary>Adds the product of a vector with the second derivative of the penalty of <see cref="AddGradient"/>.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="vector">The vector, <c>[n]</c>.</param>
    /// <param name="product">What is added to, <c>[n]</c>.</param>
    protected internal virtual void AddProduct(ParameterVector parameters, Tensor vector, Tensor product)
    {
    }
}
