using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

/// <summary>One coordinate's next weight from its weight w, its gradient g and the step t from 1, as the paper prints it,
/// in plain doubles.</summary>
public delegate double Literal(double w, double g, int t);

/// <summary>A row of the contract suite: an optimizer, and what it should do, written a second time.</summary>
public sealed record RuleCase(string Name, Chain Chain, Func<Literal> MakeLiteral)
{
    public override string ToString() => Name;
}

/// <summary>The table: a new rule is one more row.</summary>
public static class RuleCases
{
    private const double Rate = 0.01, Mu = 0.9, Lambda = 0.05, B1 = 0.9, B2 = 0.999;

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        new("sgd", new Sgd(Rate), () => (w, g, t) => w - Rate * g),
        new("sgd, L2", new Sgd(Rate) { Decay = Lambda }, () => (w, g, t) => w - Rate * (g + Lambda * w)),
        new("sgd, L1", new Sgd(Rate) { Decay = Lambda, DecayForm = DecayForm.L1 },
            () => (w, g, t) => w - Rate * (g + Lambda * Math.Sign(w))),
        new("sgd, maximize", new Sgd(Rate) { Decay = Lambda, Maximize = true }, () => (w, g, t) => w - Rate * (-g + Lambda * w)),
        new("sgd, clipped by value", [new ClipByValue(0.4), new ScaleByLearningRate(Rate)],
            () => (w, g, t) => w - Rate * Math.Clamp(g, -0.4, 0.4)),
        new("sgd, scaled", [new Scale(3), new ScaleByLearningRate(Rate)], () => (w, g, t) => w - Rate * 3 * g),
        new("sgd, cosine with warm-up", new Sgd(new CosineSchedule(Rate, 100) { Warmup = 10 }), () => (w, g, t) => w - g * Cosine(t - 1)),
        new("momentum", new Momentum(Rate), () => Velocity((v, g, t) => Mu * v + g, (v, g, t) => v)),
        new("momentum, rate inside", new Momentum(Rate) { RateInside = true }, () =>
        {
            double v = 0;
            return (w, g, t) => w - (v = Mu * v + Rate * g);
        }),
        new("momentum, rate inside, scheduled", new Momentum(new CosineSchedule(Rate, 100) { Warmup = 10 }) { RateInside = true }, () =>
        {
            double v = 0;
            return (w, g, t) => w - (v = Mu * v + Cosine(t - 1) * g);
        }),
        new("momentum, mu scheduled", new Momentum(Rate) { Mu = new LinearSchedule(0.5, 50) { End = 0.95 } },
            () => Velocity((v, g, t) => (0.5 + (0.45 * Math.Min(1, (t - 1) / 50.0))) * v + g, (v, g, t) => v)),
        new("momentum, dampened after the first", new Momentum(Rate) { Dampening = 0.5 },
            () => Velocity((v, g, t) => t == 1 ? g : Mu * v + 0.5 * g, (v, g, t) => v)),
        new("momentum, dampened", new Momentum(Rate) { Dampening = 0.5, DampenFirst = true },
            () => Velocity((v, g, t) => Mu * v + 0.5 * g, (v, g, t) => v)),
        new("momentum, averaged", new Momentum(Rate) { Form = MomentumVariant.Averaged },
            () => Velocity((v, g, t) => Mu * v + (1 - Mu) * g, (v, g, t) => v)),
        new("momentum, averaged, debiased", new Momentum(Rate) { Form = MomentumVariant.Averaged, Debias = true },
            () => Velocity((v, g, t) => Mu * v + (1 - Mu) * g, (v, g, t) => v / (1 - Math.Pow(Mu, t)))),
        new("nesterov", new Nesterov(Rate), () => Velocity((v, g, t) => Mu * v + g, (v, g, t) => g + Mu * v)),
        new("nesterov, averaged",
            [new ScaleByMomentum { Form = MomentumVariant.Averaged, Nesterov = NesterovVariant.Rearranged }, new ScaleByLearningRate(Rate)],
            () => Velocity((v, g, t) => Mu * v + (1 - Mu) * g, (v, g, t) => (1 - Mu) * g + Mu * v)),
        new("adam", new Adam(Rate), () => Adam((m, v, t) => m / (1 - Math.Pow(B1, t)) / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + 1e-8))),
        new("adam, folded", new Adam(Rate) { Form = AdamVariant.Folded, Epsilon = 1e-3 },
            () => Adam((m, v, t) => Math.Sqrt(1 - Math.Pow(B2, t)) / (1 - Math.Pow(B1, t)) * m / (Math.Sqrt(v) + 1e-3))),
        new("adam, L2", new Adam(Rate) { Decay = Lambda }, () =>
        {
            Literal adam = Adam((m, v, t) => m / (1 - Math.Pow(B1, t)) / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + 1e-8));
            return (w, g, t) => adam(w, g + Lambda * w, t);
        }),
        new("adamw", new AdamW(Rate) { Decay = Lambda }, () =>
        {
            Literal adam = Adam((m, v, t) => m / (1 - Math.Pow(B1, t)) / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + 1e-8));
            return (w, g, t) => adam(w, g, t) - Rate * Lambda * w;
        }),
        new("adamw, unscaled", new AdamW(Rate) { Decay = Lambda, DecayForm = DecayForm.DecoupledUnscaled }, () =>
        {
            Literal adam = Adam((m, v, t) => m / (1 - Math.Pow(B1, t)) / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + 1e-8));
            return (w, g, t) => adam(w, g, t) - Lambda * w;
        }),
        new("amsgrad, raw", new Adam(Rate) { AmsGrad = AmsGradVariant.RawMaximum },
            () => AmsGrad((v, t) => v, (m, v, t) => m / (1 - Math.Pow(B1, t)) / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + 1e-8))),
        new("amsgrad, corrected", new Adam(Rate) { AmsGrad = AmsGradVariant.CorrectedMaximum },
            () => AmsGrad((v, t) => v / (1 - Math.Pow(B2, t)), (m, v, t) => m / (1 - Math.Pow(B1, t)) / (Math.Sqrt(v) + 1e-8))),
        new("amsgrad, uncorrected", new Adam(Rate) { AmsGrad = AmsGradVariant.Uncorrected },
            () => AmsGrad((v, t) => v, (m, v, t) => m / (Math.Sqrt(v) + 1e-8))),
        .. FirstOrderCases.All,
        .. ElementCases.All,
        new("twelve rules", [.. Enumerable.Repeat<Rule>(new Scale(1.1), 10), new ScaleByMomentum(), new ScaleByLearningRate(Rate)],
            () => Velocity((v, g, t) => Mu * v + Math.Pow(1.1, 10) * g, (v, g, t) => v)),
    ];

    /// <summary>The names, as theory data: each becomes a test of its own.</summary>
    public static TheoryData<string> Names => [.. All.Select(row => row.Name)];

    public static RuleCase Of(string name) => All.Single(row => row.Name == name);

    private static double Cosine(int step) =>
        step < 10 ? Rate * (step + 1) / 10 : Rate * (1 + Math.Cos(Math.PI * Math.Min(1, (step - 10) / 90.0))) / 2;

    private static Literal Velocity(Func<double, double, int, double> next, Func<double, double, int, double> direction)
    {
        double v = 0;
        return (w, g, t) =>
        {
            v = next(v, g, t);
            return w - Rate * direction(v, g, t);
        };
    }

    private static Literal Adam(Func<double, double, int, double> direction)
    {
        double m = 0, v = 0;
        return (w, g, t) =>
        {
            m = B1 * m + (1 - B1) * g;
            v = B2 * v + (1 - B2) * g * g;
            return w - Rate * direction(m, v, t);
        };
    }

    private static Literal AmsGrad(Func<double, int, double> candidate, Func<double, double, int, double> direction)
    {
        double m = 0, v = 0, maximum = 0;
        return (w, g, t) =>
        {
            m = B1 * m + (1 - B1) * g;
            v = B2 * v + (1 - B2) * g * g;
            maximum = Math.Max(maximum, candidate(v, t));
            return w - Rate * direction(m, maximum, t);
        };
    }
}
