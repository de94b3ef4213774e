using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Conformance.Families;

/// <summary>Optimizers, with or without a schedule, on functions and on lists of gradients.</summary>
internal sealed class OptimizerFamily : IFamily
{
    public void Check(GoldenCase golden, Comparison comparison)
    {
        if (golden.Text("optimizer") == "LBFGS")
        {
            MinimizerCheck.Run(golden, comparison);
            return;
        }

        double[] x = golden.Numbers("start");
        int[] record = [.. golden["record"].EnumerateArray().Select(e => e.GetInt32())];
        Group[] groups = Groups(golden, x.Length, comparison);
        Problem problem = Problem.Of(golden["problem"]);
        int steps = golden["steps"].GetInt32(), next = 0;
        for (int step = 1; step <= steps; step++)
        {
            (double loss, double[] gradient) = problem.At(x, step);
            foreach (Group group in groups)
            {
                group.Run.Step<double>(x.AsSpan(group.From..group.To), gradient.AsSpan(group.From..group.To));

                // A schedule that asks for a metric gets the loss, unless the case lists others.
                group.Run.Observe(golden.Has("metrics") ? golden["metrics"][step - 1].GetDouble() : loss);
            }

            if (next < record.Length && record[next] == step)
                Compare(golden, comparison, next++, (step, x, loss, groups));
        }

        comparison.Require(next == record.Length, $"recorded {next} of {record.Length} steps");
        if (golden.Has("func_evals"))
            throw new UnsupportedException("func_evals");
    }

    private static void Compare(GoldenCase golden, Comparison comparison, int row, (int Step, double[] X, double Loss, Group[] Groups) now)
    {
        comparison.Add($"params after step {now.Step}", now.X, Json.Numbers(golden["params"][row]));
        if (golden.Has("loss"))
            comparison.Add($"loss before step {now.Step}", now.Loss, golden["loss"][row].GetDouble());

        if (golden.Has("averaged"))
            comparison.Add($"averaged after step {now.Step}", Averages(now.Groups), Json.Numbers(golden["averaged"][row]));
    }

    private static double[] Averages(Group[] groups) => [.. groups.SelectMany(g =>
        (g.Run.Average ?? throw new UnsupportedException("averaged")).ToArray<double>())];

    private static Group[] Groups(GoldenCase golden, int length, Comparison comparison)
    {
        string name = golden.Text("optimizer");
        if (!golden.Has("groups"))
            return [new Group(0, length, Start(name, golden, golden.Options, length, comparison))];

        return [.. golden["groups"].EnumerateArray().Select(g =>
        {
            (int from, int to) = (g.GetProperty("from").GetInt32(), g.GetProperty("to").GetInt32());
            // The rates that a case lists are those of its first group.
            Options own = new(g.GetProperty("options"), golden.Options);
            return new Group(from, to, Start(name, golden, own, to - from, from == 0 ? comparison : null));
        })];
    }

    private static OptimizerRun Start(string name, GoldenCase golden, Options options, int length, Comparison? comparison)
    {
        double constant = OptimizerTable.Rate(name, options);
        (Hyperparameter rate, Schedule? momentum) = SchedulerTable.Of(golden, constant);
        // The rates of a plateau depend on what is measured: the weights alone tell them.
        if (comparison is not null && golden.Has("lr") && golden.Text("scheduler") != SchedulerTable.PlateauName)
        {
            double[] rates = golden.Numbers("lr");
            comparison.Add("lr", Enumerable.Range(0, rates.Length).Select(i => rate.At(i)).ToArray(), rates);
        }

        Chain chain = SchedulerTable.WithPlateau(golden, OptimizerTable.Make(name, options, rate, momentum), constant);
        return new OptimizerRun(chain, ParameterSegments.Single(length), DType.Float64);
    }

    private readonly record struct Group(int From, int To, OptimizerRun Run);
}
