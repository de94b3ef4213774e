namespace Thalweg;

/// <content>Scaled dot-product attention.</content>
public sealed partial class Tensor
{
    /// <summary>softmax(Q K' / sqrt(width) + mask) V, this tensor being Q. Source: Vaswani and others, NeurIPS 2017, equation 1.</summary>
    /// <remarks>A query that sees no key, because of lengths or mask, gives 0.</remarks>
    /// <param name="key">K <c>[batch, heads, keys, width]</c>.</param>
    /// <param name="value">V <c>[batch, heads, keys, value width]</c>.</param>
    /// <param name="options">Masks, dropout and scale; default none.</param>
    /// <returns><c>[batch, heads, queries, value width]</c> for this tensor of shape <c>[batch, heads, queries, width]</c>.</returns>
    /// <exception cref="ThalwegException">Shapes, lengths or the probability do not fit.</exception>
    public Tensor Attention(Tensor key, Tensor value, in AttentionOptions options = default)
    {
        bool fits = Rank == 4 && key.Rank == 4 && value.Rank == 4 && key.Shape[0] == Shape[0] && key.Shape[1] == Shape[1] &&
            key.Shape[3] == Shape[3]
            && value.Shape[0] == Shape[0] && value.Shape[1] == Shape[1] && value.Shape[2] == key.Shape[2];
        return fits && HasSamples(this) && HasSamples(key) && HasSamples(value)
            ? AttentionOp.Apply(this, key, value, new AttentionLayout(HeadLayout.Axis, Shape[1]), options)
            : throw new ThalwegException(
                $"[attention] expected queries, keys and values of [batch, heads, length, width], got {Shape}, {key.Shape} and " +
                $"{value.Shape}");
    }

    /// <summary>Attention whose heads lie side by side in the last axis, this tensor being the queries: <see cref="Attention"/>
    /// without moving anything.</summary>
    /// <param name="key">Keys <c>[batch, keys, heads x width]</c>.</param>
    /// <param name="value">Values <c>[batch, keys, heads x value width]</c>.</param>
    /// <param name="heads">Number of heads; divides the last axes.</param>
    /// <param name="options">Masks, dropout and scale; default none.</param>
    /// <returns><c>[batch, queries, heads x value width]</c> for this tensor of shape <c>[batch, queries, heads x width]</c>.</returns>
    /// <exception cref="ThalwegException">Shapes, lengths or the probability do not fit.</exception>
    public Tensor MultiHeadAttention(Tensor key, Tensor value, int heads, in AttentionOptions options = default)
    {
        bool fits = heads >= 1 && Rank == 3 && key.Rank == 3 && value.Rank == 3 && key.Shape[0] == Shape[0] && key.Shape[2] == Shape[2]
            && value.Shape[0] == Shape[0] && value.Shape[1] == key.Shape[1] && Shape[2] % heads == 0 && value.Shape[2] % heads == 0;
        return fits && HasSamples(this) && HasSamples(key) && HasSamples(value)
            ? AttentionOp.Apply(this, key, value, new AttentionLayout(HeadLayout.SideBySide, heads), options)
            : throw new ThalwegException(
                $"[attention] expected queries, keys and values of [batch, length, width] that {heads} heads divide, got {Shape}, " +
                $"{key.Shape} and {value.Shape}");
    }

    /// <summary>Self-attention of one projection that holds queries, keys and values side by side: <see cref="MultiHeadAttention"/> of
    /// its three parts.</summary>
    /// <param name="heads">Number of heads; a third of the last axis is a multiple of it.</param>
    /// <param name="options">Masks, dropout and scale; default none.</param>
    /// <returns><c>[batch, length, width]</c> for this tensor of shape <c>[batch, length, 3 x width]</c>.</returns>
    /// <exception cref="ThalwegException">Shapes, lengths or the probability do not fit.</exception>
    public Tensor SelfAttention(int heads, in AttentionOptions options = default) =>
        heads >= 1 && Rank == 3 && Shape[2] % (3 * heads) == 0 && HasSamples(this)
            ? AttentionOp.Apply(this, null, null, new AttentionLayout(HeadLayout.Packed, heads), options)
            : throw new ThalwegException(
                $"[attention] expected a projection [batch, length, 3 x width] that {heads} heads divide, got {Shape}");

