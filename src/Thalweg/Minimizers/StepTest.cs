namespace Thalweg.Minimizers;

/// <summary>Whether a step that a model proposed is taken.</summary>
internal static class StepTest
{
    /// <summary>Share of the fall that was predicted from which a step is taken.</summary>
    private const double AcceptedShare = 1e-4;

    /// <summary>Compares a step with its prediction and takes it if it is good.</summary>
    /// <remarks>Where values differ by rounding alone the ratio says nothing: then the gradient decides. Source: Conn, Gould and Toint
    /// (2000), section 17.4.2.</remarks>
    /// <returns>Fall over predicted fall, 1 or -1 where rounding hides it; and whether the place moved.</returns>
    public static (double Ratio, bool IsTaken) Try(CurrentPoint current, double[] trial, double[] gradient, double predicted)
    {
        double value = current.Evaluator.At(trial, gradient), fall = current.Value - value;
        double rounding = 10 * Evaluator.Precision * Math.Abs(current.Value);
        if (!double.IsFinite(value) || !VectorMath.IsFinite(gradient))
            return (-1, false);

        double ratio = fall / predicted;
        if (Math.Abs(fall) <= rounding)
            ratio = VectorMath.Norm(gradient) < VectorMath.Norm(current.Gradient) ? 1 : -1;

        if (!(ratio > AcceptedShare))
            return (double.IsNaN(ratio) ? -1 : ratio, false);

        current.MoveTo(trial, value, gradient);
        return (ratio, true);
    }

    /// <summary>Whether the changes of a step that was taken are too small to continue; where the gradient is small, the run
    /// says so first.</summary>
    public static MinimizerStatus? Ended(Minimizer settings, CurrentPoint current, ReadOnlySpan<double> step, double fall)
    {
        double tolerance = settings.ChangeTolerance;
        if (VectorMath.Maximum(current.Gradient) <= settings.GradientTolerance || tolerance == 0)
            return null;

        return VectorMath.Maximum(step) <= tolerance ? MinimizerStatus.StepSmall
            : Math.Abs(fall) < tolerance ? MinimizerStatus.ValueSettled : null;
    }

    /// <summary>Whether a step is too short to change the point.</summary>
    public static bool IsLost(ReadOnlySpan<double> step, ReadOnlySpan<double> point) =>
        VectorMath.Maximum(step) <= Evaluator.Precision * Math.Max(VectorMath.Maximum(point), double.Epsilon / Evaluator.Precision);
}
