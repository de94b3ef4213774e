using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>What every optimizer promises; the rows are in <see cref="RuleCases"/>.</summary>
[Collection(nameof(ThreadCount))]
public sealed class RuleContractTests
{
    [Theory]
    [MemberData(nameof(RuleCases.Names), MemberType = typeof(RuleCases))]
    public void Equals_the_formula_written_out_in_double_over_120_steps(string name)
    {
        RuleCase row = RuleCases.Of(name);
        const int n = 21;
        double[] weights = Flat.Weights<double>(n), expected = Flat.Weights<double>(n);
        OptimizerRun run = new(row.Chain, ParameterSegments.Single(n), DType.Float64);
        Literal[] literals = [.. Enumerable.Range(0, n).Select(_ => row.MakeLiteral())];
        for (int t = 1; t <= 120; t++)
        {
            double[] gradients = Flat.Gradients<double>(n, t);
            run.Step<double>(weights, gradients);
            for (int i = 0; i < n; i++)
            {
                expected[i] = literals[i](expected[i], gradients[i], t);
                Math.Abs(weights[i] - expected[i])
                    .ShouldBeLessThanOrEqualTo(1e-12 * Math.Max(1, Math.Abs(expected[i])), $"coordinate {i}, step {t}");
            }
        }

        run.State.Step.ShouldBe(120);
    }

    [Theory]
    [MemberData(nameof(RuleCases.Names), MemberType = typeof(RuleCases))]
    public void Runs_in_float_near_the_formula(string name)
    {
        RuleCase row = RuleCases.Of(name);
        const int n = 21;
        float[] weights = Flat.Weights<float>(n);
        double[] expected = Flat.Weights<double>(n);
        OptimizerRun run = new(row.Chain, ParameterSegments.Single(n));
        Literal[] literals = [.. Enumerable.Range(0, n).Select(_ => row.MakeLiteral())];
        for (int t = 1; t <= 60; t++)
        {
            run.Step<float>(weights, Flat.Gradients<float>(n, t));
            double[] gradients = Flat.Gradients<double>(n, t);
            for (int i = 0; i < n; i++)
                expected[i] = literals[i](expected[i], gradients[i], t);
        }

        for (int i = 0; i < n; i++)
            ((double)weights[i]).ShouldBe(expected[i], 2e-5 * Math.Max(1, Math.Abs(expected[i])), $"coordinate {i}");
    }

    [Theory]
    [MemberData(nameof(RuleCases.Names), MemberType = typeof(RuleCases))]
    public void Gives_equal_bits_fused_and_one_rule_at_a_time(string name)
    {
        Chain chain = [new ClipByGlobalNorm(50), .. RuleCases.Of(name).Chain];
        Bits(Flat.Train<float>(chain, 1003, 5, groupSize: 1)).ShouldBe(Bits(Flat.Train<float>(chain, 1003, 5)));
        Bits(Flat.Train<double>(chain, 1003, 5, groupSize: 1)).ShouldBe(Bits(Flat.Train<double>(chain, 1003, 5)));
    }

    [Theory]
    [MemberData(nameof(RuleCases.Names), MemberType = typeof(RuleCases))]
    public void Gives_equal_bits_at_every_vector_width(string name)
    {
        Chain chain = RuleCases.Of(name).Chain;
        ulong[] expected = Bits(Flat.Train<float>(chain, 259, 5, width: VectorWidth.Scalar));
        ulong[] expectedDouble = Bits(Flat.Train<double>(chain, 259, 5, width: VectorWidth.Scalar));
        foreach (VectorWidth width in (VectorWidth[])[VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512])
        {
            Bits(Flat.Train<float>(chain, 259, 5, width: width)).ShouldBe(expected, width.ToString());
            Bits(Flat.Train<double>(chain, 259, 5, width: width)).ShouldBe(expectedDouble, width.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(RuleCases.Names), MemberType = typeof(RuleCases))]
    public void Gives_equal_bits_for_1_2_and_3_threads(string name)
    {
        Chain chain = [new ClipByGlobalNorm(50), .. RuleCases.Of(name).Chain];
        ulong[] expected = ThreadCount.With(1, () => Bits(Flat.Train<float>(chain, Flat.Length, 3)));
        ThreadCount.With(2, () => Bits(Flat.Train<float>(chain, Flat.Length, 3))).ShouldBe(expected);
        ThreadCount.With(3, () => Bits(Flat.Train<float>(chain, Flat.Length, 3))).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(RuleCases.Names), MemberType = typeof(RuleCases))]
    public void Goes_on_with_equal_bits_from_a_saved_state(string name)
    {
        Chain chain = RuleCases.Of(name).Chain;
        const int n = 37;
        float[] weights = Flat.Weights<float>(n);
        OptimizerRun first = new(chain, Flat.Segments(n));
        for (int t = 1; t <= 7; t++)
            first.Step<float>(weights, Flat.Gradients<float>(n, t));
        StateSlot[] saved = [.. first.State.Slots.Select(slot => slot with { Values = slot.Values.Clone() })];
        float[] resumed = [.. weights];
        OptimizerRun second = new(chain, Flat.Segments(n));
        second.State.Restore(first.State.Step, saved);
        for (int t = 8; t <= 12; t++)
        {
            first.Step<float>(weights, Flat.Gradients<float>(n, t));
            second.Step<float>(resumed, Flat.Gradients<float>(n, t));
        }

        Bits(resumed).ShouldBe(Bits(weights));
    }

