namespace Thalweg.Rules;

/// <summary>How the diagonal of the curvature is estimated; see <see cref="Training.CurvatureEstimate"/>.</summary>
public enum CurvatureForm
{
    /// <summary>The diagonal of the Gauss-Newton matrix, from the gradient at targets drawn from the network's own outputs: one
    /// more backward pass.</summary>
    GaussNewtonBartlett,

    /// <summary>Hutchinson's: z (H z) for a normal vector z; two more backward passes, and it may be negative.</summary>
    Hutchinson,
}

/// <summary>What follows from how the curvature is estimated.</summary>
internal static class CurvatureVariants
{
    /// <summary>The factor gamma of the curvature unless given, as in the experiments of Liu et al., Sophia (2023).</summary>
    public static Hyperparameter DefaultGamma(this CurvatureForm form) => form == CurvatureForm.Hutchinson ? 0.01 : 0.05;
}
