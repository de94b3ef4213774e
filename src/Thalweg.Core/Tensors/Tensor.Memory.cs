using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Thalweg;

/// <content>The memory below a tensor, and who may use it.</content>
public sealed unsafe partial class Tensor
{
    private readonly StepPool? _pool;
    private TensorStorage? _storage;

    /// <summary>The memory below, shared among views.</summary>
    /// <remarks>The one gate to the elements: whatever reads or writes them passes here.</remarks>
    internal TensorStorage Storage
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            TensorStorage? storage = _storage;
            if (storage is null || _pool is { IsOpenHere: false })
                Refuse(storage);

            if (InPlaceWrites.AreSought)
                InPlaceWrites.CheckRead(this);

            return storage;
        }
    }

    /// <summary>Refuses a tensor whose scope has ended or is another thread's, before its graph is looked at.</summary>
    internal void RefuseIfOutOfReach() => _ = Storage;

    /// <summary>The object that owns the elements, to keep them alive where the tensor may move to other memory meanwhile.</summary>
    internal object? Memory => _storage;

    /// <summary>Number of the scope that the tensor belongs to; 0 for one of none.</summary>
    internal long ScopeNumber => _pool?.Number ?? 0;

    /// <summary>Apart from the gate, which stays small enough to become part of its callers.</summary>
    [DoesNotReturn]
    private void Refuse([NotNull] TensorStorage? storage)
    {
        if (storage is null)
            Throw.Released(_opName);

        Throw.OtherThread(_opName);
    }

    /// <summary>Forgets the memory and the graph when the step scope ends; the maker's name stays for the message.</summary>
    internal void Release()
    {
        _storage = null;
        Op = null;
        _call = default;
        RequiresGrad = false;
        Gradient = null;
    }
}
