using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Gradients of the samples of a step, and what else rules may need of them; see
/// <see cref="OptimizerRun.TakeGradient"/>.</summary>
/// <remarks>All members speak of the same samples and the same random numbers until the source is turned to those of another step.
/// <see cref="Training.BatchObjective"/> is one for custom loops.</remarks>
public interface IGradientSource
{
    /// <summary>The parameters, <c>[n]</c>.</summary>
    Tensor Values { get; }

    /// <summary>Where <see cref="Gradient"/> writes, <c>[n]</c>.</summary>
    Tensor Gradients { get; }

    /// <summary>Computes value and gradient at what <see cref="Values"/> holds now.</summary>
    /// <returns>The value; where it is not finite the gradient means nothing.</returns>
    double Gradient();

    /// <summary>Estimates the Hessian's diagonal.</summary>
    /// <param name="form">How.</param>
    /// <returns>The estimate, good until the next call.</returns>
    CurvatureSignal EstimateCurvature(CurvatureForm form);

    /// <summary>Finds the factors of layers.</summary>
    /// <returns>The factors, good until the next call.</returns>
    LayerFactorsSignal FindLayerFactors();
}
