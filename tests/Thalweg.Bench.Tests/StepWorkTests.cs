using Thalweg.Bench.Bounds;
using Thalweg.Bench.Peers;
using Thalweg.Layers;

namespace Thalweg.Bench.Tests;

/// <summary>What a step has to do at least, against counts by hand.</summary>
public sealed class StepWorkTests
{
    [Fact]
    public void A_dense_network_counts_three_products_and_two_for_its_first_layer()
    {
        const int Batch = 64, First = 784 * 256, Second = 256 * 128, Third = 128 * 10, Biases = 256 + 128 + 10;
        StepWork work = Training("mlp-adam-64");
        work.Operations.ShouldBe(2.0 * Batch * ((2 * First) + (3 * Second) + (3 * Third)));
        // Weights and two moments, each padded to whole vectors, and the inputs of the three products.
        double numbers = (3 * (First + Second + Third + Biases)) + (Batch * (784 + 256 + 128));
        ((double)work.Numbers).ShouldBe(numbers, 3 * 16);
    }

    [Fact]
    public void Convolutions_count_each_window()
    {
        const double First = 64.0 * 28 * 28 * 32 * 25, Second = 64.0 * 14 * 14 * 64 * 25 * 32, Dense = 64.0 * ((3136 * 1024) + (1024 * 10));
        Training("conv-2c2d-64").Operations.ShouldBe(2 * ((2 * First) + (3 * Second) + (3 * Dense)));
    }

    [Fact]
    public void A_scan_counts_its_state_and_its_input()
    {
        const double Products = 64.0 * 32 * 128 * 512, Head = 32.0 * 128 * 10;
        // The sequence's own gradient is nobody's.
        Training("lstm-128").Operations.ShouldBe(2 * ((2 * Products) + (3 * Products) + (3 * Head)));
    }

    [Fact]
    public void A_transformer_counts_projections_and_attention()
    {
        const double Tokens = 32 * 64, Width = 128;
        const double Block = (Tokens * Width * Width * 12) + (2 * Tokens * 64 * Width);
        Training("transformer-small").Operations.ShouldBe(2 * 3 * ((4 * Block) + (32 * Width * 10)));
    }

    [Fact]
    public void A_forward_pass_reads_its_weights()
    {
        Module network = PeerCases.Mlp().Initialize(1);
        StepWork work = StepWork.OfInference(network, Tensor.Ones([1, 784]));
        work.Operations.ShouldBe(2.0 * ((784 * 256) + (256 * 128) + (128 * 10)));
        (work.Numbers, work.IsReadOnly).ShouldBe((network.ParameterCount, true));
    }

    [Fact]
    public void The_bound_is_the_time_of_products_and_moves()
    {
        Bound bound = new(Products: 0.002, Moves: 0.0005);
        bound.Seconds.ShouldBe(0.0025, 1e-15);
        bound.ShareOf(0.005).ShouldBe(0.5, 1e-12);
        bound.Describe(0.005).ShouldContain("share of the bound 50");
        Bound.Share(new StepWork(1, 1001), 2).ShouldBe(500);
    }

    private static StepWork Training(string name) => PeerCases.All[name](new PeerOptions(null, 64)).Work!;
}
