namespace Thalweg;

/// <summary>An operation with kernels of its own whose any-order derivative comes from an equal composition of other operations.</summary>
internal abstract class CompositeOp : FloatOp
{
    /// <summary>The same result out of differentiable operations.</summary>
    protected abstract Tensor Compose(in OpCall call);

    protected internal sealed override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        List<int> wanted = [];
        for (int i = 0; i < call.Count; i++)
        {
            if (gx.Wants(i))
            {
                wanted.Add(i);
            }
        }

        OpCall inputs = call;
        int before = Op.Exchange(0);
        Tensor composed = Compose(inputs);
        Op.Exchange(before);
        Tensor[] gradients = Gradients.Of(composed, gy, wanted.Select(i => inputs[i]).ToArray(), createGraph: gx.CreateGraph);
        for (int k = 0; k < wanted.Count; k++)
        {
            gx.Add(wanted[k], gradients[k]);
        }
    }
}
