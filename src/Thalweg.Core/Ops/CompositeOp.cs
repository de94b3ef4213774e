namespace Thalweg;

/// <summary>An operation with kernels of its own whose any-order derivative comes from an equal composition of other operations.</summary>
internal abstract class CompositeOp : FloatOp
{
    /// <summary>The same result out of differentiable operations.</summary>
    protected abstract Tensor Compose(in OpCall call);

    protected internal sealed override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        List<int> wanted = [];
        Tensor[] inputs = new Tensor[call.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (gx.Wants(i))
                wanted.Add(i);
        }

        Tensor composed = Record(call, inputs);
        Tensor[] gradients = Gradients.Of(composed, gy, wanted.Select(i => inputs[i]).ToArray(), createGraph: gx.CreateGraph);
        for (int k = 0; k < wanted.Count; k++)
            gx.Add(wanted[k], gradients[k]);
    }

    private Tensor Record(in OpCall call, Tensor[] inputs)
    {
        using RecordingSwitch recording = RecordingPause.Switch(isOn: false);
        for (int i = 0; i < inputs.Length; i++)
        {
            // Views of their own: derivatives stop there, even where two inputs are one tensor or one was computed from the other.
            inputs[i] = call[i].RequiresGrad ? call[i].Reshape(call[i].Shape) : call[i];
        }

        return Compose(new OpCall(call.Arguments, inputs));
    }
}
