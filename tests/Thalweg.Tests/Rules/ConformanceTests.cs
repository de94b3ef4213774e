using System.Text.Json;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

/// <summary>Trajectories of the reference implementation, reproduced in double.</summary>
public sealed class ConformanceTests
{
    [Theory]
    [InlineData("optim_sgd.json", 18)]
    [InlineData("optim_adam.json", 18)]
    [InlineData("optim_adamw.json", 14)]
    [InlineData("optim_adagrad.json", 14)]
    [InlineData("optim_adadelta.json", 13)]
    [InlineData("optim_rmsprop.json", 18)]
    [InlineData("optim_adamax.json", 9)]
    [InlineData("optim_nadam.json", 12)]
    [InlineData("optim_radam.json", 8)]
    [InlineData("optim_rprop.json", 9)]
    [InlineData("optim_asgd.json", 9)]
    public void Reproduces_the_reference_trajectories(string file, int atLeast)
    {
        JsonElement[] cases = Conformance.Cases(file);
        cases.Length.ShouldBeGreaterThanOrEqualTo(atLeast);
        foreach (JsonElement golden in cases)
            Reproduce(golden);
    }

    [Fact]
    public void Reproduces_the_reference_clipping()
    {
        JsonElement[] cases = Conformance.Cases("clipping.json");
        cases.Length.ShouldBeGreaterThanOrEqualTo(6);
        foreach (JsonElement golden in cases)
        {
            Rule rule = TorchNames.Clipping(golden.GetProperty("op").GetString()!, golden.GetProperty("options"));
            double[] gradients = [.. Flattened(golden, "gradients")], update = new double[gradients.Length], expected = [.. Flattened(golden, "clipped")];
            OptimizerRun run = new([rule], ParameterSegments.Single(gradients.Length), DType.Float64);
            run.Step<double>(update, gradients);
            string id = golden.GetProperty("id").GetString()!;
            for (int i = 0; i < update.Length; i++)
                update[i].ShouldMatch(expected[i], golden.GetProperty("tol"), $"{id}, element {i}");
            if (golden.TryGetProperty("total_norm", out JsonElement norm))
                run.LastNorm.ShouldMatch(norm.GetDouble(), golden.GetProperty("tol"), $"{id}, norm");
        }
    }

    [Fact]
    public void Reproduces_the_reference_trajectories_under_schedules()
    {
        JsonElement[] cases = Conformance.Cases("optim_with_scheduler.json");
        cases.Length.ShouldBeGreaterThanOrEqualTo(2);
        foreach (JsonElement golden in cases)
            Reproduce(golden);
    }

    [Fact]
    public void Reproduces_the_reference_schedules()
    {
        JsonElement[] cases = Conformance.Cases("schedulers.json");
        cases.Length.ShouldBeGreaterThanOrEqualTo(26);
        foreach (JsonElement golden in cases)
        {
            string id = golden.GetProperty("id").GetString()!, name = golden.GetProperty("scheduler").GetString()!;
            JsonElement options = golden.GetProperty("options"), tolerance = golden.GetProperty("tol");
            double rate = golden.GetProperty("base_lr").GetDouble();
            double[] expected = golden.GetProperty("lr").Numbers();
            double[] found = name == "ReduceLROnPlateau"
                ? Plateau(golden)
                : [.. expected.Select((_, k) => TorchSchedules.Rate(name, options, rate).At(k))];
            for (int k = 0; k < expected.Length; k++)
                found[k].ShouldMatch(expected[k], tolerance, $"{id}, rate after {k} steps");
            if (!golden.TryGetProperty("momentum", out JsonElement momentum) || TorchSchedules.Momentum(name, options) is not { } schedule)
                continue;
            for (int k = 0; k < expected.Length; k++)
                schedule.At(k).ShouldMatch(momentum[k].GetDouble(), tolerance, $"{id}, momentum after {k} steps");
        }
    }

    /// <summary>The rate, read off a gradient of 1, before and after each observation.</summary>
    private static double[] Plateau(JsonElement golden)
    {
        double rate = golden.GetProperty("base_lr").GetDouble();
        OptimizerRun run = new([TorchSchedules.Plateau(golden.GetProperty("options"), rate), new ScaleByLearningRate(rate)], ParameterSegments.Single(1), DType.Float64);
        return [.. golden.GetProperty("metrics").Numbers().Select(RateAfter).Prepend(Rate())];

        double RateAfter(double metric)
        {
            run.Observe(metric);
            return Rate();
        }

        double Rate()
        {
            double[] w = [0];
            run.Step<double>(w, [-1]);
            return w[0];
        }
    }

