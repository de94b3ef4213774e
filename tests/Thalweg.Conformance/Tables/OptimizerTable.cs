using Thalweg.Conformance.Golden;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Conformance.Tables;

/// <summary>Makes the chain of a case from its options and its learning rate, which may be a schedule.</summary>
internal delegate Chain OptimizerMaker(Options options, Hyperparameter rate);

/// <summary>Optimizers by the names of the reference.</summary>
internal static class OptimizerTable
{
    private static readonly Dictionary<string, OptimizerMaker> s_all = new()
    {
        ["SGD"] = Sgd,
        ["Adam"] = (o, rate) => Shared(WithAdam(new Adam(rate), o), o),
        ["AdamW"] = (o, rate) => Shared(WithAdam(new AdamW(rate), o), o, 0.01),
    };

    /// <summary>The chain of an optimizer; every option must have been used.</summary>
    public static Chain Make(string name, Options options, Hyperparameter rate)
    {
        Chain chain = s_all.TryGetValue(name, out OptimizerMaker? make) ? make(options, rate) : throw new UnsupportedException($"optimizer {name}");
        options.RefuseUnread();
        return chain;
    }

    /// <summary>The constant learning rate of a case.</summary>
    public static double Rate(string name, Options options) => options.Number("lr", name switch
    {
        "Adam" or "AdamW" or "RAdam" => 1e-3,
        "NAdam" or "Adamax" => 2e-3,
        "Adadelta" or "LBFGS" => 1,
        _ => 1e-2,
    });

    private static Chain Sgd(Options o, Hyperparameter rate)
    {
        double momentum = o.Number("momentum", 0), dampening = o.Number("dampening", 0);
        if (o.Flag("nesterov"))
        {
            return dampening == 0 ? Shared(new Nesterov(rate) { Mu = momentum }, o) : throw new UnsupportedException("nesterov with dampening");
        }

        return momentum == 0 ? Shared(new Sgd(rate), o) : Shared(new Momentum(rate) { Mu = momentum, Dampening = dampening }, o);
    }

    private static AdamFamily WithAdam(AdamFamily adam, Options o)
    {
        double[] betas = o.Numbers("betas", 0.9, 0.999);
        return adam with
        {
            B1 = betas[0],
            B2 = betas[1],
            Epsilon = o.Number("eps", 1e-8),
            AmsGrad = o.Flag("amsgrad") ? AmsGradForm.RawMaximum : AmsGradForm.None,
        };
    }

    /// <summary>What all optimizers have: decay and direction.</summary>
    private static Chain Shared(NamedOptimizer optimizer, Options o, double decay = 0) =>
        (optimizer with { Decay = o.Number("weight_decay", decay), DecayScope = DecayScope.Everything, Maximize = o.Flag("maximize") }).Chain;
}
