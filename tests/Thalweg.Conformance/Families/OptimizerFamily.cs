using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Optimizers;
using Thalweg.Schedules;

namespace Thalweg.Conformance.Families;

/// <summary>Optimizers, with or without a schedule, on functions and on lists of gradients.</summary>
internal sealed class OptimizerFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        double[] x = golden.Numbers("start");
        int[] record = [.. golden["record"].EnumerateArray().Select(e => e.GetInt32())];
        double[][] expected = [.. golden["params"].EnumerateArray().Select(Json.Numbers)];
        double[]? losses = golden.Has("loss") ? golden.Numbers("loss") : null;
        Group[] groups = Groups(golden, x.Length, comparison);
        Problem problem = Problem.Of(golden["problem"]);
        int steps = golden["steps"].GetInt32(), next = 0;
        for (int step = 1; step <= steps; step++)
        {
            (double loss, double[] gradient) = problem.At(x, step);
            foreach (Group group in groups)
            {
                group.Run.Step<double>(x.AsSpan(group.From..group.To), gradient.AsSpan(group.From..group.To));
            }

            if (next < record.Length && record[next] == step)
            {
                comparison.Add($"params after step {step}", x, expected[next]);
                if (losses is not null)
                {
                    comparison.Add($"loss before step {step}", loss, losses[next]);
                }

                next++;
            }
        }

        comparison.Require(next == record.Length, $"recorded {next} of {record.Length} steps");
        foreach (string extra in (string[])["averaged", "func_evals"])
        {
            if (golden.Has(extra))
            {
                throw new UnsupportedException(extra);
            }
        }
    }

    private static Group[] Groups(GoldenCase golden, int length, Comparison comparison)
    {
        string name = golden.Text("optimizer");
        if (!golden.Has("groups"))
        {
            return [new Group(0, length, Start(name, golden, golden.Options, length, comparison))];
        }

        return [.. golden["groups"].EnumerateArray().Select(g =>
        {
            (int from, int to) = (g.GetProperty("from").GetInt32(), g.GetProperty("to").GetInt32());
            return new Group(from, to, Start(name, golden, new Options(g.GetProperty("options"), golden.Options), to - from, comparison));
        })];
    }

    private static OptimizerRun Start(string name, GoldenCase golden, Options options, int length, Comparison comparison)
    {
        double constant = OptimizerTable.Rate(name, options);
        Hyperparameter rate = constant;
        if (golden.Has("scheduler"))
        {
            Options schedulerOptions = new(golden["scheduler_options"]);
            Schedule schedule = SchedulerTable.Make(golden.Text("scheduler"), schedulerOptions, constant).Rate;
            schedulerOptions.RefuseUnread();
            rate = schedule;
            if (golden.Has("lr"))
            {
                double[] rates = golden.Numbers("lr");
                comparison.Add("lr", Enumerable.Range(0, rates.Length).Select(i => schedule.At(i)).ToArray(), rates);
            }
        }

        return new OptimizerRun(OptimizerTable.Make(name, options, rate), ParameterSegments.Single(length), DType.Float64);
    }

    private readonly record struct Group(int From, int To, OptimizerRun Run);
}
