namespace Thalweg;

/// <summary>Derivatives of recorded computations: reverse mode, of any order.</summary>
public static class Gradients
{
    /// <summary>Derivatives of a scalar with respect to the given tensors.</summary>
    /// <param name="y">Scalar result, shape <c>[]</c> or one element.</param>
    /// <param name="xs">Tensors that <see cref="Tensor.RequiresGrad"/>.</param>
    /// <returns>One tensor of the shape of each x; zeros where y does not depend on it.</returns>
    /// <exception cref="ThalwegException">y has more than one element; sum it or give its cotangent.</exception>
    public static Tensor[] Of(Tensor y, params ReadOnlySpan<Tensor> xs) => Of(y, Seed(y), xs, createGraph: false);

    /// <summary>Vector-Jacobian product: derivatives of sum(y * cotangent) with respect to the given tensors.</summary>
    /// <param name="y">Result of any shape.</param>
    /// <param name="cotangent">Weights of the shape of y.</param>
    /// <param name="xs">Tensors that <see cref="Tensor.RequiresGrad"/>.</param>
    /// <param name="createGraph">Whether the derivatives are recorded, so that they can be differentiated again.</param>
    public static Tensor[] Of(Tensor y, Tensor cotangent, ReadOnlySpan<Tensor> xs, bool createGraph)
    {
        Tensor[] result = new Tensor[xs.Length];
        Write(y, cotangent, xs, createGraph, result);
        return result;
    }

    /// <summary>Derivatives of a scalar, written to memory of the caller.</summary>
    /// <param name="y">Scalar result.</param>
    /// <param name="xs">Tensors that <see cref="Tensor.RequiresGrad"/>.</param>
    /// <param name="result">Takes one tensor of the shape of each x.</param>
    internal static void Write(Tensor y, ReadOnlySpan<Tensor> xs, Span<Tensor> result) => Write(y, Seed(y), xs, false, result);

    private static void Write(Tensor y, Tensor cotangent, ReadOnlySpan<Tensor> xs, bool createGraph, Span<Tensor> result)
    {
        y.RefuseIfOutOfReach();
        if (cotangent.Shape != y.Shape)
        {
            Throw.WrongShape("gradients", $"a cotangent of shape {y.Shape}", cotangent.Shape);
        }

        foreach (Tensor x in xs)
        {
            if (!x.RequiresGrad)
            {
                throw new ThalwegException($"[gradients] expected tensors that require grad, got one of shape {x.Shape} from {x.OpName}; " +
                    "set RequiresGrad before using it");
            }
        }

        BackwardPass pass = BackwardPass.Rent();
        try
        {
            pass.Differentiate(y, cotangent, xs, createGraph, result);
        }
        finally
        {
            pass.Return();
        }
    }

    /// <summary>Derivatives of a scalar that can be differentiated again.</summary>
    /// <param name="y">Scalar result.</param>
    /// <param name="xs">Tensors that <see cref="Tensor.RequiresGrad"/>.</param>
    public static Tensor[] OfWithGraph(Tensor y, params ReadOnlySpan<Tensor> xs) => Of(y, Seed(y), xs, createGraph: true);

    /// <summary>Puts the derivatives of a scalar into <see cref="Tensor.Gradient"/> of every leaf that it depends on.</summary>
    /// <param name="y">Scalar result.</param>
    /// <param name="accumulate">Whether to add to the gradients that are there; otherwise they are overwritten, so none need be
    /// cleared.</param>
    /// <exception cref="ThalwegException">y has more than one element, or depends on nothing that requires grad.</exception>
    public static void Backward(this Tensor y, bool accumulate = false) => y.BackwardInto(accumulate, null);

    /// <summary>Puts the derivatives of a scalar into buffers that are not those of the leaves.</summary>
    /// <param name="y">Scalar result.</param>
    /// <param name="accumulate">Whether to add to what is there; otherwise it is overwritten.</param>
    /// <param name="targets">The buffers; leaves without one take their own.</param>
    internal static void BackwardInto(this Tensor y, bool accumulate, LeafGradients? targets)
    {
        y.RefuseIfOutOfReach();
        if (!y.RequiresGrad)
        {
            throw new ThalwegException("[backward] expected a result that depends on a tensor that requires grad, got one from " +
                $"{y.OpName}; set RequiresGrad on the parameters");
        }

        BackwardPass pass = BackwardPass.Rent();
        try
        {
            pass.IntoLeaves(y, Seed(y), accumulate, targets);
        }
        finally
        {
            pass.Return();
        }
    }

