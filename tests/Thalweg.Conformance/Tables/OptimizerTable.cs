using Thalweg.Conformance.Golden;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Conformance.Tables;

/// <summary>Optimizers by the names of the reference.</summary>
internal static class OptimizerTable
{
    private static readonly Dictionary<string, Func<Options, NamedOptimizer>> s_all = new()
    {
        ["SGD"] = Sgd,
        ["Adam"] = o => WithAdam(new Adam(), o),
        ["AdamW"] = o => WithAdam(new AdamW(), o),
        ["Adagrad"] = o => new AdaGrad
        {
            RateDecay = o.Number("lr_decay", 0),
            Start = o.Number("initial_accumulator_value", 0),
            Epsilon = o.Number("eps", 1e-10),
        },
        ["Adadelta"] = o => new AdaDelta { Rho = o.Number("rho", 0.9), Epsilon = o.Number("eps", 1e-6) },
        ["RMSprop"] = o => new RmsProp
        {
            Alpha = o.Number("alpha", 0.99),
            Epsilon = o.Number("eps", 1e-8),
            Mu = o.Number("momentum", 0),
            Centered = o.Flag("centered"),
        },
        ["NAdam"] = o => new NAdam
        {
            B1 = B1(o),
            B2 = B2(o),
            Epsilon = o.Number("eps", 1e-8),
            MomentumDecay = o.Number("momentum_decay", 0.004),
        },
        ["RAdam"] = o => new RAdam { B1 = B1(o), B2 = B2(o), Epsilon = o.Number("eps", 1e-8) },
        ["Adamax"] = o => new AdaMax { B1 = B1(o), B2 = B2(o), Epsilon = o.Number("eps", 1e-8) },
        ["Rprop"] = Rprop,
        ["ASGD"] = o =>
            new Asgd { Lambda = o.Number("lambd", 1e-4), Alpha = o.Number("alpha", 0.75), AverageStart = (int)o.Number("t0", 1e6) },
    };

    /// <summary>The chain of an optimizer at a learning rate and a momentum (Adam's first decay), which may be schedules; every option must
    /// have been used.</summary>
    public static Chain Make(string name, Options options, Hyperparameter rate, Schedule? momentum = null)
    {
        Func<Options, NamedOptimizer> make = s_all.TryGetValue(name, out Func<Options, NamedOptimizer>? known)
            ? known
            : throw new UnsupportedException($"optimizer {name}");
        NamedOptimizer optimizer = WithMomentum(make(options), momentum) with
        {
            // The reference reads the rate of Rprop once, before the first step.
            LearningRate = name == "Rprop" ? rate.At(0) : rate,
            Decay = options.Number("weight_decay", name == "AdamW" ? 0.01 : 0),
            DecayScope = DecayScope.Everything,
            Maximize = options.Flag("maximize"),
        };
        options.RefuseUnread();
        return optimizer.Chain;
    }

    /// <summary>The constant learning rate of a case.</summary>
    public static double Rate(string name, Options options) => options.Number("lr", name switch
    {
        "Adam" or "AdamW" or "RAdam" => 1e-3,
        "NAdam" or "Adamax" => 2e-3,
        "Adadelta" or "LBFGS" => 1,
        _ => 1e-2,
    });

    private static NamedOptimizer WithMomentum(NamedOptimizer optimizer, Schedule? momentum) => (momentum, optimizer) switch
    {
        (null, _) => optimizer,
        (_, Thalweg.Optimizers.Sgd) => new Momentum { Mu = momentum },
        (_, Momentum it) => it with { Mu = momentum },
        (_, Nesterov it) => it with { Mu = momentum },
        (_, RmsProp it) => it with { Mu = momentum },
        (_, AdamFamily it) => it with { B1 = momentum },
        (_, NAdam it) => it with { B1 = momentum },
        (_, RAdam it) => it with { B1 = momentum },
        (_, AdaMax it) => it with { B1 = momentum },
        _ => throw new UnsupportedException("a momentum that cycles"),
    };

    private static NamedOptimizer Sgd(Options o)
    {
        double momentum = o.Number("momentum", 0), dampening = o.Number("dampening", 0);
        if (o.Flag("nesterov"))
            return dampening == 0 ? new Nesterov { Mu = momentum } : throw new UnsupportedException("nesterov with dampening");

        return momentum == 0 ? new Sgd() : new Momentum { Mu = momentum, Dampening = dampening };
    }

    private static AdamFamily WithAdam(AdamFamily adam, Options o) => adam with
    {
        B1 = B1(o),
        B2 = B2(o),
        Epsilon = o.Number("eps", 1e-8),
        AmsGrad = o.Flag("amsgrad") ? AmsGradVariant.RawMaximum : AmsGradVariant.None,
    };

    private static Rprop Rprop(Options o)
    {
        double[] factors = o.Numbers("etas", 0.5, 1.2), sizes = o.Numbers("step_sizes", 1e-6, 50);
        return new() { Shrink = factors[0], Grow = factors[1], Minimum = sizes[0], Maximum = sizes[1] };
    }

    private static double B1(Options o) => o.Numbers("betas", 0.9, 0.999)[0];

    private static double B2(Options o) => o.Numbers("betas", 0.9, 0.999)[1];
}