    /// <summary>Whether samples have elements; there may be none of them.</summary>
    private static bool HasSamples(Tensor x) => x.Shape.LengthOf(1, x.Rank) > 0;
}

/// <summary>Where the heads are in the tensors.</summary>
internal enum HeadLayout
{
    /// <summary>An axis of their own: <c>[batch, heads, length, width]</c>.</summary>
    Axis,

    /// <summary>Side by side: <c>[batch, length, heads x width]</c>.</summary>
    SideBySide,

    /// <summary>Side by side, and queries, keys and values side by side too: <c>[batch, length, 3 x heads x width]</c>.</summary>
    Packed,
}

/// <summary>Where the heads are and how many there are.</summary>
internal readonly record struct AttentionLayout(HeadLayout Kind, int Heads);

/// <summary>softmax(scale Q K' + mask) V.</summary>
/// <remarks>Inputs: queries, keys, values, or all three packed; then the mask, if any. Arguments: First is the number of heads, Second the
/// place of heads,
/// doubled, plus 1 if causal, Real the dropout, OtherReal the scale, Settings the lengths of keys. Saved: the weights, see
/// <see cref="AttentionRun{T}"/>.</remarks>
internal sealed class AttentionOp : CompositeOp
{
    public static readonly AttentionOp Instance = new();

    /// <summary>A mask so low that its weight is 0 after any softmax that sees something else.</summary>
    private const double Lowest = -1e30;