    /// <summary>Hessian-vector product: d/dx (gradient . vector), without forming the Hessian.</summary>
    /// <param name="y">Scalar result.</param>
    /// <param name="xs">Tensors that <see cref="Tensor.RequiresGrad"/>.</param>
    /// <param name="vectors">One tensor of the shape of each x.</param>
    /// <returns>H v, in chunks of the shape of each x.</returns>
    /// <exception cref="ThalwegException">The vectors do not fit the tensors, or y is no scalar.</exception>
    /// <remarks>Source: Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6(1), 1994, by reverse over
    /// reverse.</remarks>
    public static Tensor[] HessianVector(Tensor y, ReadOnlySpan<Tensor> xs, ReadOnlySpan<Tensor> vectors)
    {
        CheckVectors("hessian vector", xs, vectors);
        return Of(Directional(OfWithGraph(y, xs), vectors), xs);
    }

    /// <summary>Vector-Jacobian product: derivatives of sum(y * vector), the Jacobian's transpose times a vector.</summary>
    /// <param name="y">Result of any shape.</param>
    /// <param name="xs">Tensors that <see cref="Tensor.RequiresGrad"/>.</param>
    /// <param name="vector">Weights of the shape of y.</param>
    /// <returns>J' u, in chunks of the shape of each x.</returns>
    public static Tensor[] VectorJacobian(Tensor y, ReadOnlySpan<Tensor> xs, Tensor vector) => Of(y, vector, xs, createGraph: false);

    /// <summary>Jacobian-vector product: how y changes where the given tensors move along the vectors.</summary>
    /// <param name="y">Result of any shape.</param>
    /// <param name="xs">Tensors that <see cref="Tensor.RequiresGrad"/>.</param>
    /// <param name="vectors">One tensor of the shape of each x.</param>
    /// <returns>J v, of the shape of y.</returns>
    /// <exception cref="ThalwegException">The vectors do not fit the tensors.</exception>
    /// <remarks>J'u is linear in u, so its derivative by u along v is J v: two reverse passes in place of a forward one.</remarks>
    public static Tensor JacobianVector(Tensor y, ReadOnlySpan<Tensor> xs, ReadOnlySpan<Tensor> vectors)
    {
        CheckVectors("jacobian vector", xs, vectors);
        Tensor u = Tensor.Zeros(y.Shape, y.DType);
        u.RequiresGrad = true;
        return Of(Directional(Of(y, u, xs, createGraph: true), vectors), [u])[0];
    }

    /// <summary>Gauss-Newton-vector product J' H J v, with J the Jacobian of a network's outputs and H the Hessian of the loss by the
    /// outputs.</summary>
    /// <param name="loss">Scalar computed from the outputs.</param>
    /// <param name="outputs">Outputs of the network, from which the loss was computed.</param>
    /// <param name="xs">The parameters: tensors that <see cref="Tensor.RequiresGrad"/>.</param>
    /// <param name="vectors">One tensor of the shape of each x.</param>
    /// <returns>G v, in chunks of the shape of each x; G is positive semidefinite where the loss is convex in the outputs.</returns>
    /// <exception cref="ThalwegException">The vectors do not fit the tensors, or the loss is no scalar.</exception>
    /// <remarks>Source: Schraudolph, "Fast curvature matrix-vector products for second-order gradient descent", Neural Computation 14(7),
    /// 2002, section 3.</remarks>
    public static Tensor[] GaussNewtonVector(Tensor loss, Tensor outputs, ReadOnlySpan<Tensor> xs, ReadOnlySpan<Tensor> vectors) =>
        Of(outputs, HessianVector(loss, [outputs], [JacobianVector(outputs, xs, vectors)])[0], xs, createGraph: false);

    private static void CheckVectors(string operation, ReadOnlySpan<Tensor> xs, ReadOnlySpan<Tensor> vectors)
    {
        if (vectors.Length != xs.Length)
        {
            throw new ThalwegException($"[{operation}] expected one vector for each of {xs.Length} tensors, got {vectors.Length}");
        }

        for (int i = 0; i < xs.Length; i++)
        {
            if (vectors[i].Shape != xs[i].Shape)
            {
                Throw.WrongShape(operation, $"a vector of shape {xs[i].Shape} for tensor {i}", vectors[i].Shape);
            }
        }
    }

    /// <summary>sum over i of gradient i . vector i.</summary>
    private static Tensor Directional(Tensor[] gradients, ReadOnlySpan<Tensor> vectors)
    {
        Tensor total = gradients[0].Multiply(vectors[0]).Sum();
        for (int i = 1; i < gradients.Length; i++)
        {
            total = total.Add(gradients[i].Multiply(vectors[i]).Sum());
        }

        return total;
    }

    private static Tensor Seed(Tensor y)
    {
        y.RefuseIfOutOfReach();
        if (y.Length != 1)
        {
            Throw.WrongShape("gradients", "a scalar to differentiate (sum it, or give its cotangent)", y.Shape);
        }

        return Tensor.Ones(y.Shape, y.DType);
    }
}
