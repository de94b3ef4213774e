using Thalweg.Losses;

namespace Thalweg.Tests.Losses;

/// <summary>One loss with its targets, at a place where it is smooth.</summary>
public sealed record LossCase(string Name, Loss Loss, Tensor Outputs, Tensor Targets)
{
    public override string ToString() => Name;
}

/// <summary>What every loss promises; a new loss is one more row.</summary>
public sealed class LossTests
{
    private static readonly LossCase[] s_all = [.. Elements(), .. Classes()];

    public static TheoryData<string> Names => [.. s_all.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_equal_differences_for_each_reduction(string name)
    {
        LossCase row = Get(name);
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            Func<Tensor[], Tensor> function = a => row.Loss.Compute(a[0], row.Targets, reduction);
            GradientCheck.FirstOrder(function, [row.Outputs]).ShouldBeLessThan(2e-8, reduction.ToString());
            GradientCheck.SecondOrder(function, [row.Outputs]).ShouldBeLessThan(1e-7, reduction.ToString());
            GradientCheck.FusedAgainstComposed(function, [row.Outputs]).ShouldBeLessThan(1e-13, reduction.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_sum_is_that_of_the_elements(string name)
    {
        LossCase row = Get(name);
        double sum = row.Loss.Compute(row.Outputs, row.Targets, Reduction.None).ToArray<double>().Sum();
        row.Loss.Compute(row.Outputs, row.Targets, Reduction.Sum).Item().ShouldBe(sum, 1e-12 * Math.Max(1, Math.Abs(sum)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Equal_sample_weights_change_nothing_and_a_weight_of_2_counts_twice(string name)
    {
        LossCase row = Get(name);
        int batch = row.Outputs.Shape[0];
        Tensor equal = Tensor.Full([batch], 3, DType.Float64);
        double mean = row.Loss.Compute(row.Outputs, row.Targets).Item();
        row.Loss.Compute(row.Outputs, row.Targets, equal).Item().ShouldBe(mean, 1e-12);

        Tensor twice = Tensor.Ones([batch], DType.Float64);
        twice.AsSpan<double>()[1] = 2;
        int[] rows = [.. Enumerable.Range(0, batch), 1];
        Tensor repeated = row.Outputs.GatherRows(Tensor.Vector<int>(rows)), targets = row.Targets.DType == DType.Int32
            ? row.Targets.To(DType.Float64).GatherRows(Tensor.Vector<int>(rows)).To(DType.Int32)
            : row.Targets.GatherRows(Tensor.Vector<int>(rows));
        row.Loss.Compute(row.Outputs, row.Targets, twice, Reduction.Sum).Item()
            .ShouldBe(row.Loss.Compute(repeated, targets, Reduction.Sum).Item(), 1e-12);
        row.Loss.Compute(row.Outputs, row.Targets, twice).Item().ShouldBe(row.Loss.Compute(repeated, targets).Item(), 1e-12);
    }

    [Fact]
    public void Ignored_samples_count_nothing_and_none_at_all_gives_0()
    {
        CrossEntropyLoss loss = new() { IgnoredLabel = 9, ClassWeights = [1, 2, 3], LabelSmoothing = 0.1 };
        Tensor logits = Values([3, 3], 40);
        double two = loss.Compute(logits.Slice(0, 0, 2), Tensor.Vector(1, 2)).Item();
        loss.Compute(logits, Tensor.Vector(1, 2, 9)).Item().ShouldBe(two, 1e-14);
        logits.RequiresGrad = true;
        Tensor none = loss.Compute(logits, Tensor.Vector(9, 9, 9));
        none.Item().ShouldBe(0);
        Gradients.Of(none, logits)[0].ToArray<double>().ShouldAllBe(g => g == 0);
        NegativeLogLikelihoodLoss likelihood = new() { IgnoredLabel = 9 };
        likelihood.Compute(Tensor.From([-1, double.NegativeInfinity], [2, 1]), Tensor.Vector(0, 9)).Item().ShouldBe(1);
    }

    [Fact]
    public void Losses_of_pairs_and_triplets_have_exact_derivatives()
    {
        Tensor a = Values([5, 3], 41), b = Values([5, 3], 42), c = Values([5, 3], 43), signs = Tensor.Vector(1.0, -1, 1, -1, 1);
        Check(x => new CosineEmbeddingLoss { Margin = -0.5 }.Compute(x[0], x[1], signs), a, b);
        Check(x => new TripletMarginLoss { Margin = 2 }.Compute(x[0], x[1], x[2]), a, b, c);
        Check(x => new TripletMarginLoss { Margin = 2, Swap = true, Order = 3 }.Compute(x[0], x[1], x[2]), a, b, c);
        Check(x => new MarginRankingLoss { Margin = 0.5 }.Compute(x[0], x[1], signs), Values([5], 44), Values([5], 45));

        static void Check(Func<Tensor[], Tensor> function, params Tensor[] inputs)
        {
            GradientCheck.FirstOrder(function, inputs).ShouldBeLessThan(2e-8);
            GradientCheck.SecondOrder(function, inputs).ShouldBeLessThan(1e-7);
        }
    }

    [Fact]
    public void Cross_entropy_of_probabilities_equals_that_of_labels()
    {
        Tensor logits = Values([4, 3], 46), labels = Tensor.Vector(2, 0, 1, 1);
        CrossEntropyLoss loss = new() { LabelSmoothing = 0.2 };
        loss.Compute(logits, labels.OneHot(3, DType.Float64)).Item().ShouldBe(loss.Compute(logits, labels).Item(), 1e-14);
    }

    [Fact]
    public void Binary_cross_entropy_stands_logits_of_any_size_and_keeps_small_losses()
    {
        Tensor logits = Tensor.Vector(1000.0, -1000, 1000, -1000, 30, -30), targets = Tensor.Vector(1.0, 0, 0, 1, 1, 0);
        double[] losses = Loss.BinaryCrossEntropy.Compute(logits, targets, Reduction.None).ToArray<double>();
        losses[..4].ShouldBe([0, 0, 1000, 1000]);
        losses[4].ShouldBe(9.357622968839737e-14, 1e-27);
        losses[5].ShouldBe(9.357622968839737e-14, 1e-27);
        Tensor weights = Tensor.Vector(1.0, 1, 1, 3, 2, 1);
        Tensor weighted = new BinaryCrossEntropyLoss { PositiveWeights = weights }.Compute(logits, targets, Reduction.None);
        weighted.ToArray<double>()[..4].ShouldBe([0, 0, 1000, 3000]);
    }

    [Fact]
    public void Multi_label_losses_have_the_values_of_the_reference()
    {
        // PyTorch 1.13: multilabel_margin_loss and multilabel_soft_margin_loss without reduction.
        Tensor y = Tensor.From([0.1, 0.2, 0.4, 0.8, -1, 2, 0.5, 0], [2, 4]), sets = Tensor.From([3, 0, -1, 1, -1, 2, 2, 1], [2, 4]);
        Same(new MultiLabelMarginLoss().Compute(y, sets, Reduction.None), [0.8500000000000001, 0.0]);
        Tensor flags = Tensor.From([1.0, 0, 0, 1, 0, 1, 1, 0], [2, 4]), weights = Tensor.Vector(1.0, 2, 0.5, 1);
        Same(new MultiLabelSoftMarginLoss { ClassWeights = weights }.Compute(y, flags, Reduction.None),
            [0.7670706727461271, 0.37432584556354165]);
        Should.Throw<ThalwegException>(() => new MultiLabelMarginLoss().Compute(y, Tensor.From([0, 4, 0, 0, 0, 0, 0, 0], [2, 4])))
            .Message.ShouldBe("[multi label margin] expected labels from 0 to 3, or -1 after the last, got 4 for sample 0 of the batch");

        static void Same(Tensor found, double[] expected)
        {
            found.Shape.ShouldBe([2]);
            for (int i = 0; i < expected.Length; i++)
                found.ToArray<double>()[i].ShouldBe(expected[i], 1e-14);
        }
    }

    [Fact]
    public void One_sample_without_a_batch_has_the_loss_of_a_batch_of_one()
    {
        Tensor y = Values([4], 60), label = Tensor.From([2], []), row = y.Reshape([1, 4]), labels = Tensor.Vector(2);
        foreach (Loss loss in (Loss[])[Loss.SoftmaxCrossEntropy, new NegativeLogLikelihoodLoss(), new MultiMarginLoss()])
        {
            Tensor one = loss.Compute(y, label, Reduction.None);
            one.Shape.ShouldBe([]);
            one.Item().ShouldBe(loss.Compute(row, labels).Item(), loss.Name);
        }

        Tensor shares = Values([4], 61, 0, 1);
        Loss.SoftmaxCrossEntropy.Compute(y, shares).Item().ShouldBe(Loss.SoftmaxCrossEntropy.Compute(row, shares.Reshape([1, 4])).Item());
        Should.Throw<ThalwegException>(() => Loss.SoftmaxCrossEntropy.Compute(y, Tensor.Vector(0, 1, 2, 3))).Message
            .ShouldContain("expected outputs [batch, classes, ...], got [4]");
    }

    [Fact]
    public void A_variance_that_is_shared_by_a_row_is_read_where_it_lies()
    {
        Tensor variance = Tensor.From([0.5, -9, 2, -9], [2, 2]).Slice(1, 0, 1).BroadcastTo([2, 3]);
        Tensor loss = new GaussianLoss().OfMoments(
            Tensor.Zeros([2, 3], DType.Float64), variance, Tensor.Ones([2, 3], DType.Float64), Reduction.Sum);
        loss.Item().ShouldBe(3 * (Math.Log(0.5) + 2 + Math.Log(2) + 0.5) / 2, 1e-14);
    }

    [Fact]
    public void A_variance_below_the_floor_counts_as_the_floor_and_still_learns()
    {
        Tensor variance = Tensor.Vector(0.01);
        variance.RequiresGrad = true;
        Tensor loss = new GaussianLoss { Epsilon = 0.5 }.OfMoments(Tensor.Vector(1.0), variance, Tensor.Vector(3.0), Reduction.Sum);
        loss.Item().ShouldBe((Math.Log(0.5) + (4 / 0.5)) / 2, 1e-15);
        Gradients.Of(loss, variance)[0].Item().ShouldBe(((1 / 0.5) - (4 / 0.25)) / 2, 1e-13);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        Should.Throw<ThalwegException>(
            () => new CrossEntropyLoss { ClassWeights = [1, 2] }.Compute(Values([2, 3], 47), Tensor.Vector(0, 1)))
            .Message.ShouldBe("[softmax cross entropy] expected 3 class weights, got 2");
        Should.Throw<ThalwegException>(() => Loss.SoftmaxCrossEntropy.Compute(Values([2, 3], 47), Tensor.Vector(0.0, 1)))
            .Message.ShouldBe("[softmax cross-entropy] expected Int32 labels [batch, ...] or probabilities like the outputs, Float64 " +
                "[2, 3], got Float64 [2]; convert labels with To(DType.Int32)");
        Should.Throw<ThalwegException>(() => new HuberLoss { Delta = 0 }).Message.ShouldBe("[huber] expected delta > 0, got 0");
        Should.Throw<ThalwegException>(() => Loss.SoftmaxCrossEntropy.Compute(Values([2, 3], 48), Tensor.Vector(0, 1, 2)))
            .Message.ShouldContain("expected Int32 labels [batch, ...]");
        Should.Throw<ThalwegException>(
            () => Loss.MeanSquaredError.Compute(Values([2], 49), Values([3], 50))).Message.ShouldContain("got Float64 [3]");
        Should.Throw<ThalwegException>(() => Loss.MeanSquaredError.Compute(Values([2], 49), Values([2], 50), Values([3], 51)))
            .Message.ShouldContain("expected sample weights Float64 [batch]");
    }

    private static LossCase Get(string name) => s_all.Single(c => c.Name == name);

    private static Tensor Values(Shape shape, ulong index, double low = -2, double high = 2)
    {
        RandomStream stream = new(23, RandomPurpose.User, index);
        return Tensor.Uniform(shape, low, high, ref stream, DType.Float64);
    }

    private static IEnumerable<LossCase> Elements()
    {
        Tensor y = Values([4, 3], 1), t = Values([4, 3], 2), p = Values([4, 3], 3, 0.1, 0.9), share = Values([4, 3], 4, 0.1, 0.9);
        Tensor signs = Values([4, 3], 5).Sign(), counts = Tensor.From([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [4, 3]);
        yield return new("squared", Loss.MeanSquaredError, y, t);
        yield return new("absolute", new AbsoluteErrorLoss(), y, t);
        yield return new("smooth absolute", new SmoothAbsoluteErrorLoss { Beta = 0.7 }, y, t);
        yield return new("huber", new HuberLoss { Delta = 0.7 }, y, t);
        yield return new("binary", Loss.BinaryCrossEntropy, y, share);
        yield return new(
            "binary with positive weights", new BinaryCrossEntropyLoss { PositiveWeights = Tensor.Vector(1.0, 2, 0.5) }, y, share);
        yield return new("binary with one positive weight", new BinaryCrossEntropyLoss { PositiveWeights = Tensor.Scalar(3) }, y, share);
        yield return new(
            "binary with element weights", new BinaryCrossEntropyLoss { ElementWeights = Tensor.Vector(1.0, 2, 0.5) }, y, share);
        yield return new("probabilities", new ProbabilityCrossEntropyLoss(), p, share);
        yield return new("soft margin", new SoftMarginLoss(), y, signs);
        yield return new("hinge embedding", new HingeEmbeddingLoss { Margin = 0.5 }, y, signs);
        yield return new("poisson", new PoissonLoss { Full = true }, y, counts);
        yield return new("poisson of rates", new PoissonLoss { LogInput = false }, p, counts);
        yield return new("kullback leibler", new KullbackLeiblerLoss(), y, share);
        yield return new("kullback leibler of elements", new KullbackLeiblerLoss { MeanOverSamples = false, LogTargets = true }, y, t);
        yield return new("gaussian", new GaussianLoss { Full = true }, Values([4, 6], 6, 0.2, 2), t);
    }

    private static IEnumerable<LossCase> Classes()
    {
        Tensor y = Values([4, 3], 7), labels = Tensor.Vector(2, 0, 1, 1), images = Values([2, 3, 2, 2], 8),
            pixels = Tensor.From([0, 1, 2, -100, 1, 1, 2, 0], [2, 2, 2]);
        yield return new("cross-entropy", Loss.SoftmaxCrossEntropy, y, labels);
        yield return new("cross-entropy with all options",
            new CrossEntropyLoss { ClassWeights = [1, 2, 0.5], LabelSmoothing = 0.2, IgnoredLabel = 0 }, y, labels);
        yield return new("cross-entropy of images", new CrossEntropyLoss { ClassWeights = [1, 2, 0.5] }, images, pixels);
        yield return new("likelihood", new NegativeLogLikelihoodLoss { ClassWeights = [1, 2, 0.5] }, y, labels);
        Tensor sets = Tensor.From([2, 0, -1, 1, -1, 1, 0, 1, 2, -1, 0, 0], [4, 3]), chosen = Values([4, 3], 9, 0, 1);
        yield return new("multi-label margin", new MultiLabelMarginLoss { Margin = 0.6 }, y, sets);
        yield return new("multi-label soft margin", new MultiLabelSoftMarginLoss { ClassWeights = Tensor.Vector(1.0, 2, 0.5) }, y, chosen);
        yield return new("multi-margin", new MultiMarginLoss { Margin = 0.5 }, y, labels);
        yield return new(
            "squared multi-margin", new MultiMarginLoss { Power = 2, ClassWeights = [1, 2, 0.5], IgnoredLabel = 0 }, y, labels);
    }
}
