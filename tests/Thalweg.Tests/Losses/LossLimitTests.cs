using Thalweg.Losses;

namespace Thalweg.Tests.Losses;

/// <summary>Losses at their limits: at the margin, without samples, with weights and labels that do not belong.</summary>
public sealed class LossLimitTests
{
    [Fact]
    public void Class_weights_of_several_labels_are_one_for_each_class()
    {
        Tensor outputs = Tensor.Zeros([3, 2]), targets = Tensor.Zeros([3, 2]);
        foreach (Tensor weights in new[] { Tensor.Vector(1.0, 2, 3), Tensor.Scalar(1), Tensor.Vector(1.0, -1) })
        {
            Should.Throw<ThalwegException>(() => new MultiLabelSoftMarginLoss { ClassWeights = weights }.Compute(outputs, targets))
                .Message.ShouldStartWith("[multi label soft margin] expected class weights");
        }
    }

    [Fact]
    public void Margins_pass_the_gradient_where_they_are_just_met()
    {
        // Values of PyTorch 1.13.
        Tensor a = Free(1, 2), b = Free(1, 2), signs = Tensor.Vector(1.0, -1);
        Gradients.Of(new MarginRankingLoss().Compute(a, b, signs, Reduction.Sum), a)[0].ToArray<double>().ShouldBe([-1, 1]);
        Tensor distance = Free(1, 2);
        Gradients.Of(new HingeEmbeddingLoss().Compute(distance, Tensor.Vector(-1.0, -1), Reduction.Sum), distance)[0].ToArray<double>()
            .ShouldBe([-1, 0]);
        Tensor first = Tensor.From([1.0, 0], [1, 2]), second = Tensor.From([0.0, 1], [1, 2]);
        first.RequiresGrad = true;
        double[] slope = Gradients.Of(new CosineEmbeddingLoss().Compute(first, second, Tensor.Vector(-1.0)), first)[0].ToArray<double>();
        slope[1].ShouldBe(1, 1e-9);
        Tensor anchor = Tensor.From([0.0, 0], [1, 2]);
        anchor.RequiresGrad = true;
        TripletMarginLoss triplet = new() { Margin = 0, Epsilon = 0 };
        double[] pull = Gradients.Of(
            triplet.Compute(anchor, Tensor.From([1.0, 0], [1, 2]), Tensor.From([0.0, 1], [1, 2])), anchor)[0].ToArray<double>();
        pull.ShouldBe([-1, 1]);
    }

    [Fact]
    public void The_mean_of_no_samples_is_0_for_every_loss()
    {
        Tensor none = Tensor.Zeros([0], DType.Int32);
        (Loss, Tensor)[] classes =
        [
            (Loss.SoftmaxCrossEntropy, none), (new CrossEntropyLoss { LabelSmoothing = 0.1, ClassWeights = [1, 2, 3, 4] }, none),
            (new NegativeLogLikelihoodLoss(), none), (new MultiMarginLoss(), none), (new CrossEntropyLoss(), Empty(4)),
            (new GaussianLoss(), Empty(2)), (new MultiLabelMarginLoss(), Tensor.Zeros([0, 4], DType.Int32)),
        ];
        Loss[] elements =
        [
            Loss.BinaryCrossEntropy, Loss.MeanSquaredError, new AbsoluteErrorLoss(), new HuberLoss(), new SmoothAbsoluteErrorLoss(),
            new SoftMarginLoss(),
            new HingeEmbeddingLoss(), new PoissonLoss(), new MultiLabelSoftMarginLoss(),
            new ProbabilityCrossEntropyLoss(), new KullbackLeiblerLoss(),
        ];
        foreach ((Loss loss, Tensor targets) in classes.Concat(elements.Select(l => (l, Empty(4)))))
        {
            Tensor outputs = Empty(4);
            outputs.RequiresGrad = true;
            Tensor mean = loss.Compute(outputs, targets);
            mean.Item().ShouldBe(0, loss.Name);
            Gradients.Of(mean, outputs)[0].Shape.ShouldBe(outputs.Shape, loss.Name);
            loss.Compute(outputs, targets, Tensor.Zeros([0], DType.Float64)).Item().ShouldBe(0, loss.Name);
        }

        new MarginRankingLoss().Compute(Tensor.Zeros([0]), Tensor.Zeros([0]), Tensor.Zeros([0])).Item().ShouldBe(0);
        new CosineEmbeddingLoss().Compute(Tensor.Zeros([0, 3]), Tensor.Zeros([0, 3]), Tensor.Zeros([0])).Item().ShouldBe(0);
        new TripletMarginLoss().Compute(Tensor.Zeros([0, 3]), Tensor.Zeros([0, 3]), Tensor.Zeros([0, 3])).Item().ShouldBe(0);
    }

