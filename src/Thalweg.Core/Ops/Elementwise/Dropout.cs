using Thalweg.Kernels;

namespace Thalweg;

/// <content>Dropout.</content>
public sealed partial class Tensor
{
    /// <summary>Zeroes each element with the given probability and divides the rest by 1 - p, so that the mean stays. Source: Srivastava
    /// and others, JMLR 15, 2014, section 10 (inverted form).</summary>
    /// <param name="probability">Probability p of a zero, in [0, 1).</param>
    /// <param name="stream">Names the random mask: the same stream gives the same mask, so nothing is stored; not advanced.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <exception cref="ThalwegException">The probability is out of range.</exception>
    public Tensor Dropout(double probability, RandomStream stream)
    {
        if (!(probability >= 0 && probability < 1))
            throw new ThalwegException($"[dropout] expected a probability in [0, 1), got {probability}");

        return probability == 0 ? this : DropoutOp.Instance.Apply(
            new OpArguments { Real = probability, Key = stream.Key, Counter = stream.High }, this);
    }
}

/// <summary>x mask / (1 - p), the mask a function of key, counter and place alone. Linear, so it is its own derivative rule.</summary>
internal sealed unsafe class DropoutOp : FloatOp
{
    public static readonly DropoutOp Instance = new();

    private const int ChunkLength = 8192;

    public override string Name => "dropout";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Random).Inputs("input")
            .Attribute("probability", arguments.Real)
            .Value(new InnerValue("mask", IsStored: false), read: null);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        Job<T> job = new()
        {
            X = x.Pointer<T>(),
            Y = y.Pointer<T>(),
            Length = (nint)x.Length,
            Key = call.Arguments.Key,
            Counter = call.Arguments.Counter,
            Threshold = (uint)Math.Min(uint.MaxValue, Math.Round(call.Arguments.Real * 4294967296.0)),
            Scale = T.CreateTruncating(1 / (1 - call.Arguments.Real)),
        };
        WorkerTeam.Run(ref job, (int)((x.Length + ChunkLength - 1) / ChunkLength));
        GC.KeepAlive(x);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, Apply(call.Arguments, gy));

    private struct Job<T> : IParallelJob
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        public T* X, Y;
        public nint Length;
        public ulong Key, Counter;
        public uint Threshold;
        public T Scale;

        public readonly void Run(int chunk)
        {
            nint start = (nint)chunk * ChunkLength, end = Math.Min(Length, start + ChunkLength);
            Span<uint> words = stackalloc uint[4];
            for (nint i = start; i < end; i += 4)
            {
                (words[0], words[1], words[2], words[3]) = Philox.Block(Key, (ulong)i / 4, Counter);
                nint stop = Math.Min(end, i + 4);
                for (nint k = i; k < stop; k++)
                    Y[k] = words[(int)(k - i)] < Threshold ? T.Zero : X[k] * Scale;
            }
        }
    }
}
