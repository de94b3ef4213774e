using System.Diagnostics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Thalweg.Peers;

/// <summary>Something that is timed.</summary>
internal interface IWork
{
    double SecondsPerStep(int steps);
}

/// <summary>Training steps of a case in one memory format, with one implementation of its optimizer.</summary>
internal sealed class Training : IWork, IDisposable
{
    private const int Batches = 64, Seed = 1;

    private readonly Case _case;
    private readonly Module<Tensor, Tensor> _network;
    private readonly IUpdate _update;
    private readonly (Tensor Input, Tensor Target)[] _batches;
    private int _position;

    private Training(Case chosen, bool byHand, bool channelsLast)
    {
        random.manual_seed(Seed);
        (_case, _network) = (chosen, chosen.Network());
        _network.train();
        if (channelsLast)
            Layout.MakeChannelsLast(_network);
        _batches = [.. Enumerable.Range(0, Batches).Select(_ => (Laid(chosen.Input(chosen.Batch)), chosen.Target()))];
        _update = byHand ? new UpdateByHand(_network, chosen) : new StockUpdate(_network, chosen);

        Tensor Laid(Tensor x) => channelsLast ? Layout.ChannelsLast(x) : x;
    }

    public long ParameterCount => _network.parameters().Sum(parameter => parameter.numel());

    /// <summary>Mean loss over all batches before the first step.</summary>
    public double FirstLoss
    {
        get
        {
            using IDisposable silence = no_grad();
            using DisposeScope scope = NewDisposeScope();
            return _batches.Average(batch => Loss(batch).item<float>());
        }
    }

    /// <summary>All ways to run a case.</summary>
    public static IEnumerable<(string Name, Training Work)> Ways(Case chosen)
    {
        using Tensor sample = chosen.Input(1);
        foreach (bool channelsLast in sample.dim() == 4 ? new[] { false, true } : [false])
        {
            foreach (bool byHand in new[] { false, true })
                yield return ($"{(byHand ? "by-hand" : "stock")}{(channelsLast ? "+channels-last" : "")}", new(chosen, byHand, channelsLast));
        }
    }

    public double SecondsPerStep(int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++, _position++)
        {
            using DisposeScope scope = NewDisposeScope();
            _update.Forget();
            Loss(_batches[_position % Batches]).backward();
            _update.Step();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
    }

    public void Dispose()
    {
        _network.Dispose();
        foreach ((Tensor input, Tensor target) in _batches)
        {
            input.Dispose();
            target.Dispose();
        }
    }

    private Tensor Loss((Tensor Input, Tensor Target) batch)
    {
        Tensor prediction = _network.call(batch.Input);
        return _case.IsRegression ? functional.mse_loss(prediction, batch.Target) : functional.cross_entropy(prediction, batch.Target);
    }
}

/// <summary>The forward pass alone, over inputs that lie in memory as tensors.</summary>
internal sealed class Inference : IWork
{
    private const int Inputs = 16, Rounds = 3;

    private readonly Case _case;
    private readonly Module<Tensor, Tensor>[] _networks;
    private readonly Tensor[][] _inputs;
    private int _chosen, _position;

    public Inference(Case chosen)
    {
        _case = chosen;
        using Tensor sample = chosen.Input(1);
        _networks = sample.dim() == 4 ? [chosen.Network(), chosen.Network()] : [chosen.Network()];
        _inputs = new Tensor[_networks.Length][];
        foreach (Module<Tensor, Tensor> network in _networks)
            network.eval();
        if (_networks.Length > 1)
            Layout.MakeChannelsLast(_networks[1]);
    }

    /// <summary>Makes inputs of so many samples, and keeps the faster memory format of images.</summary>
    public string Load(int batch)
    {
        double[] best = new double[_networks.Length];
        for (_chosen = 0; _chosen < _networks.Length; _chosen++)
        {
            _inputs[_chosen] = [.. Enumerable.Range(0, Inputs).Select(_ => Laid(_case.Input(batch)))];
            int steps = Math.Clamp((int)(0.1 / SecondsPerStep(3)), 3, 2000);
            best[_chosen] = Enumerable.Range(0, Rounds).Min(_ => SecondsPerStep(steps));
        }

        _chosen = Array.IndexOf(best, best.Min());
        return $"batch={batch} format={(_chosen == 1 ? "channels-last" : "contiguous")}";

        Tensor Laid(Tensor x) => _chosen == 1 ? Layout.ChannelsLast(x) : x;
    }

    public double SecondsPerStep(int steps)
    {
        if (_inputs[_chosen] is null)
            Load(1);
        using IDisposable mode = inference_mode(true);
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++, _position++)
        {
            using DisposeScope scope = NewDisposeScope();
            Network.call(_inputs[_chosen][_position % Inputs]);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
    }

    private Module<Tensor, Tensor> Network => _networks[_chosen];
}

/// <summary>Channels-last memory, which the convolutions of libtorch take from the strides of input and weight.</summary>
internal static class Layout
{
    public static Tensor ChannelsLast(Tensor x)
    {
        using Tensor last = x.permute(0, 2, 3, 1);
        // A copy always: what is contiguous already would stay a view of the weight, which no update may then write to.
        using Tensor laid = last.contiguous().clone();
        return laid.permute(0, 3, 1, 2);
    }

    public static void MakeChannelsLast(nn.Module network)
    {
        using IDisposable silence = no_grad();
        foreach (Conv2d convolution in network.modules().OfType<Conv2d>())
            convolution.weight = Parameter(ChannelsLast(convolution.weight!));
    }
}
