using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Conformance.Families;

/// <summary>The steps of a training case: the loss before each update, and the norm of the gradient where it is listed.</summary>
internal static class TrainingSteps
{
    /// <summary>Makes all steps of a case.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="comparison">Takes losses and norms.</param>
    /// <param name="network">The network, in training mode.</param>
    /// <param name="lossOf">The loss of the network on the samples of a step, counted from 0.</param>
    public static void Run(GoldenCase golden, Comparison comparison, Network network, Func<int, Tensor> lossOf)
    {
        ParameterVector vector = new(network.Module);
        int steps = golden["steps"].GetInt32();
        double[] losses = golden.Numbers("loss");
        comparison.Require(losses.Length == steps, $"{losses.Length} losses of {steps} steps");
        if (golden.Text("optimizer") == "LBFGS")
        {
            Minimize(golden, comparison, vector, lossOf);
            return;
        }

        OptimizerRun run = new(ChainOf(golden), vector.Segments, DType.Float64);
        double[]? norms = golden.Has("grad_norms") ? golden.Numbers("grad_norms") : null;
        for (int step = 0; step < steps; step++)
        {
            Tensor loss = lossOf(step);
            double value = loss.Item();
            comparison.Add($"loss[{step}]", value, losses[step]);
            loss.Backward();
            if (norms is not null)
                comparison.Add($"grad_norms[{step}]", vector.Gradients.Norm().Item(), norms[step]);

            run.Step(vector.Values, vector.Gradients);
            if (norms is not null && golden.Has("clip_grad_norm"))
                comparison.Add($"norm that is clipped[{step}]", run.LastNorm, norms[step]);

            run.Observe(value);
        }
    }

    /// <summary>One call of the minimizer for each step; all evaluations of a call are on the same samples.</summary>
    private static void Minimize(GoldenCase golden, Comparison comparison, ParameterVector vector, Func<int, Tensor> lossOf)
    {
        if (golden.Has("clip_grad_norm") || golden.Has("grad_norms"))
            throw new UnsupportedException("LBFGS with clipped gradients");

        Lbfgs minimizer = MinimizerCheck.Make(golden.Options);
        (Hyperparameter rate, Schedule? momentum) = SchedulerTable.Of(golden, minimizer.LearningRate);
        if (momentum is not null || (golden.Has("scheduler") && golden.Text("scheduler") == SchedulerTable.PlateauName))
            throw new UnsupportedException($"LBFGS with {golden.Text("scheduler")}");

        MinimizerRun run = minimizer.Start(vector.Values.ToArray<double>());
        double[] losses = golden.Numbers("loss");
        for (int step = 0; step < golden["steps"].GetInt32(); step++)
        {
            if (golden.Has("scheduler"))
                run = (minimizer with { LearningRate = rate.At(step) }).Resume(run.Slots);

            MinimizerResult result = run.Advance((point, gradient) =>
            {
                point.CopyTo(vector.Values.AsSpan<double>());
                Tensor loss = lossOf(step);
                loss.Backward();
                vector.Gradients.AsSpan<double>().CopyTo(gradient);
                return loss.Item();
            });
            result.Point.CopyTo(vector.Values.AsSpan<double>());
            comparison.Add($"loss[{step}]", result.StartValue, losses[step]);
        }
    }

    private static Chain ChainOf(GoldenCase golden)
    {
        string name = golden.Text("optimizer");
        double constant = OptimizerTable.Rate(name, golden.Options);
        (Hyperparameter rate, Schedule? momentum) = SchedulerTable.Of(golden, constant);
        Chain chain = SchedulerTable.WithPlateau(golden, OptimizerTable.Make(name, golden.Options, rate, momentum), constant);
        return golden.Has("clip_grad_norm")
            ? [new ClipByGlobalNorm(golden["clip_grad_norm"].GetDouble()) { Denominator = ClipDenominator.NormPlusOffset }, .. chain]
            : chain;
    }
}
