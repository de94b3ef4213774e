namespace Thalweg.Layers;

/// <summary>Bounds the tensors that modules of a thread may have while a model file is read: a file that states a layer of billions of
/// weights, and holds none, is refused before memory is taken.</summary>
internal sealed class TensorBudget : IDisposable
{
    /// <summary>Elements that any file may state: 8 MiB in double precision.</summary>
    private const long Least = 1 << 20;

    [ThreadStatic]
    private static TensorBudget? s_current;

    private readonly TensorBudget? _outer = s_current;
    private readonly long _held;
    private Int128 _left;

    private TensorBudget(long held) => (_held, _left) = (held, held + Least);

    /// <summary>Begins a budget of the calling thread, until it is disposed.</summary>
    /// <param name="held">Elements that the file holds.</param>
    public static TensorBudget Begin(long held) => s_current = new TensorBudget(held);

    /// <summary>Takes what a tensor needs.</summary>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="ThalwegException">It is more than is left.</exception>
    public static void Take(Shape shape)
    {
        if (s_current is not { } budget)
            return;
        Int128 count = 1;
        for (int axis = 0; axis < shape.Rank && count <= budget._left; axis++)
            count *= shape[axis];
        budget._left -= count;
        if (budget._left < 0)
        {
            throw new ThalwegException($"[architecture] expected the {budget._held} values that the file holds, got layers with more, one of "
                + $"shape {shape} among them; the model file is damaged");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => s_current = _outer;
}
