using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>A multidimensional array of numbers that remembers how it was computed.</summary>
/// <remarks>
/// The element type is a property, not a type parameter; kernels below are generic. Results of operations on tensors that
/// <see cref="RequiresGrad"/> record the operation, so that <see cref="Gradients"/> can differentiate them to any order.
/// </remarks>
public sealed unsafe partial class Tensor
{
    private static long s_sequence;

    private nint _offset;
    private Shape _shape;
    private Strides _strides;
    private string _opName = "tensor";
    private OpCall _call;

    /// <summary>A tensor of the scope that is open on a pool, or of none.</summary>
    private Tensor(StepPool? pool) => _pool = pool;

    /// <summary>Element type.</summary>
    public DType DType { get; private set; }

    /// <summary>Sizes along the axes.</summary>
    public Shape Shape => _shape;

    /// <summary>Number of axes.</summary>
    public int Rank => _shape.Rank;

    /// <summary>Number of elements.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the elements lie one after another in row-major order.</summary>
    public bool IsContiguous { get; private set; }

    /// <summary>Whether derivatives with respect to this tensor are wanted; set it on leaves, it spreads to results.</summary>
    /// <exception cref="ThalwegException">Set on integers, which have no derivatives.</exception>
    public bool RequiresGrad
    {
        get;
        set
        {
            if (value && !DType.IsFloat())
            {
                Throw.NeedsFloat("requires grad", DType);
            }

            field = value;
        }
    }

    /// <summary>Where <see cref="Gradients.Backward"/> puts the derivative of a leaf; null until the first call, or a buffer of your
    /// own.</summary>
    public Tensor? Gradient { get; set; }

    /// <summary>Whether no recorded operation made this tensor.</summary>
    public bool IsLeaf => Op is null;

    /// <summary>Name of the operation that made this tensor.</summary>
    public string OpName => _opName;

    /// <summary>The operation that made this tensor, when it was recorded.</summary>
    internal Op? Op { get; private set; }

    /// <summary>The arguments and inputs of <see cref="Op"/>.</summary>
    internal ref readonly OpCall Call => ref _call;

    /// <summary>Place in the order of making: inputs always come before results.</summary>
    internal long Sequence { get; private set; }

    /// <summary>Distances between neighbors, in elements.</summary>
    internal ref readonly Strides Strides => ref _strides;

