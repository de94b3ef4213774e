using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>AMSGrad: Adam whose second moment keeps its maximum, so that steps never grow again.</summary>
/// <remarks>
/// Formula: w = w - lr m/(1-b1^t)/(sqrt(v_max/(1-b2^t)) + e), v_max = max(v_max, v), m and v as in Adam; the other published forms by
/// <see cref="AdamFamily.AmsGrad"/>. Source: Reddi, Kale and Kumar, On the convergence of Adam and beyond (2018), algorithm 2. State:
/// m, v, v_max.
/// </remarks>
public sealed record AmsGrad : AdamFamily
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.001.</param>
    public AmsGrad(Hyperparameter learningRate)
        : base(learningRate) => AmsGrad = AmsGradVariant.RawMaximum;

    /// <summary>Makes the recipe with the default learning rate, 0.001.</summary>
    public AmsGrad()
        : this(0.001)
    {
    }

    /// <inheritdoc/>
    public override string Source => "Reddi, Kale, Kumar: On the convergence of Adam and beyond, 2018, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "as adam, where rare large gradients matter: what was learned of them is not forgotten";
}
