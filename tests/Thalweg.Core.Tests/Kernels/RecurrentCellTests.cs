using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

public sealed unsafe class RecurrentCellTests
{
    private const int Rows = 3, Units = 19;

    [Fact]
    public void Results_do_not_depend_on_the_vector_width()
    {
        foreach (VectorWidth width in new[] { VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512 })
        {
            Both<TanhCell<float>>(width, 1).ShouldBe(Both<TanhCell<float>>(VectorWidth.Scalar, 1));
            Both<ReluCell<float>>(width, 1).ShouldBe(Both<ReluCell<float>>(VectorWidth.Scalar, 1));
            Both<LstmCell<float>>(width, 4).ShouldBe(Both<LstmCell<float>>(VectorWidth.Scalar, 4));
            Both<GruCell<float>>(width, 3).ShouldBe(Both<GruCell<float>>(VectorWidth.Scalar, 3));
        }
    }

    [Fact]
    public void A_scan_refuses_what_does_not_fit()
    {
        Tensor x = Tensor.Zeros([4, 2, 8]), initial = Tensor.Zeros([2, 2, 2]), weight = Tensor.Zeros([2, 8]);
        RecurrentScanOptions lstm = new(RecurrentCell.Lstm), gru = new(RecurrentCell.Gru);
        Message(() => x.RecurrentScan(initial, weight, null, gru)).ShouldContain("an input part [time, batch, 3 x units]");
        Message(() => x.RecurrentScan(Tensor.Zeros([1, 2, 2]), weight, null, lstm)).ShouldContain("an initial state of shape [2, 2, 2]");
        Message(() => x.RecurrentScan(initial, Tensor.Zeros([8, 2]), null, lstm)).ShouldContain("a weight of the state of shape [2, 8]");
        Message(() => x.RecurrentScan(initial, weight, Tensor.Zeros([8]), lstm)).ShouldContain("no bias for the cell Lstm");
        Message(() => x.RecurrentScan(initial, weight, null, lstm with { Lengths = [1] })).ShouldContain("2 lengths from 0 to 4, got 1: 1");
    }

    /// <summary>All memory after a forward and a backward step of rows of which one is past its end.</summary>
    private static float[] Both<TCell>(VectorWidth width, int gates)
        where TCell : unmanaged, IRecurrentCell<float>
    {
        int state = Rows * Units, all = state * gates;
        float[] memory = new float[(4 * all) + (6 * state)];
        RandomStream stream = new(5, RandomPurpose.User, 1);
        for (int i = 0; i < memory.Length; i++)
            memory[i] = (float)stream.NextDouble(-3, 3);

        int[] lengths = [2, 1, 2];
        fixed (float* start = memory)
        fixed (int* ends = lengths)
        {
            float* states = start + (4 * all);
            CellStep<float> step = new()
            {
                Rows = Rows,
                Units = Units,
                GateCount = gates,
                Time = 1,
                Lengths = ends,
                Gates = start,
                Recurrent = start + all,
                GateGradients = start + (2 * all),
                RecurrentGradients = start + (3 * all),
                HiddenBefore = states,
                Hidden = states + state,
                MemoryBefore = states + (2 * state),
                Memory = states + (3 * state),
                HiddenGradient = states + (4 * state),
                MemoryGradient = states + (5 * state),
            };
            CellRows.Run<float, TCell>(width, step, isBackward: false);
            CellRows.Run<float, TCell>(width, step, isBackward: true);
        }

        return memory;
    }

    private static string Message(Action action) => Should.Throw<ThalwegException>(action).Message;
}
