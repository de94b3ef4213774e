namespace Thalweg.Layers;

/// <content>Sequences with lengths, inputs and outputs by name, and states that are carried from step to step.</content>
public abstract partial class Module
{
    /// <summary>Computes the output for a batch of padded sequences. Layers that mix time steps look at the lengths; the others, as this
    /// method does, compute each step by itself, so that what stands past the end of a sequence is of no account.</summary>
    /// <param name="x">Input, <c>[batch, time, ...]</c>.</param>
    /// <param name="lengths">Length of each sequence, <c>[batch]</c>; null where all are full.</param>
    public Tensor Forward(Tensor x, int[]? lengths)
    {
        if (!Recording.IsActive)
            return ForwardCore(x, lengths);

        using ModuleScope scope = EnterScope();
        return ForwardCore(x, lengths);
    }

    /// <summary>Computes the output for a batch of padded sequences, as <see cref="Forward(Tensor, int[])"/> does; call that one.</summary>
    /// <param name="x">Input, <c>[batch, time, ...]</c>.</param>
    /// <param name="lengths">Length of each sequence, <c>[batch]</c>; null where all are full.</param>
    protected virtual Tensor ForwardCore(Tensor x, int[]? lengths) => ForwardCore(x);

    /// <summary>Computes the outputs for a batch with inputs by name. A module with several of them derives from <see
    /// cref="TensorDictionaryModule"/>; any other one takes the only input, with its lengths, and gives the output <c>output</c>.</summary>
    /// <param name="inputs">Inputs by name.</param>
    /// <returns>Outputs by name.</returns>
    /// <exception cref="ThalwegException">There are several inputs, and the module takes one.</exception>
    public TensorDictionary Forward(TensorDictionary inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (!Recording.IsActive)
            return ForwardCore(inputs);

        using ModuleScope scope = EnterScope();
        return ForwardCore(inputs);
    }

    /// <summary>Computes the outputs for a batch with inputs by name, as <see cref="Forward(TensorDictionary)"/> does;
    /// call that one.</summary>
    /// <param name="inputs">Inputs by name.</param>
    /// <returns>Outputs by name.</returns>
    protected virtual TensorDictionary ForwardCore(TensorDictionary inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new TensorDictionary(
            ("output", inputs.Lengths is null ? ForwardCore(inputs.Single) : ForwardCore(inputs.Single, inputs.Lengths)));
    }

    /// <summary>Sets what the module carries from one forward pass to the next back to its start, as at the beginning of an
    /// epoch; see <see cref="RecurrentOptions.StatefulBatch"/>.</summary>
    public void ResetState()
    {
        OnResetState();
        for (int i = 0; i < _modules.Count; i++)
            _modules[i].Module.ResetState();
    }

    /// <summary>Whether this module or a part carries a state from one training step to the next.</summary>
    public bool IsStateful => CarriesState || _modules.Exists(m => m.Module.IsStateful);

    /// <summary>Whether this module itself, apart from its parts, carries a state from one training step to the
    /// next; default false.</summary>
    protected virtual bool CarriesState => false;

    /// <summary>Sets the module's own state back to its start.</summary>
    protected virtual void OnResetState()
    {
    }
}
