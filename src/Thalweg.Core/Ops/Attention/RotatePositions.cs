using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Rotary positions.</content>
public sealed partial class Tensor
{
    /// <summary>Turns pairs of neighboring numbers by angles that depend on the position. Source: Su and others, "RoFormer",
    /// 2024, equation 34.</summary>
    /// <param name="turns">cos and sin, alternating, for each position and each pair of a head, <c>[length, head width]</c>;
    /// takes no derivative.</param>
    /// <param name="columns">How many numbers of the last axis, from the first on, turn; a multiple of the head width.
    /// The rest stays.</param>
    /// <returns>The shape of this tensor, <c>[..., length, width]</c>.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit.</exception>
    internal Tensor RotatePositions(Tensor turns, int columns) =>
        Rank >= 2 && turns.Rank == 2 && turns.Shape[0] == Shape[-2] && turns.Shape[1] % 2 == 0 && columns % turns.Shape[1] == 0 &&
            columns <= Shape[-1]
            ? RotatePositionsOp.Instance.Apply(new OpArguments { First = columns, Real = 1 }, this, turns)
            : throw new ThalwegException(
                $"[rotary positions] expected inputs [..., length, width] for turns [length, head width], got {Shape} and {turns.Shape}");
}

/// <summary>Pairs turned by the angles of their positions; Real is 1, or -1 to turn back. Linear, so it is its
/// own derivative rule.</summary>
internal sealed unsafe class RotatePositionsOp : FloatOp
{
    public static readonly RotatePositionsOp Instance = new();

    private const int ChunkRows = 64;

    public override string Name => "rotary positions";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Other).Inputs("input", "turns")
            .Attribute("columns", arguments.First)
            .Attribute("direction", arguments.Real);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), turns = call[1].AsContiguous(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        int columns = x.Shape[-1];
        Job<T> job = new()
        {
            X = x.Pointer<T>(),
            Y = y.Pointer<T>(),
            Turns = turns.Pointer<T>(),
            Rows = (int)(x.Length / Math.Max(columns, 1)),
            Columns = columns,
            Turned = call.Arguments.First,
            Length = turns.Shape[0],
            HeadWidth = turns.Shape[1],
            Direction = T.CreateTruncating(call.Arguments.Real),
        };
        WorkerTeam.Run(ref job, (job.Rows + ChunkRows - 1) / ChunkRows);
        Lifetime.KeepAlive(x, turns);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, Apply(call.Arguments with { Real = -call.Arguments.Real }, gy, call[1]));
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Y, Turns;
        public int Rows, Columns, Turned, Length, HeadWidth;
        public T Direction;

        public readonly void Run(int chunk)
        {
            int last = Math.Min(Rows, (chunk + 1) * ChunkRows);
            for (int row = chunk * ChunkRows; row < last; row++)
            {
                T* x = X + ((nint)row * Columns), y = Y + ((nint)row * Columns), turns = Turns + ((nint)(row % Length) * HeadWidth);
                for (int i = 0, position = 0; i < Turned; i += 2, position += 2)
                {
                    position = position == HeadWidth ? 0 : position;
                    T cos = turns[position], sin = turns[position + 1] * Direction, first = x[i], second = x[i + 1];
                    y[i] = (first * cos) - (second * sin);
                    y[i + 1] = (first * sin) + (second * cos);
                }

                Buffer.MemoryCopy(x + Turned, y + Turned, (Columns - Turned) * sizeof(T), (Columns - Turned) * sizeof(T));
            }
        }
    }
}
