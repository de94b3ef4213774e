using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

[Collection("threads")]
public sealed class RecurrentScanTests
{
    private const int Time = 40, Batch = 50, Units = 24;

    [Theory]
    [InlineData(RecurrentCell.Tanh)]
    [InlineData(RecurrentCell.Relu)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void Results_are_equal_to_the_bit_for_any_number_of_threads(RecurrentCell cell)
    {
        RecurrentScanOptions options = new(cell, Reverse: cell == RecurrentCell.Relu, cell == RecurrentCell.Gru ? Lengths() : null);
        float[][] expected = Run(options, 1);
        foreach (int threads in new[] { 2, 3, 8 })
        {
            float[][] found = Run(options, threads);
            for (int i = 0; i < expected.Length; i++)
                found[i].ShouldBe(expected[i]);
        }
    }

    [Theory]
    [InlineData(RecurrentCell.Tanh)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void A_sequence_gives_the_same_bits_alone_as_in_a_batch(RecurrentCell cell)
    {
        RecurrentScanOptions options = new(cell);
        Tensor[] inputs = Inputs(options);
        Tensor all = inputs[0].RecurrentScan(inputs[1], inputs[2], null, options);
        foreach (int row in new[] { 0, 8, 9, Batch - 1 })
        {
            Tensor alone = inputs[0].Slice(1, row, 1).RecurrentScan(inputs[1].Slice(1, row, 1), inputs[2], null, options);
            alone.ToArray<float>().ShouldBe(all.Slice(1, row, 1).ToArray<float>());
        }
    }

    [Fact]
    public void Sequences_are_cut_into_chunks_where_that_pays_and_the_weight_fits_a_cache()
    {
        RowsOf(time: 64, batch: 32, units: 128).ShouldBe(8);
        RowsOf(time: 64, batch: 33, units: 128).ShouldBe(9);
        RowsOf(time: 64, batch: 7, units: 128).ShouldBe(7);
        RowsOf(time: 2, batch: 32, units: 16).ShouldBe(32);
        RowsOf(time: 64, batch: 32, units: 512).ShouldBe(32);
        RowsOf(time: 64, batch: 0, units: 128).ShouldBe(1);
    }

    private static int RowsOf(int time, int batch, int units) =>
        RecurrentScan.RowsOfChunk(new ScanMemory<float> { Time = time, Batch = batch, Units = units, Columns = 4 * units });

    private static int[] Lengths() => [.. Enumerable.Range(0, Batch).Select(row => row * 7 % (Time + 1))];

    /// <summary>Result and all derivatives.</summary>
    private static float[][] Run(RecurrentScanOptions options, int threads)
    {
        using ThreadCount _ = new(threads);
        Tensor[] inputs = Inputs(options);
        foreach (Tensor input in inputs)
            input.RequiresGrad = true;

        Tensor y = inputs[0].RecurrentScan(inputs[1], inputs[2], null, options);
        return [y.ToArray<float>(), .. Gradients.Of(y.Square().Sum(), inputs).Select(g => g.ToArray<float>())];
    }

    private static Tensor[] Inputs(RecurrentScanOptions options)
    {
        RandomStream stream = new(3, RandomPurpose.User, 1);
        int columns = options.Gates * Units;
        return
        [
            Tensor.Uniform([Time, Batch, columns], -1, 1, ref stream), Tensor.Uniform([options.States, Batch, Units], -1, 1, ref stream),
            Tensor.Uniform([Units, columns], -0.3, 0.3, ref stream),
        ];
    }
}