    public override string Name => "attention";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        bool isPacked = (HeadLayout)(arguments.Second / 2) == HeadLayout.Packed;
        _ = isPacked ? description.Inputs("projection", "mask") : description.Inputs("query", "key", "value", "mask");
        description.Of(OpKind.Attention).Attribute("heads", arguments.First).Attribute("causal", arguments.Second % 2 == 1)
            .Attribute("dropout", arguments.Real).Attribute("scale", arguments.OtherReal)
            .Value(new InnerValue("weights", IsStored: true), static (call, _) => Weights(call));
        if (arguments.Settings is int[] lengths)
            description.Attribute("key_lengths", lengths);
    }

    /// <summary>Applies the operation after a look at the options.</summary>
    public static Tensor Apply(Tensor query, Tensor? key, Tensor? value, AttentionLayout layout, in AttentionOptions options)
    {
        bool byAxis = layout.Kind == HeadLayout.Axis;
        int width = byAxis ? query.Shape[3] : query.Shape[2] / (layout.Kind == HeadLayout.Packed ? 3 * layout.Heads : layout.Heads);
        int keys = (key ?? query).Shape[byAxis ? 2 : 1];
        Check(options, query.Shape[0], keys);
        OpArguments arguments = new()
        {
            First = layout.Heads,
            Second = ((int)layout.Kind * 2) + (options.Causal ? 1 : 0),
            Real = options.Dropout,
            OtherReal = options.Scale ?? 1 / Math.Sqrt(width),
            Key = options.Stream.Key,
            Counter = options.Stream.High,
            Settings = options.KeyLengths,
        };
        Tensor? mask = options.Mask;
        if (mask?.DType == DType.Int32)
            mask = Tensor.Where(mask.To(query.DType), Tensor.Scalar(0, query.DType), Tensor.Scalar(double.NegativeInfinity, query.DType));

        return key is null || value is null ? Instance.Apply(arguments, query, mask)
            : mask is null ? Instance.Apply(arguments, query, key, value)
            : Instance.Apply(arguments, [query, key, value, mask]);
    }

    /// <summary>The layout of a call.</summary>
    public static AttentionLayout LayoutOf(in OpCall call) => new((HeadLayout)(call.Arguments.Second / 2), call.Arguments.First);

    /// <summary>The mask of a call, or null.</summary>
    public static Tensor? MaskOf(in OpCall call, out int index)
    {
        index = LayoutOf(call).Kind == HeadLayout.Packed ? 1 : 3;
        return call.Count > index ? call[index] : null;
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        using AttentionRun<T> run = new(call);
        Tensor y = run.Forward(keep: IsRecording && call.RequiresGrad, out Tensor? weights);
        call.Saved = weights;
        return y;
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (MaskOf(call, out int index) is not null && gx.Wants(index))
            return false;

        using AttentionRun<T> run = new(call);
        run.Backward(gy, ref gx);
        return true;
    }

    protected override Tensor Compose(in OpCall call)
    {
        AttentionLayout layout = LayoutOf(call);
        bool packed = layout.Kind == HeadLayout.Packed;
        Tensor y = Weights(call).MatMul(Part(call, layout, 2));
        return layout.Kind == HeadLayout.Axis
            ? y
            : y.Permute(0, 2, 1, 3).Reshape([call[0].Shape[0], call[0].Shape[1], packed ? call[0].Shape[2] / 3 : call[2].Shape[2]]);
    }

    /// <summary>The weights <c>[batch, heads, queries, keys]</c>, dropped ones 0.</summary>
    private static Tensor Weights(in OpCall call)
    {
        AttentionLayout layout = LayoutOf(call);
        Tensor query = Part(call, layout, 0), key = Part(call, layout, 1);
        Tensor scores = query.MatMul(key.Transpose()).Multiply(call.Arguments.OtherReal);
        Tensor mask = Unseen(call, scores.Shape).To(query.DType);
        mask = MaskOf(call, out _) is { } given ? mask.Add(given) : mask;
        Tensor bounded = mask.Maximum(Tensor.Scalar(Lowest, query.DType));
        Tensor weights = scores.Add(bounded).Softmax().Multiply(mask.Add(-Lowest).Step());
        if (call.Arguments.Real > 0)
        {
            weights = DropoutOp.Instance.Apply(
                new OpArguments { Real = call.Arguments.Real, Key = call.Arguments.Key, Counter = call.Arguments.Counter }, weights);
        }

        return weights;
    }

    /// <summary>Queries (0), keys (1) or values (2) as <c>[batch, heads, length, width]</c>.</summary>
    private static Tensor Part(in OpCall call, AttentionLayout layout, int index)
    {
        if (layout.Kind == HeadLayout.Axis)
            return call[index];

        Tensor x = layout.Kind == HeadLayout.Packed ? call[0].Slice(2, index * (call[0].Shape[2] / 3), call[0].Shape[2] / 3) : call[index];
        return x.Reshape([x.Shape[0], x.Shape[1], layout.Heads, x.Shape[2] / layout.Heads]).Permute(0, 2, 1, 3);
    }

    /// <summary>-∞ for pairs that lengths or order exclude, else 0, <c>[batch, 1, queries, keys]</c>.</summary>
    private static Tensor Unseen(in OpCall call, Shape scores)
    {
        (int batch, int queries, int keys) = (scores[0], scores[2], scores[3]);
        int[]? lengths = (int[]?)call.Arguments.Settings;
        bool causal = call.Arguments.Second % 2 == 1;
        double[] values = new double[batch * queries * keys];
        for (int i = 0; i < values.Length; i++)
        {
            (int sample, int query, int key) = (i / (queries * keys), i / keys % queries, i % keys);
            bool seen = key < (lengths?[sample] ?? keys) && (!causal || key <= query);
            values[i] = seen ? 0 : double.NegativeInfinity;
        }

        return Tensor.From(values, [batch, 1, queries, keys]);
    }

    private static void Check(in AttentionOptions options, int batch, int keys)
    {
        if (!(options.Dropout >= 0 && options.Dropout < 1))
            throw new ThalwegException($"[attention] expected a probability of dropout in [0, 1), got {options.Dropout}");

        // No lambda: it would cost memory on the heap in each step.
        if (options.KeyLengths is { } lengths
            && (lengths.Length != batch || lengths.AsSpan().IndexOfAnyExceptInRange(0, keys) >= 0))
        {
            throw new ThalwegException(
                $"[attention] expected {batch} lengths from 0 to {keys}, got {lengths.Length}: {string.Join(", ", lengths.Take(16))}");
        }
    }
}