    [Theory]
    [MemberData(nameof(RuleCases.Names), MemberType = typeof(RuleCases))]
    public void Reads_back_from_its_text(string name)
    {
        Chain chain = RuleCases.Of(name).Chain;
        Chain read = ChainText.Parse(chain.ToString());
        read.ShouldBe(chain);
        read.GetHashCode().ShouldBe(chain.GetHashCode());
        read.ToString().ShouldBe(chain.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Allocates_nothing_per_step(int threads)
    {
        foreach (RuleCase row in RuleCases.All)
        {
            OptimizerRun run = new([new ClipByGlobalNorm(50), .. row.Chain], Flat.Segments(Flat.Length));
            float[] weights = Flat.Weights<float>(Flat.Length), gradients = Flat.Gradients<float>(Flat.Length, 1);
            long bytes = ThreadCount.With(threads, () => AllocatedBySteps(run, weights, gradients));
            bytes.ShouldBe(0, row.Name);
        }
    }

    /// <summary>Rules that change more than an update, with the tests that hold what they promise.</summary>
    private static readonly Dictionary<string, string> s_elsewhere = new()
    {
        ["accumulate"] = nameof(GateTests),
        ["skip_non_finite"] = nameof(GateTests),
        ["add_noise"] = nameof(GateTests),
        ["average_weights"] = nameof(AverageTests),
        ["sharpness_aware"] = nameof(EvaluationTests),
        ["scale_by_kfac"] = nameof(Training.KfacTests),
    };

    [Fact]
    public void Every_rule_and_named_optimizer_has_a_row_here_or_tests_of_its_own()
    {
        Chain[] chains = [.. RuleCases.All.Select(row => row.Chain), .. WholeCases.All.Select(row => row.Chain)];
        string[] rules = [.. chains.SelectMany(chain => chain).Select(rule => rule.ToString().Split('(')[0]).Distinct(),
            .. s_elsewhere.Keys, "clip_by_global_norm"];
        Settings.Names<Rule>().Except(rules).ShouldBeEmpty();
        foreach (string name in Settings.Names<NamedOptimizer>())
            Settings.Parse<NamedOptimizer>(name).Chain.Select(rule => rule.ToString().Split('(')[0]).ShouldBeSubsetOf(rules, name);
    }

    [Fact]
    public void The_rows_are_distinguished()
    {
        var ends = RuleCases.All.Where(row => row.Name != "momentum, rate inside")
            .Select(row => string.Join(' ', Bits(Flat.Train<double>(row.Chain, 40, 25))));
        ends.ShouldBeUnique();
    }

    /// <summary>The fewest bytes of five windows: a collection in one of them counts the rest of the thread's allocation
    /// block as allocated.</summary>
    private static long AllocatedBySteps(OptimizerRun run, float[] weights, float[] gradients)
    {
        long fewest = long.MaxValue;
        for (int window = 0; window < 5; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++)
                run.Step<float>(weights, gradients);
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }

    private static ulong[] Bits<T>(T[] values)
        where T : INumberBase<T> => [.. values.Select(value => BitConverter.DoubleToUInt64Bits(double.CreateTruncating(value)))];
}

/// <summary>Sets the number of threads for the length of a call; tests that do run one after another.</summary>
[CollectionDefinition(nameof(ThreadCount), DisableParallelization = true)]
public sealed class ThreadCount
{
    public static TResult With<TResult>(int count, Func<TResult> call)
    {
        int before = Threads.Count;
        Threads.Count = count;
        try
        {
            return call();
        }
        finally
        {
            Threads.Count = before;
        }
    }
}
