using System.Text.Json;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

/// <summary>What PyTorch calls the things of this library: the reference files keep its names. Uses the public interface alone.</summary>
internal static class TorchNames
{
    /// <summary>The optimizer of a name and options; the rate is that of the options unless a schedule is given.</summary>
    public static NamedOptimizer Optimizer(string name, JsonElement options, Schedule? rate = null)
    {
        NamedOptimizer optimizer = Build(name, options);
        return optimizer with
        {
            LearningRate = rate is null ? options.Number("lr", optimizer.LearningRate.At(0)) : rate,
            Decay = options.Number("weight_decay", name == "AdamW" ? 0.01 : 0),
            DecayScope = DecayScope.Everything,
            Maximize = options.Flag("maximize"),
        };
    }

    /// <summary>The rule of a clipping function and its options.</summary>
    public static Rule Clipping(string name, JsonElement options) => name switch
    {
        "clip_grad_value" => new ClipByValue(options.GetProperty("clip_value").GetDouble()),
        "clip_grad_norm" => new ClipByGlobalNorm(options.GetProperty("max_norm").GetDouble())
        {
            Order = options.Number("norm_type", 2),
            Denominator = ClipDenominator.NormPlusOffset,
        },
        _ => throw new InvalidOperationException($"the clipping function '{name}' has no counterpart here"),
    };

    private static NamedOptimizer Build(string name, JsonElement options)
    {
        (double b1, double b2) = options.Pair("betas", (0.9, 0.999));
        double epsilon = options.Number("eps", 1e-8), momentum = options.Number("momentum", 0);
        AmsGradForm amsGrad = options.Flag("amsgrad") ? AmsGradForm.RawMaximum : AmsGradForm.None;
        return name switch
        {
            "SGD" when options.Flag("nesterov") => new Nesterov { Mu = momentum },
            "SGD" when momentum > 0 => new Momentum { Mu = momentum, Dampening = options.Number("dampening", 0) },
            "SGD" => new Sgd(0.001),
            "Adagrad" => new AdaGrad
            {
                RateDecay = options.Number("lr_decay", 0),
                Start = options.Number("initial_accumulator_value", 0),
                Epsilon = options.Number("eps", 1e-10),
            },
            "Adadelta" => new AdaDelta { Rho = options.Number("rho", 0.9), Epsilon = options.Number("eps", 1e-6) },
            "RMSprop" => new RmsProp
            {
                Alpha = options.Number("alpha", 0.99),
                Epsilon = epsilon,
                Mu = momentum,
                Centered = options.Flag("centered"),
            },
            "Adam" => new Adam { B1 = b1, B2 = b2, Epsilon = epsilon, AmsGrad = amsGrad },
            "AdamW" => new AdamW { B1 = b1, B2 = b2, Epsilon = epsilon, AmsGrad = amsGrad },
            "NAdam" => new NAdam { B1 = b1, B2 = b2, Epsilon = epsilon, MomentumDecay = options.Number("momentum_decay", 0.004) },
            "RAdam" => new RAdam { B1 = b1, B2 = b2, Epsilon = epsilon },
            "Adamax" => new AdaMax { B1 = b1, B2 = b2, Epsilon = epsilon },
            "Rprop" => Rprop(options),
            "ASGD" => new Asgd
            {
                Lambda = options.Number("lambd", 1e-4),
                Alpha = options.Number("alpha", 0.75),
                AverageStart = (int)options.Number("t0", 1e6),
            },
            _ => throw new InvalidOperationException($"the optimizer '{name}' has no counterpart here"),
        };
    }

    private static Rprop Rprop(JsonElement options)
    {
        (double shrink, double grow) = options.Pair("etas", (0.5, 1.2));
        (double minimum, double maximum) = options.Pair("step_sizes", (1e-6, 50));
        return new() { Shrink = shrink, Grow = grow, Minimum = minimum, Maximum = maximum };
    }
}
