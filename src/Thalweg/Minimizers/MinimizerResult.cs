using System.Globalization;

namespace Thalweg.Minimizers;

/// <summary>Why a minimizer stopped.</summary>
public enum MinimizerStatus
{
    /// <summary>The largest element of the gradient is within its tolerance.</summary>
    GradientSmall,

    /// <summary>The last step moved no element by more than the tolerance of changes.</summary>
    StepSmall,

    /// <summary>The last step changed the value by less than the tolerance of changes.</summary>
    ValueSettled,

    /// <summary>All iterations of this call were made.</summary>
    IterationLimit,

    /// <summary>All evaluations of this call were made.</summary>
    EvaluationLimit,

    /// <summary>The direction does not lead down.</summary>
    NoDescent,

    /// <summary>The value or the gradient is not a finite number.</summary>
    NotFinite,

    /// <summary>No lower point was found, neither along the direction nor straight down, nor in the smallest region of trust.</summary>
    NoLowerPoint,
}

/// <summary>What a call of a minimizer came to.</summary>
/// <param name="Point">The point reached, <c>[n]</c>.</param>
/// <param name="Value">Value of the last evaluation; with <see cref="LineSearch.None"/> it may lie one step before the point.</param>
/// <param name="GradientMaximum">Largest absolute element of the gradient of that evaluation.</param>
/// <param name="Status">Why the minimizer stopped.</param>
public sealed record MinimizerResult(double[] Point, double Value, double GradientMaximum, MinimizerStatus Status)
{
    /// <summary>Value at the start of this call.</summary>
    public double StartValue { get; init; }

    /// <summary>Iterations since the start of the run.</summary>
    public int Iterations { get; init; }

    /// <summary>Evaluations of the function since the start of the run.</summary>
    public int FunctionEvaluations { get; init; }

    /// <summary>Evaluations of the gradient since the start of the run.</summary>
    public int GradientEvaluations { get; init; }

    /// <summary>Exact products of second derivatives with a vector since the start of the run; differences of gradients
    /// count as evaluations.</summary>
    public int HessianProducts { get; init; }

    /// <summary>Whether one of the tolerances was met.</summary>
    public bool IsConverged => Status is MinimizerStatus.GradientSmall or MinimizerStatus.StepSmall or MinimizerStatus.ValueSettled;

    /// <summary>One line: what happened, the counts, and what to do.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{What}; value {Value:g6}, largest gradient {GradientMaximum:g3}, {Iterations} iterations, {Counts}{Advice}");

    private string Counts => $"{FunctionEvaluations} function and {GradientEvaluations} gradient evaluations" +
        (HessianProducts > 0 ? $", {HessianProducts} Hessian products" : "");

    private string What => Status switch
    {
        MinimizerStatus.GradientSmall => "converged: the gradient is within its tolerance",
        MinimizerStatus.StepSmall => "stopped: the last step was within the tolerance of changes",
        MinimizerStatus.ValueSettled => "stopped: the value changed by less than the tolerance of changes",
        MinimizerStatus.IterationLimit => "not converged: all iterations were made",
        MinimizerStatus.EvaluationLimit => "not converged: all evaluations were made",
        MinimizerStatus.NoDescent => "stopped: the direction does not lead down",
        MinimizerStatus.NoLowerPoint => "stopped: no lower point was found",
        _ => "failed: the value or the gradient is not finite",
    };

    private string Advice => Status switch
    {
        MinimizerStatus.GradientSmall => "",
        MinimizerStatus.StepSmall or MinimizerStatus.ValueSettled =>
            "; if the gradient is too large, scale the variables or lower the tolerance",
        MinimizerStatus.IterationLimit => "; call again or raise the iterations",
        MinimizerStatus.EvaluationLimit => "; call again or raise the evaluations",
        MinimizerStatus.NoDescent =>
            "; at the limit of precision this is the minimum, else check the gradient, or take a shifted or saddle-free form",
        MinimizerStatus.NoLowerPoint => "; at the limit of precision this is the minimum, else check the gradient",
        _ => "; start nearer to a minimum, take a line search or a shorter first step",
    };
}
