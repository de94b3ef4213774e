namespace Thalweg.Training;

/// <summary>Gradient of the mean loss of a step whose samples are taken in pieces, for a penalty on its squared length.</summary>
/// <param name="parameters">The network's parameters.</param>
/// <param name="factor">Factor lambda of lambda |G|^2.</param>
internal sealed class StepGradient(ParameterVector parameters, double factor)
{
    private readonly Tensor _sum = Tensor.Zeros(parameters.Values.Shape, parameters.Values.DType);
    private readonly Tensor _product = Tensor.Zeros(parameters.Values.Shape, parameters.Values.DType);
    private readonly Tensor _second = Tensor.Zeros(parameters.Values.Shape, parameters.Values.DType);
    private Tensor[]? _parts;

    /// <summary>The gradient, as one tensor for each parameter.</summary>
    public Tensor[] Parts => _parts ??= parameters.Windows(_sum);

    /// <summary>Starts a sum.</summary>
    public void Clear() => _sum.Assign(Tensor.Zeros(_sum.Shape, _sum.DType));

    /// <summary>Adds the gradient of a piece's part of the mean loss.</summary>
    public void Add(Tensor loss)
    {
        Tensor[] gradients = Gradients.Of(loss, parameters.Leaves);
        for (int i = 0; i < gradients.Length; i++)
        {
            Parts[i].Assign(Parts[i].Add(gradients[i]));
        }
    }

    /// <summary>Adds what the fixed gradient in the pieces' terms leaves out of the second derivative: 2 lambda H H v.</summary>
    /// <param name="scale">What the Hessian is multiplied by beside that of the mean loss.</param>
    /// <param name="vector">The vector v.</param>
    /// <param name="product">Is added to.</param>
    /// <param name="multiply">Writes the Hessian of the loss times the first vector to the second.</param>
    public void AddCurvature(double scale, Tensor vector, Tensor product, Action<Tensor, Tensor> multiply)
    {
        multiply(vector, _product);
        multiply(_product, _second);
        product.Assign(product.Add(_second.Multiply(2 * factor / scale)));
    }
}