    [Fact]
    public void Pairs_and_triplets_take_weights_of_samples()
    {
        Tensor a = Table(3, 1), b = Table(3, 2), c = Table(3, 3), signs = Tensor.Vector(1.0, -1, -1), weights = Tensor.Vector(1.0, 0, 3);
        double[] pair = new CosineEmbeddingLoss { Margin = -0.9 }.Compute(a, b, signs, Reduction.None).ToArray<double>();
        new CosineEmbeddingLoss { Margin = -0.9 }.Compute((a, b), signs, weights).Item().ShouldBe((pair[0] + (3 * pair[2])) / 4, 1e-14);
        Tensor x = Tensor.Vector(0.3, 0.1, 2), y = Tensor.Vector(1.0, 0, 1);
        double[] ranks = new MarginRankingLoss { Margin = 1 }.Compute(x, y, signs, Reduction.None).ToArray<double>();
        new MarginRankingLoss { Margin = 1 }.Compute((x, y), signs, weights, Reduction.Sum).Item()
            .ShouldBe(ranks[0] + (3 * ranks[2]), 1e-14);
        double[] triplets = new TripletMarginLoss { Margin = 3 }.Compute(a, b, c, Reduction.None).ToArray<double>();
        new TripletMarginLoss { Margin = 3 }.Compute((a, b, c), weights).Item().ShouldBe((triplets[0] + (3 * triplets[2])) / 4, 1e-14);
    }

    [Fact]
    public void Negative_weights_and_variances_are_refused()
    {
        Message(() => new CrossEntropyLoss { ClassWeights = [1, -2] })
            .ShouldBe("[softmax cross entropy] expected class weights of 0 or more, got -2");
        Message(() => Loss.MeanSquaredError.Compute(Table(2, 1), Table(2, 2), Tensor.Vector(1.0, -1)))
            .ShouldBe("[loss] expected sample weights of 0 or more, got -1 at place 1");
        Message(() => new GaussianLoss().Compute(Tensor.From([1.0, -0.5], [1, 2]), Tensor.From([1.0], [1, 1])))
            .ShouldStartWith("[gaussian] expected variances of 0 or more, got -0.5 at place 0; end the outputs");
    }

    [Fact]
    public void A_label_that_is_no_class_is_named_with_its_loss()
    {
        Message(() => new NegativeLogLikelihoodLoss().Compute(Table(2, 1), Tensor.Vector(0, 4)))
            .ShouldBe("[negative log likelihood] expected labels from 0 to 3, got 4 for sample 1 of the batch");
        Message(() => new MultiMarginLoss().Compute(Table(2, 1), Tensor.Vector(-1, 0)))
            .ShouldBe("[multi margin] expected labels from 0 to 3, got -1 for sample 0 of the batch");
    }

    private static Tensor Empty(int columns) => Tensor.Zeros([0, columns], DType.Float64);

    private static Tensor Table(int rows, int seed) =>
        Tensor.From([.. Enumerable.Range(0, rows * 4).Select(i => Math.Sin((seed * 10) + (i * 1.3)))], [rows, 4]);

    private static Tensor Free(params double[] values)
    {
        Tensor x = Tensor.Vector(values);
        x.RequiresGrad = true;
        return x;
    }

    private static string Message(Action action) => Should.Throw<ThalwegException>(action).Message;
}
