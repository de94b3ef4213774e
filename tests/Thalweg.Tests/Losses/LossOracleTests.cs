using Thalweg.Losses;

namespace Thalweg.Tests.Losses;

/// <summary>Every loss at its limits beside its definition in exact arithmetic; a new loss is one more row.</summary>
public sealed class LossOracleTests
{
    private const double Inf = double.PositiveInfinity;

    private static readonly LimitRow[] s_rows = [.. Elements(), .. Classes(), .. Vectors()];

    public static TheoryData<string> Names => [.. s_rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Losses_and_their_derivatives_follow_the_definition(string name) => LimitCheck.Check(s_rows.Single(r => r.Name == name));

    [Fact]
    public void Every_loss_has_its_row()
    {
        Type[] kinds = [typeof(Loss), typeof(PairLoss), typeof(TripletMarginLoss)];
        typeof(Loss).Assembly.GetExportedTypes().Where(t => !t.IsAbstract && kinds.Any(kind => kind.IsAssignableFrom(t)))
            .Select(t => t.Name).Except(s_rows.Select(row => row.Name.Split(' ')[0]))
            .ShouldBeEmpty("add a row with the definition of the loss");
    }

    /// <summary>Outputs, targets, the losses that they tend to, and the derivative of their sum; null where it is infinite.</summary>
    public static TheoryData<string, double[], double[], double[], double[]?> Infinite => new()
    {
        { "kl", [-Inf, Math.Log(0.4), Math.Log(0.6)], [0, 0.4, 0.6], [0, 0, 0], [0, -0.4, -0.6] },
        { "kl", [-Inf, 0, -1], [0, 0, 1], [0, 0, 1], [0, 0, -1] }, { "kl", [-Inf, -1, -1], [0.5, 0, 0], [Inf, 0, 0], [-0.5, 0, 0] },
        { "kl of logarithms", [-Inf, Math.Log(0.2), Math.Log(0.6)], [-Inf, Math.Log(0.4), Math.Log(0.6)],
            [0, 0.4 * Math.Log(2), 0], [0, -0.4, -0.6] },
        { "kl of logarithms", [Math.Log(0.2), Math.Log(0.2), Math.Log(0.6)], [-Inf, Math.Log(0.4), Math.Log(0.6)],
            [0, 0.4 * Math.Log(2), 0], [0, -0.4, -0.6] },
        { "cross-entropy", [-Inf, 0, 1], [0, 0.25, 0.75], [Math.Log(1 + Math.E) - 0.75],
            [0, (1 / (1 + Math.E)) - 0.25, (Math.E / (1 + Math.E)) - 0.75] },
        { "cross-entropy", [-Inf, 0, 0], [0.5, 0.5, 0], [Inf], [-0.5, 0, 0.5] },
        { "bce", [Inf, -Inf, Inf, -Inf], [1, 0, 0, 0.5], [0, 0, Inf, Inf], [0, 0, 1, -0.5] },
        { "weighted bce", [Inf, -Inf, Inf, -Inf], [1, 0, 0, 1], [0, 0, Inf, Inf], [0, 0, 1, -2] },
        { "silent bce", [Inf, -Inf], [0, 1], [0, 0], [0, 0] }, { "silent labels", [Inf, -Inf], [0, 1], [0], [0, 0] },
        { "poisson", [-Inf, -Inf, 0], [0, 1, 1], [0, Inf, 1], [0, -1, 0] },
        { "margin", [Inf, 0, -Inf], [0], [0], [0, 0, 0] }, { "margin", [0, -Inf, -1.5], [0], [0], [0, 0, 0] },
        { "margins", [Inf, 0, -Inf], [0, -1, -1], [0], [0, 0, 0] },
        { "likelihood", [-Inf, -0.5, -1], [1], [0.5], [0, -1, 0] },
    };

    [Theory]
    [MemberData(nameof(Infinite))]
    public void Infinite_outputs_give_the_limits(string name, double[] outputs, double[] targets, double[] expected, double[]? slopes)
    {
        foreach ((DType dtype, bool recorded) in new[] { (DType.Float32, false), (DType.Float64, false), (DType.Float64, true) })
        {
            bool byRow = name is "cross-entropy" or "margin" or "margins" or "likelihood" or "silent labels";
            Tensor y = Tensor.From(outputs, byRow ? [1, outputs.Length] : [outputs.Length]).To(dtype).Clone();
            y.RequiresGrad = true;
            Tensor loss = Of(name, y, targets);
            Near(loss, expected, $"{name} {dtype}");
            Tensor gradient = Gradients.Of(loss, Tensor.Ones(loss.Shape, dtype), [y], recorded)[0];
            Near(gradient, slopes ?? [], $"{name} {dtype}, recorded {recorded}, derivative");
        }
    }

    [Fact]
    public void Targets_of_0_have_finite_derivatives_too()
    {
        Tensor outputs = Tensor.From([-Inf, 0.0, 1], [1, 3]), targets = Tensor.From([0, 0.25, 0.75], [1, 3]);
        targets.RequiresGrad = true;
        foreach (Loss loss in new Loss[] { new CrossEntropyLoss(), new KullbackLeiblerLoss() })
            Gradients.Of(loss.Compute(outputs, targets), targets)[0].ToArray<double>().ShouldAllBe(g => double.IsFinite(g), loss.Name);
    }

    private static Tensor Of(string name, Tensor y, double[] targets)
    {
        Tensor numbers = Tensor.From(targets, y.Length == targets.Length ? y.Shape : [targets.Length]).To(y.DType);
        Tensor labels = Tensor.Vector([.. targets.Select(t => (int)Math.Max(t, -1))]);
        return name switch
        {
            "kl" => new KullbackLeiblerLoss().Compute(y, numbers, Reduction.None),
            "kl of logarithms" => new KullbackLeiblerLoss { LogTargets = true }.Compute(y, numbers, Reduction.None),
            "cross-entropy" => new CrossEntropyLoss().Compute(y, numbers, Reduction.None),
            "bce" => Loss.BinaryCrossEntropy.Compute(y, numbers, Reduction.None),
            "weighted bce" => new BinaryCrossEntropyLoss { PositiveWeights = Tensor.Full([1], 2, y.DType) }
                .Compute(y, numbers, Reduction.None),
            "silent bce" => new BinaryCrossEntropyLoss { ElementWeights = Tensor.Zeros(y.Shape, y.DType) }
                .Compute(y, numbers, Reduction.None),
            "silent labels" => new MultiLabelSoftMarginLoss { ClassWeights = Tensor.Zeros([2], y.DType) }
                .Compute(y, numbers, Reduction.None),
            "poisson" => new PoissonLoss().Compute(y, numbers, Reduction.None),
            "margin" => new MultiMarginLoss { Margin = 1.375 }.Compute(y, labels, Reduction.None),
            "margins" => new MultiLabelMarginLoss().Compute(y, labels.Reshape([1, labels.Shape[0]]), Reduction.None),
            _ => new NegativeLogLikelihoodLoss().Compute(y, labels, Reduction.None),
        };
    }

    private static IEnumerable<LimitRow> Elements()
    {
        yield return Each(new MeanSquaredErrorLoss(), 0.5, y => (y - 0.5) * (y - 0.5));
        yield return Each(new AbsoluteErrorLoss(), 0.5, y => (y - 0.5).Abs());
        yield return Each(
            new HuberLoss { Delta = 0.75 }, 0.5,
            y => (y - 0.5).Abs() < 0.75 ? 0.5 * (y - 0.5) * (y - 0.5) : 0.75 * ((y - 0.5).Abs() - 0.375));
        yield return Each(
            new SmoothAbsoluteErrorLoss { Beta = 0.5 }, 0.625,
            y => (y - 0.625).Abs() < 0.5 ? (y - 0.625) * (y - 0.625) : (y - 0.625).Abs() - 0.25);
        yield return Each(new BinaryCrossEntropyLoss(), 0.25, y => Softplus(y) - (0.25 * y)) with { Floor = 1 };
        yield return Each(
            new BinaryCrossEntropyLoss { PositiveWeights = Tensor.Scalar(3, DType.Float64) }, 0.25,
            y => (0.75 * Softplus(-y)) + (0.75 * Softplus(y))) with
        { Name = "BinaryCrossEntropyLoss with weights", Floor = 1 };
        yield return Each(new SoftMarginLoss(), -1, Softplus);
        yield return Each(new HingeEmbeddingLoss { Margin = 1.375 }, -1, y => y < 1.375 ? 1.375 - y : 0);
        yield return Each(new PoissonLoss(), 2, y => y.Exp() - (2 * y)) with { Domain = y => y < 80 };
        yield return Each(new PoissonLoss { LogInput = false }, 2, y => y - (2 * (y + 1e-8).Log())) with
        {
            Name = "PoissonLoss of rates",
            Domain = y => y >= 0,
        };
        yield return Each(new KullbackLeiblerLoss(), 0.25, y => 0.25 * (((Dual)0.25).Log() - y));
        yield return Each(new KullbackLeiblerLoss(), 0, _ => 0) with { Name = "KullbackLeiblerLoss of no probability" };
        yield return Each(new KullbackLeiblerLoss { LogTargets = true }, -1, y => ((Dual)(-1)).Exp() * (-1 - y)) with
        {
            Name = "KullbackLeiblerLoss of logarithms",
        };
        yield return new(
            "ProbabilityCrossEntropyLoss",
            x => new ProbabilityCrossEntropyLoss().Compute(x.Sigmoid(), Tensor.Full([6], 0.25, x.DType), Reduction.None),
            x => [.. x.Select(y => Softplus(y) - (0.25 * y))])
        {
            Domain = y => Math.Abs(y) < 5,
            Floor = 1,
        };
        foreach (double variance in (double[])[4, 1e30])
        {
            yield return new(
                $"GaussianLoss of variance {variance}",
                x => new GaussianLoss().OfMoments(
                    x, Tensor.Full([6], variance, x.DType), Tensor.Full([6], 0.5, x.DType), Reduction.None),
                x => [.. x.Select(y => 0.5 * (((Dual)variance).Log() + ((y - 0.5) * (y - 0.5) / variance)))]);
        }
    }

    private static IEnumerable<LimitRow> Classes()
    {
        double[] shares = [0, 0.25, 0.25, 0.5, 0, 0];
        yield return new(
            "CrossEntropyLoss", x => new CrossEntropyLoss().Compute(Flat(x), Tensor.Vector(1), Reduction.None), x => [-LogSoftmax(x)[1]]);
        yield return new(
            "CrossEntropyLoss of probabilities",
            x => new CrossEntropyLoss().Compute(Flat(x), Tensor.From(shares, [1, 6]).To(x.DType), Reduction.None),
            x => [-Dual.Sum(LogSoftmax(x).Select((y, i) => shares[i] * y))]);
        yield return new(
            "CrossEntropyLoss with smoothing",
            x => new CrossEntropyLoss { LabelSmoothing = 0.5 }.Compute(Flat(x), Tensor.Vector(1), Reduction.None),
            x => [-(0.5 * LogSoftmax(x)[1]) - (0.5 / 6 * Dual.Sum(LogSoftmax(x)))]);
        yield return new(
            "NegativeLogLikelihoodLoss", x => new NegativeLogLikelihoodLoss().Compute(Flat(x), Tensor.Vector(1), Reduction.None),
            x => [-x[1]]);
        yield return new(
            "MultiMarginLoss", x => new MultiMarginLoss { Margin = 1.375 }.Compute(Flat(x), Tensor.Vector(1), Reduction.None),
            x => [Dual.Sum(Excesses(x)) / 6]);
        yield return new(
            "MultiMarginLoss squared",
            x => new MultiMarginLoss { Power = 2, Margin = 1.375 }.Compute(Flat(x), Tensor.Vector(1), Reduction.None),
            x => [Dual.Sum(Excesses(x).Select(e => e * e)) / 6])
        {
            Domain = y => Math.Abs(y) < 1e15,
        };
        yield return new(
            "MultiLabelMarginLoss",
            x => new MultiLabelMarginLoss { Margin = 1.375 }.Compute(Flat(x), Tensor.From([1, -1, -1, -1, -1, -1], [1, 6]), Reduction.None),
            x => [Dual.Sum(Excesses(x)) / 6]);
        yield return new(
            "MultiLabelSoftMarginLoss",
            x => new MultiLabelSoftMarginLoss().Compute(Flat(x), Tensor.Full([1, 6], 0.25, x.DType), Reduction.None),
            x => [Dual.Sum(x.Select(y => Softplus(y) - (0.25 * y))) / 6])
        {
            Floor = 1,
            Domain = y => Math.Abs(y) is < 1e38 or > 1e39 and < 1e308,
        };
    }

    private static IEnumerable<LimitRow> Vectors()
    {
        double[] other = [1, 2, 3, -1, 0.5, 0.25];
        yield return new(
            "MarginRankingLoss",
            x => new MarginRankingLoss { Margin = 0.625 }.Compute(
                x, Tensor.Zeros([6], x.DType), Tensor.Ones([6], x.DType), Reduction.None),
            x => [.. x.Select(y => y < 0.625 ? 0.625 - y : 0)]);
        foreach (double sign in (double[])[1, -1])
        {
            yield return new(
                $"CosineEmbeddingLoss for {sign}",
                x => new CosineEmbeddingLoss { Margin = -0.9375 }.Compute(
                    x.Reshape([3, 2]), Tensor.From(other, [3, 2]).To(x.DType), Tensor.Full([3], sign, x.DType), Reduction.None),
                x => [.. x.Chunk(2).Select((a, i) => sign > 0 ? 1 - Cosine(a, other[(2 * i)..]) : Positive(Cosine(a, other[(2 * i)..])))]);
        }

        yield return new(
            "TripletMarginLoss",
            x => new TripletMarginLoss { Epsilon = 0.125 }.Compute(
                Tensor.Zeros([3, 2], x.DType), x.Reshape([3, 2]), Tensor.Zeros([3, 2], x.DType), Reduction.None),
            x => [.. x.Chunk(2).Select(v => Length(v) - ((Dual)0.03125).Sqrt() + 1)]);

        static Dual Positive(Dual cosine) => cosine > -0.9375 ? cosine + 0.9375 : 0;
        static Dual Length(Dual[] v) => Dual.Sum(v.Select(y => (0.125 - y) * (0.125 - y))).Sqrt();
    }

    private static Dual Cosine(Dual[] a, double[] b)
    {
        Dual dot = (a[0] * b[0]) + (a[1] * b[1]), length = (a[0] * a[0]) + (a[1] * a[1]) + 1e-12;
        return dot / (length * ((b[0] * b[0]) + (b[1] * b[1]) + 1e-12)).Sqrt();
    }

    private static IEnumerable<Dual> Excesses(Dual[] x) =>
        x.Where((_, i) => i != 1).Select(y => y - x[1] + 1.375).Select(e => e > 0 ? e : 0);

    private static Dual Softplus(Dual x) => (x > 0 ? x : 0) + (x > 0 ? (1 + (-x).Exp()).Log() : (1 + x.Exp()).Log());

    private static Dual[] LogSoftmax(Dual[] x)
    {
        Dual largest = new(Dual.Max(x).Value, 0), total = Dual.Sum(x.Select(v => (v - largest).Exp())).Log();
        return [.. x.Select(v => v - largest - total)];
    }

    private static Tensor Flat(Tensor x) => x.Reshape([1, 6]);

    private static LimitRow Each(Loss loss, double target, Func<Dual, Dual> definition) => new(
        loss.GetType().Name, x => loss.Compute(x, Tensor.Full([6], target, x.DType), Reduction.None), x => [.. x.Select(definition)]);

    private static void Near(Tensor found, double[] expected, string location)
    {
        double[] numbers = found.To(DType.Float64).ToArray<double>();
        numbers.Length.ShouldBe(expected.Length, location);
        for (int i = 0; i < expected.Length; i++)
        {
            bool near = numbers[i] == expected[i] || Math.Abs(numbers[i] - expected[i]) < 1e-6;
            near.ShouldBeTrue($"{location}: expected {string.Join(", ", expected)}, got {string.Join(", ", numbers)}");
        }
    }
}
