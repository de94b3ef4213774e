using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>h = tanh(a).</summary>
internal readonly struct TanhCell<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Forward(in CellRow<T> row) => row.Run<TanhState<T>>();

    public static void Backward(in CellRow<T> row) => row.Run<TanhStateGradient<T>>();
}

/// <summary>h = max(a, 0).</summary>
internal readonly struct ReluCell<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Forward(in CellRow<T> row) => row.Run<ReluState<T>>();

    public static void Backward(in CellRow<T> row) => row.Run<ReluStateGradient<T>>();
}

/// <summary>Gates i, f, g, o: c' = f c + i g, h = o tanh c'.</summary>
internal readonly struct LstmCell<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Forward(in CellRow<T> row)
    {
        row.Run<SigmoidGate<T>>(0, 2);
        row.Run<TanhGate<T>>(2);
        row.Run<SigmoidGate<T>>(3);
        row.Run<LstmState<T>>();
    }

    public static void Backward(in CellRow<T> row) => row.Run<LstmStateGradient<T>>();
}

/// <summary>Gates r, z, n = tanh(a + r b) with b from the state: h' = (1 - z) n + z h.</summary>
internal readonly struct GruCell<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Forward(in CellRow<T> row)
    {
        row.Run<GruGate<T>>(0, 2);
        row.Run<GruState<T>>();
    }

    public static void Backward(in CellRow<T> row) => row.Run<GruStateGradient<T>>();
}