    /// <summary>The elements, in row-major order; writing through it changes the tensor and all its views.</summary>
    /// <typeparam name="T">The element type's C# type.</typeparam>
    /// <exception cref="ThalwegException">Another element type, a view that is not contiguous, or an ended step scope.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        Expect<T>();
        return IsContiguous
            ? Storage.AsSpan<T>(_offset, checked((int)Length))
            : throw new ThalwegException($"[{_opName}] expected a contiguous tensor, got a view of shape {Shape}; call Contiguous() first");
    }

    /// <summary>The elements as a <see cref="TensorSpan{T}"/> of System.Numerics.Tensors, without copying; strides are kept.</summary>
    /// <typeparam name="T">The element type's C# type.</typeparam>
    public TensorSpan<T> AsTensorSpan<T>()
        where T : unmanaged
    {
        Expect<T>();
        Span<nint> lengths = stackalloc nint[Rank];
        Span<nint> strides = stackalloc nint[Rank];
        long reach = Length == 0 ? 0 : 1;
        for (int axis = 0; axis < Rank; axis++)
        {
            lengths[axis] = _shape[axis];
            strides[axis] = _shape[axis] == 1 ? 0 : _strides[axis];
            reach += Length == 0 ? 0 : (_shape[axis] - 1) * strides[axis];
        }

        return new TensorSpan<T>(Storage.AsSpan<T>(_offset, checked((int)reach)), lengths, strides);
    }

    /// <summary>The elements as a new array, in row-major order.</summary>
    /// <typeparam name="T">The element type's C# type.</typeparam>
    public T[] ToArray<T>()
        where T : unmanaged => AsContiguous().AsSpan<T>().ToArray();

    /// <summary>The only element, as a double.</summary>
    /// <exception cref="ThalwegException">The tensor does not have exactly one element.</exception>
    public double Item()
    {
        if (Length != 1)
        {
            Throw.WrongShape("item", "a tensor of one element", Shape);
        }

        return Read(0);
    }

    /// <summary>A copy outside any step scope, cut off from the graph.</summary>
    /// <returns>The shape of this tensor.</returns>
    public Tensor Clone()
    {
        using PoolSwitch outside = StepMemory.Leave();
        return Copy();
    }

    /// <summary>The same elements cut off from the graph: derivatives do not pass. Shares memory.</summary>
    /// <returns>The shape of this tensor.</returns>
    public Tensor Detach() => View(this, _shape, _strides, 0, "detach");

    /// <summary>Type, shape, maker and, for few elements, the values.</summary>
    public override string ToString()
    {
        string head = $"{DType} {Shape} from {_opName}";
        if (_storage is null || _pool is { IsOpenHere: false })
        {
            return head + (_storage is null ? " (released)" : " (of another thread)");
        }

        if (Length > 16)
        {
            return head;
        }

        IEnumerable<string> values = DType switch
        {
            DType.Float32 => ToArray<float>().Select(v => v.ToString("g6")),
            DType.Float64 => ToArray<double>().Select(v => v.ToString("g6")),
            _ => ToArray<int>().Select(v => v.ToString()),
        };
        return $"{head}: {string.Join(' ', values)}";
    }

    /// <summary>Makes a tensor with undefined contents, from the step scope where there is one.</summary>
    internal static Tensor Allocate(Shape shape, DType dtype, string opName)
    {
        long length = shape.Length;
        long bytes = length * dtype.SizeOf();
        StepPool? pool = StepPool.Current;
        TensorStorage storage = pool is null ? new TensorStorage(bytes) : pool.Take(bytes);
        Tensor tensor = Handle(pool).Become(storage, 0, shape, dtype, opName);
        (tensor._strides, tensor.IsContiguous) = (shape.RowMajor(), true);
        return tensor;
    }

    /// <summary>Another arrangement of the same memory.</summary>
    internal static Tensor View(Tensor source, Shape shape, in Strides strides, nint offset, string opName)
    {
        TensorStorage storage = source.Storage;
        Tensor tensor = Handle(StepPool.Current).Become(storage, source._offset + offset, shape, source.DType, opName);
        (tensor._strides, tensor.IsContiguous) = (strides, HasRowMajorStrides(shape, strides));
        return tensor;
    }

    /// <summary>Address of the first element whatever its type; the caller keeps the tensor alive.</summary>
    internal byte* Bytes => Storage.Pointer + (_offset * DType.SizeOf());

    /// <summary>Address of the first element; the caller keeps the tensor alive.</summary>
    internal T* Pointer<T>()
        where T : unmanaged
    {
        Expect<T>();
        return (T*)Storage.Pointer + _offset;
    }

    /// <summary>Notes which operation made this tensor.</summary>
    internal void Record(Op creator, in OpCall call)
    {
        Op = creator;
        _call = call;
        RequiresGrad = true;
        Sequence = Interlocked.Increment(ref s_sequence);
        if (InPlaceWrites.AreSought)
        {
            InPlaceWrites.Note(this);
        }
    }

    /// <summary>This tensor, or a contiguous copy of it; not recorded.</summary>
    internal Tensor AsContiguous() => IsContiguous ? this : Copy();

    /// <summary>A tensor object that is nothing yet: a new one, or one of an earlier step.</summary>
    private static Tensor Handle(StepPool? pool)
    {
        if (pool is null || !pool.TryReuseHandle(out Tensor? tensor))
        {
            tensor = new Tensor(pool);
            pool?.Adopt(tensor);
        }

        return tensor;
    }

    /// <summary>Gives the object its memory; its strides follow.</summary>
    private Tensor Become(TensorStorage storage, nint offset, Shape shape, DType dtype, string opName)
    {
        _storage = storage;
        _offset = offset;
        _shape = shape;
        DType = dtype;
        Length = shape.Length;
        _opName = opName;
        return this;
    }

    private static bool HasRowMajorStrides(Shape shape, in Strides strides)
    {
        long expected = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected)
            {
                return shape.Length == 0;
            }

            expected *= shape[axis];
        }

        return true;
    }

    private Tensor Copy()
    {
        Tensor copy = Allocate(_shape, DType, "copy");
        if (DType == DType.Float64)
        {
            Kernels.StridedCopy.Run<ulong>((ulong*)(Storage.Pointer + (_offset * 8)), _shape, _strides, (ulong*)copy.Storage.Pointer);
        }
        else
        {
            Kernels.StridedCopy.Run<uint>((uint*)(Storage.Pointer + (_offset * 4)), _shape, _strides, (uint*)copy.Storage.Pointer);
        }

        GC.KeepAlive(this);
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Expect<T>()
        where T : unmanaged
    {
        if (DType != DTypes.Of<T>())
        {
            Throw.WrongType("elements", DTypes.Of<T>(), DType);
        }
    }
}
