namespace Thalweg;

/// <summary>The numbers that an operation takes besides its tensors.</summary>
/// <remarks>A plain value, so that operations are shared objects and a recorded call costs no memory on the heap.</remarks>
public readonly record struct OpArguments
{
    /// <summary>First integer: an axis, a flag, a count; each operation says which.</summary>
    public int First { get; init; }

    /// <summary>Second integer.</summary>
    public int Second { get; init; }

    /// <summary>First real number: a slope, a probability, an epsilon.</summary>
    public double Real { get; init; }

    /// <summary>Second real number.</summary>
    public double OtherReal { get; init; }

    /// <summary>A shape: what to reshape or broadcast to.</summary>
    public Shape Shape { get; init; }

    /// <summary>Random stream key.</summary>
    public ulong Key { get; init; }

    /// <summary>Random stream counter, high word.</summary>
    public ulong Counter { get; init; }

    /// <summary>Settings that do not fit the numbers, as a shared immutable object, or null.</summary>
    internal object? Settings { get; init; }
}

/// <summary>One use of an operation: its arguments and its input tensors.</summary>
public struct OpCall
{
    private readonly Tensor? _a, _b, _c, _d;
    private readonly Tensor[]? _rest;

    internal OpCall(in OpArguments arguments, Tensor a, Tensor? b = null, Tensor? c = null, Tensor? d = null)
    {
        Arguments = arguments;
        _a = a;
        _b = b;
        _c = c;
        _d = d;
        Count = d is not null ? 4 : c is not null ? 3 : b is not null ? 2 : 1;
    }

    internal OpCall(in OpArguments arguments, Tensor[] inputs)
    {
        Arguments = arguments;
        _rest = inputs;
        Count = inputs.Length;
    }

    /// <summary>The numbers besides the tensors.</summary>
    public OpArguments Arguments { get; }

    /// <summary>Number of inputs.</summary>
    public int Count { get; }

    /// <summary>A tensor that the forward pass leaves for the fused backward pass, or null.</summary>
    public Tensor? Saved { get; set; }

    /// <summary>Input number <paramref name="index"/>, from 0.</summary>
    /// <param name="index">Which input.</param>
    public readonly Tensor this[int index] => _rest is not null ? _rest[index] : index switch { 0 => _a!, 1 => _b!, 2 => _c!, _ => _d! };

    /// <summary>The inputs in order.</summary>
    internal readonly Tensor[] Inputs
    {
        get
        {
            Tensor[] inputs = new Tensor[Count];
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = this[i];

            return inputs;
        }
    }

    /// <summary>The memory of the inputs, of calls with up to four of them.</summary>
    internal readonly (object? First, object? Second, object? Third, object? Fourth) Memories =>
        (_a?.Memory, _b?.Memory, _c?.Memory, _d?.Memory);

    /// <summary>Whether any input wants a derivative.</summary>
    internal readonly bool RequiresGrad
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                if (this[i].RequiresGrad)
                    return true;
            }

            return false;
        }
    }
}