    private static void Reproduce(JsonElement golden)
    {
        string id = golden.GetProperty("id").GetString()!;
        double[] w = golden.GetProperty("start").Numbers();
        (int From, int To, OptimizerRun Run)[] groups = [.. Groups(golden, w.Length)];
        int[] record = [.. golden.GetProperty("record").Numbers().Select(step => (int)step)];
        for (int t = 1; t <= golden.GetProperty("steps").GetInt32(); t++)
        {
            double[] gradients = Gradient(golden.GetProperty("problem"), w, t);
            foreach ((int from, int to, OptimizerRun run) in groups)
                run.Step<double>(w.AsSpan()[from..to], gradients.AsSpan()[from..to]);
            int row = Array.IndexOf(record, t);
            for (int i = 0; row >= 0 && i < w.Length; i++)
                w[i].ShouldMatch(golden.GetProperty("params")[row][i].GetDouble(), golden.GetProperty("tol"), $"{id}, step {t}, coordinate {i}");
            if (row < 0 || !golden.TryGetProperty("averaged", out JsonElement averaged))
                continue;
            foreach ((int from, int to, OptimizerRun run) in groups)
            {
                for (int i = from; i < to; i++)
                {
                    double average = run.Average!.AsSpan<double>()[i - from];
                    average.ShouldMatch(averaged[row][i].GetDouble(), golden.GetProperty("tol"), $"{id}, step {t}, averaged coordinate {i}");
                }
            }
        }
    }

    /// <summary>One run for each parameter group; the group's options override the common ones.</summary>
    private static IEnumerable<(int From, int To, OptimizerRun Run)> Groups(JsonElement golden, int length)
    {
        string optimizer = golden.GetProperty("optimizer").GetString()!;
        JsonElement common = golden.GetProperty("options");
        Schedule? schedule = golden.TryGetProperty("scheduler", out JsonElement scheduler)
            ? TorchSchedules.Rate(scheduler.GetString()!, golden.GetProperty("scheduler_options"), common.Number("lr", 0.001))
            : null;
        if (!golden.TryGetProperty("groups", out JsonElement groups))
        {
            yield return (0, length, new(TorchNames.Optimizer(optimizer, common, schedule), ParameterSegments.Single(length), DType.Float64));
            yield break;
        }

        foreach (JsonElement group in groups.EnumerateArray())
        {
            Dictionary<string, JsonElement> options = common.EnumerateObject().ToDictionary(option => option.Name, option => option.Value);
            foreach (JsonProperty option in group.GetProperty("options").EnumerateObject())
                options[option.Name] = option.Value;
            int from = group.GetProperty("from").GetInt32(), to = group.GetProperty("to").GetInt32();
            Chain chain = TorchNames.Optimizer(optimizer, JsonSerializer.SerializeToElement(options));
            yield return (from, to, new(chain, ParameterSegments.Single(to - from), DType.Float64));
        }
    }

    private static double[] Gradient(JsonElement problem, double[] w, int t)
    {
        if (problem.GetProperty("kind").GetString() == "gradients")
            return problem.GetProperty("gradients")[t - 1].Numbers();
        return problem.GetProperty("name").GetString() switch
        {
            "quad2" => [w[0] / 10, 2 * w[1]],
            "rosenbrock" => [-2 * (1 - w[0]) - 400 * w[0] * (w[1] - w[0] * w[0]), 200 * (w[1] - w[0] * w[0])],
            "quadratic" => [.. Data(problem, "A").Chunk(w.Length).Zip(Data(problem, "b"), (row, b) => row.Zip(w, (a, x) => a * x).Sum() - b)],
            string other => throw new InvalidOperationException(other),
            null => throw new InvalidOperationException("a function without a name"),
        };
    }

    private static double[] Data(JsonElement problem, string name) => problem.GetProperty(name).GetProperty("data").Numbers();

    private static IEnumerable<double> Flattened(JsonElement golden, string name) =>
        golden.GetProperty(name).EnumerateArray().SelectMany(tensor => tensor.GetProperty("data").Numbers());
}
