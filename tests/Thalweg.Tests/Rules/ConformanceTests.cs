using System.Text.Json;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>Trajectories of the reference implementation, reproduced in double.</summary>
public sealed class ConformanceTests
{
    [Theory]
    [InlineData("optim_sgd.json", 18)]
    [InlineData("optim_adam.json", 18)]
    [InlineData("optim_adamw.json", 14)]
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
        int seen = 0;
        foreach (JsonElement golden in Conformance.Cases("clipping.json"))
        {
            if (ClippingRule(golden) is not { } rule)
                continue;
            double[] gradients = [.. Flattened(golden, "gradients")], update = new double[gradients.Length], expected = [.. Flattened(golden, "clipped")];
            OptimizerRun run = new([rule], ParameterSegments.Single(gradients.Length), DType.Float64);
            run.Step<double>(update, gradients);
            string id = golden.GetProperty("id").GetString()!;
            for (int i = 0; i < update.Length; i++)
                update[i].ShouldMatch(expected[i], golden.GetProperty("tol"), $"{id}, element {i}");
            if (golden.TryGetProperty("total_norm", out JsonElement norm))
                run.LastNorm.ShouldMatch(norm.GetDouble(), golden.GetProperty("tol"), $"{id}, norm");
            seen++;
        }

        seen.ShouldBeGreaterThanOrEqualTo(4);
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
        }
    }

    /// <summary>One run for each parameter group; the group's options override the common ones.</summary>
    private static IEnumerable<(int From, int To, OptimizerRun Run)> Groups(JsonElement golden, int length)
    {
        string optimizer = golden.GetProperty("optimizer").GetString()!;
        JsonElement common = golden.GetProperty("options");
        if (!golden.TryGetProperty("groups", out JsonElement groups))
        {
            yield return (0, length, new(Optimizer(optimizer, common), ParameterSegments.Single(length), DType.Float64));
            yield break;
        }

        foreach (JsonElement group in groups.EnumerateArray())
        {
            Dictionary<string, JsonElement> options = common.EnumerateObject().ToDictionary(option => option.Name, option => option.Value);
            foreach (JsonProperty option in group.GetProperty("options").EnumerateObject())
                options[option.Name] = option.Value;
            int from = group.GetProperty("from").GetInt32(), to = group.GetProperty("to").GetInt32();
            Chain chain = Optimizer(optimizer, JsonSerializer.SerializeToElement(options));
            yield return (from, to, new(chain, ParameterSegments.Single(to - from), DType.Float64));
        }
    }

    private static NamedOptimizer Optimizer(string name, JsonElement options)
    {
        double rate = options.Number("lr", 0.001), momentum = options.Number("momentum", 0);
        double[] betas = options.TryGetProperty("betas", out JsonElement pair) ? pair.Numbers() : [0.9, 0.999];
        AmsGradForm amsGrad = options.Flag("amsgrad") ? AmsGradForm.RawMaximum : AmsGradForm.None;
        NamedOptimizer optimizer = name switch
        {
            "SGD" when options.Flag("nesterov") => new Nesterov(rate) { Mu = momentum },
            "SGD" when momentum > 0 => new Momentum(rate) { Mu = momentum, Dampening = options.Number("dampening", 0) },
            "SGD" => new Sgd(rate),
            "Adam" => new Adam(rate) { B1 = betas[0], B2 = betas[1], Epsilon = options.Number("eps", 1e-8), AmsGrad = amsGrad },
            "AdamW" => new AdamW(rate) { B1 = betas[0], B2 = betas[1], Epsilon = options.Number("eps", 1e-8), AmsGrad = amsGrad },
            _ => throw new InvalidOperationException(name),
        };
        return optimizer with { Decay = options.Number("weight_decay", name == "AdamW" ? 0.01 : 0), Maximize = options.Flag("maximize") };
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

    private static Rule? ClippingRule(JsonElement golden)
    {
        JsonElement options = golden.GetProperty("options");
        return golden.GetProperty("op").GetString() switch
        {
            "clip_grad_value" => new ClipByValue(options.GetProperty("clip_value").GetDouble()),
            "clip_grad_norm" when options.GetProperty("norm_type") is { ValueKind: JsonValueKind.Number } norm && norm.GetDouble() == 2 =>
                new ClipByGlobalNorm(options.GetProperty("max_norm").GetDouble()) { Denominator = ClipDenominator.NormPlusOffset },
            _ => null,
        };
    }

    private static IEnumerable<double> Flattened(JsonElement golden, string name) =>
        golden.GetProperty(name).EnumerateArray().SelectMany(tensor => tensor.GetProperty("data").Numbers());
}
