using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Thalweg.Peers;

/// <summary>Changes the weights after a backward pass.</summary>
internal interface IUpdate
{
    /// <summary>Sets the gradients to none.</summary>
    void Forget();

    void Step();
}

/// <summary>TorchSharp's own optimizers.</summary>
internal sealed class StockUpdate(nn.Module network, Case chosen) : IUpdate
{
    private readonly optim.Optimizer _optimizer = chosen.Optimizer == Optimizer.Adam
        ? optim.Adam(network.parameters(), chosen.Rate)
        : optim.SGD(network.parameters(), chosen.Rate);

    public void Forget() => _optimizer.zero_grad();

    public void Step() => _optimizer.step();
}

/// <summary>The same mathematics in as few in-place operations as there can be, without the look-ups of the stock optimizers.</summary>
internal sealed class UpdateByHand : IUpdate
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly Case _case;
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _first, _second;
    private readonly Scalar _beta1 = Beta1, _beta2 = Beta2, _rest1 = 1 - Beta1, _rest2 = 1 - Beta2, _rate;
    private long _steps;

    public UpdateByHand(nn.Module network, Case chosen)
    {
        (_case, _parameters, _rate) = (chosen, [.. network.parameters()], -chosen.Rate);
        bool isAdam = chosen.Optimizer == Optimizer.Adam;
        _first = isAdam ? [.. _parameters.Select(parameter => parameter.detach().clone().zero_())] : [];
        _second = isAdam ? [.. _parameters.Select(parameter => parameter.detach().clone().zero_())] : [];
    }

    public void Forget()
    {
        foreach (Parameter parameter in _parameters)
            parameter.grad = null;
    }

    public void Step()
    {
        using IDisposable silence = no_grad();
        if (_case.Optimizer == Optimizer.Adam)
        {
            StepOfAdam();
        }
        else
        {
            foreach (Parameter parameter in _parameters)
                parameter.add_(parameter.grad!, _rate);
        }
    }

    private void StepOfAdam()
    {
        _steps++;
        double correction1 = 1 - Math.Pow(Beta1, _steps), correction2 = Math.Sqrt(1 - Math.Pow(Beta2, _steps));
        using Scalar epsilon = Epsilon * correction2, rate = -_case.Rate * correction2 / correction1;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Tensor gradient = _parameters[i].grad!;
            _first[i].mul_(_beta1).add_(gradient, _rest1);
            _second[i].mul_(_beta2).addcmul_(gradient, gradient, _rest2);
            _parameters[i].addcdiv_(_first[i], _second[i].sqrt().add_(epsilon), rate);
        }
    }
}
