namespace Thalweg.Training;

/// <summary>Gradient of the mean loss of a step whose samples are taken in micro-batches, for a penalty on its squared length.</summary>
internal sealed class StepGradient
{
    private readonly ParameterVector _parameters;
    private readonly double _factor;
    private readonly Tensor _sum, _product, _second;

    /// <param name="parameters">The network's parameters.</param>
    /// <param name="factor">Factor lambda of lambda |G|^2.</param>
    public StepGradient(ParameterVector parameters, double factor)
    {
        (_parameters, _factor) = (parameters, factor);
        Tensor values = parameters.Values;
        _sum = Tensor.Zeros(values.Shape, values.DType);
        _product = Tensor.Zeros(values.Shape, values.DType);
        _second = Tensor.Zeros(values.Shape, values.DType);
        Parts = parameters.Windows(_sum);
    }

    /// <summary>The gradient, <c>[n]</c>.</summary>
    public Tensor Sum => _sum;

    /// <summary>The gradient, as one tensor for each parameter.</summary>
    public Tensor[] Parts { get; }

    /// <summary>Starts a sum.</summary>
    public void Clear() => _sum.Assign(Tensor.Zeros(_sum.Shape, _sum.DType));

    /// <summary>Adds the gradient of a micro-batch's part of the mean loss.</summary>
    public void Add(Tensor loss)
    {
        Tensor[] gradients = Gradients.Of(loss, _parameters.Leaves);
        for (int i = 0; i < gradients.Length; i++)
        {
            Parts[i].Assign(Parts[i].Add(gradients[i]));
        }
    }

    /// <summary>Adds what the fixed gradient in the micro-batches' terms leaves out of the second derivative: 2 lambda H H v.</summary>
    /// <param name="scale">What the Hessian is multiplied by beside that of the mean loss.</param>
    /// <param name="vector">The vector v.</param>
    /// <param name="product">Is added to.</param>
    /// <param name="multiply">Writes the Hessian of the loss times the first vector to the second.</param>
    public void AddCurvature(double scale, Tensor vector, Tensor product, Action<Tensor, Tensor> multiply)
    {
        multiply(vector, _product);
        multiply(_product, _second);
        product.Assign(product.Add(_second.Multiply(2 * _factor / scale)));
    }
}
