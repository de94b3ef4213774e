namespace Thalweg.Layers;

/// <summary>Base of networks with several inputs or several outputs, by name.</summary>
/// <remarks>To write one, derive from this class, add the parts in the constructor, and compute in <see
/// cref="ForwardCore(TensorDictionary)"/> with <c>inputs["name"]</c>; the result names the outputs, which are those of the <see
/// cref="Data.CompositeTask"/> where there are several.</remarks>
public abstract class TensorDictionaryModule : Module
{
    /// <inheritdoc/>
    protected abstract override TensorDictionary ForwardCore(TensorDictionary inputs);

    /// <summary>Not for a network whose inputs have names.</summary>
    /// <param name="x">One tensor.</param>
    /// <exception cref="ThalwegException">Always: call it with names.</exception>
    protected sealed override Tensor ForwardCore(Tensor x) => throw new ThalwegException(
        $"[{GetType().Name}] expected inputs by name, got one tensor; call Forward(new TensorDictionary((\"name\", tensor)))");
}
