using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Diagnostics.Tests;

public sealed class InitializationAuditTests
{
    private const int Rows = 256;

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Silu)]
    public void Theory_agrees_with_measurement_and_a_good_start_is_healthy(Activation activation)
    {
        Initializer start = Initializer.VarianceScaling(
            Math.Pow(InitializationAudit.GainFor(z => z.Activate(activation)), 2), law: Distribution.Normal);
        AuditReport report = Audit(Nets.Deep(8, activation, start, width: 128));
        report.Verdict.ShouldBe(AuditVerdict.Healthy, string.Join(' ', report.Findings));
        report.Layers.Count.ShouldBe(9);
        foreach (AuditLayer layer in report.Layers)
        {
            (layer.MeasuredForward / layer.PredictedForward).ShouldBeInRange(0.6, 1.6, layer.Name);
            (layer.MeasuredBackward / layer.PredictedBackward).ShouldBeInRange(0.5, 2, layer.Name);
        }

        report.ForwardFactor.ShouldBe(1, 0.35);
        report.BackwardFactor.ShouldBe(1, 0.35);
    }

    [Fact]
    public void Gradients_that_pooling_and_wide_layers_spread_do_not_vanish()
    {
        Sequential network = new(
            new Conv2d(1, 8, 3, new() { SamePadding = true, Activation = Activation.Relu }), new MaxPool2d(2),
            new Conv2d(8, 16, 3, new() { SamePadding = true, Activation = Activation.Relu }), new MaxPool2d(2),
            new Flatten(), new Dense(1024, 64, Activation.Relu), new Dense(64, 4));
        network.Initialize(1, DType.Float64);
        Tensor labels = Tensor.Vector([.. Enumerable.Range(0, 64).Select(i => i % 4)]);
        AuditReport report = InitializationAudit.Run(
            network, Loss.SoftmaxCrossEntropy, Nets.Batch(64, 1024).Reshape([64, 1, 32, 32]), labels);
        (report.Layers[^1].MeasuredBackward / report.Layers[0].MeasuredBackward).ShouldBeGreaterThan(100);
        report.Layers.Select(layer => layer.Values).ShouldBe([8 * 1024, 16 * 256, 64, 4]);
        report.BackwardFactor.ShouldBe(1, 0.5);
        report.Verdict.ShouldBe(AuditVerdict.Healthy, string.Join(' ', report.Findings));
    }

    [Theory]
    [InlineData(Activation.Relu, 0.01, AuditVerdict.Vanishing)]
    [InlineData(Activation.Tanh, 0.01, AuditVerdict.Vanishing)]
    [InlineData(Activation.Relu, 0.5, AuditVerdict.Exploding)]
    public void A_bad_start_is_found_and_the_proposed_gains_fix_it(Activation activation, double deviation, AuditVerdict expected)
    {
        Sequential network = Nets.Deep(6, activation, Initializer.Normal(deviation), width: 128);
        AuditReport report = Audit(network);
        report.Verdict.ShouldBe(expected, string.Join(' ', report.Findings));
        report.Findings.ShouldNotBeEmpty();
        report.Rescale(network);
        AuditReport after = Audit(network);
        after.Verdict.ShouldBe(AuditVerdict.Healthy, string.Join(' ', after.Findings));
        after.Layers.ShouldAllBe(layer => Math.Abs(layer.Gain - layer.ProposedGain) < 1e-9);
    }

    [Fact]
    public void Sigmoids_shrink_gradients_whatever_the_gain()
    {
        Sequential network = Nets.Deep(6, Activation.Sigmoid, Initializer.XavierNormal(), width: 128);
        AuditReport report = Audit(network);
        report.Verdict.ShouldBe(AuditVerdict.Vanishing);
        report.Findings[0].ShouldContain("The gradients shrink");
        report.Rescale(network);
        Audit(network).Verdict.ShouldBe(AuditVerdict.Vanishing);
    }

    [Fact]
    public void Saturated_units_are_found()
    {
        AuditReport report = Audit(Nets.Deep(1, Activation.Tanh, Initializer.Normal(1)));
        report.Layers[0].IsBounded.ShouldBeTrue();
        report.Layers[0].Flat.ShouldBeGreaterThan(0.5);
        report.Findings.ShouldContain(f => f.Contains("stand where it is flat"));
        report.Verdict.ShouldBe(AuditVerdict.Saturated);
    }

    [Fact]
    public void Dead_units_are_found()
    {
        Sequential network = Nets.Deep(1, Activation.Relu, Initializer.HeNormal());
        Tensor bias = ((Dense)network.Modules[0].Module).Bias!.Value;
        bias.Assign(Tensor.Full(bias.Shape, -50, DType.Float64));
        AuditReport report = Audit(network);
        report.Layers[0].Flat.ShouldBe(1);
        report.Findings.ShouldContain(f => f.Contains("units after '0.weight' are flat for every sample"));
    }

    [Fact]
    public void Equal_weights_are_found()
    {
        AuditReport report = Audit(Nets.Deep(2, Activation.Tanh, Initializer.Constant(0.1)));
        report.Verdict.ShouldBe(AuditVerdict.Symmetric);
        report.Findings[0].ShouldContain("stay alike for ever");
        Audit(Nets.Deep(2, Activation.Tanh, Initializer.Zeros)).Verdict.ShouldBe(AuditVerdict.Symmetric);
    }

    [Fact]
    public void Inputs_that_are_not_standardized_and_a_large_first_loss_are_found()
    {
        Sequential network = Nets.Deep(1, Activation.Relu, Initializer.HeNormal());
        AuditReport report = InitializationAudit.Run(
            network, Loss.SoftmaxCrossEntropy, Nets.Batch(Rows, 32).Multiply(100), Nets.Labels(Rows));
        report.InputSquare.ShouldBe(10_000, 1000);
        report.Findings.ShouldContain(f => f.Contains("standardize them"));
        report.Findings.ShouldContain(f => f.Contains("the last layer starts too large"));
    }

    [Fact]
    public void Convolutions_with_padding_residual_blocks_and_normalization_are_followed()
    {
        Sequential block = new(new Conv2d(8, 8, 3, new ConvolutionOptions { SamePadding = true }), new BatchNorm2d(8),
            new ActivationLayer(Activation.Relu), new Conv2d(8, 8, 3, new ConvolutionOptions { SamePadding = true }));
        Sequential network = new(new Conv2d(3, 8, 3, new ConvolutionOptions { SamePadding = true, Activation = Activation.Relu }),
            new Residual(block), new AdaptiveAvgPool2d(), new Flatten(), new Dense(8, 10));
        network.Initialize(2, DType.Float64);
        RandomStream stream = new(1, RandomPurpose.User);
        Tensor x = Tensor.Normal([32, 3, 8, 8], 0, 1, ref stream, DType.Float64);
        AuditReport report = InitializationAudit.Run(network, Loss.SoftmaxCrossEntropy, x, Nets.Labels(32));
        report.Layers.Select(layer => layer.Name).ShouldBe(["0.weight", "1.module.0.weight", "1.module.3.weight", "4.weight"]);
        report.Layers[1].Activation.ShouldBe("relu");
        report.Layers[0].Terms.ShouldBe(27 * Math.Pow(22.0 / 24, 2), 1e-9);
        foreach (AuditLayer layer in report.Layers)
            layer.MeasuredForward.ShouldBe(layer.PredictedForward, 0.6 * layer.PredictedForward, layer.Name);

        network.IsTraining.ShouldBeTrue();
        ((BatchNorm2d)block.Modules[1].Module).RunningMean!.ToArray<double>().ShouldAllBe(mean => mean == 0);
    }

    [Fact]
    public void Gains_are_those_of_theory()
    {
        InitializationAudit.GainFor(z => z).ShouldBe(1, 1e-6);
        InitializationAudit.GainFor(z => z.Relu()).ShouldBe(Math.Sqrt(2), 1e-3);
    }

    [Fact]
    public void Learned_slopes_are_an_activation()
    {
        Sequential network = new(new Dense(64, 32), new PRelu(32, 0.5), new Dense(32, 4));
        network.Initialize(1, DType.Float64);
        Tensor labels = Tensor.Vector([.. Enumerable.Range(0, 64).Select(i => i % 4)]);
        AuditLayer layer = InitializationAudit.Run(network, Loss.SoftmaxCrossEntropy, Nets.Batch(64, 64), labels).Layers[0];
        layer.Activation.ShouldBe("prelu");
        layer.ProposedGain.ShouldBe(InitializationAudit.GainFor(z => z.LeakyRelu(0.5)), 1e-12);
    }

    [Fact]
    public void A_network_without_layers_is_refused() => Should.Throw<ThalwegException>(() =>
        InitializationAudit.Run(new Sequential(new Flatten()), Loss.SoftmaxCrossEntropy, Nets.Batch(10, 10),
        Nets.Labels(10))).Message.ShouldContain("nothing to audit");

    private static AuditReport Audit(Sequential network) =>
        InitializationAudit.Run(network, Loss.SoftmaxCrossEntropy, Nets.Batch(Rows, Nets.Width), Nets.Labels(Rows));
}
