using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

/// <summary>Rows of the rules that scale each element by what they remember of it.</summary>
internal static class FirstOrderCases
{
    private const double Rate = 0.01, B1 = 0.9, B2 = 0.999;

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        new("adagrad", new AdaGrad(Rate), () => AdaGrad(0, s => Math.Sqrt(s) + 1e-10, t => Rate)),
        new("adagrad, inside the root", new AdaGrad(Rate) { EpsilonPlace = EpsilonPlace.Inside, Epsilon = 1e-8 },
            () => AdaGrad(0, s => Math.Sqrt(s + 1e-8), t => Rate)),
        new("adagrad, started at 0.1", new AdaGrad(Rate) { Start = 0.1, Epsilon = 1e-7 },
            () => AdaGrad(0.1, s => Math.Sqrt(s) + 1e-7, t => Rate)),
        new("adagrad, rate decay", new AdaGrad(Rate) { RateDecay = 0.1 },
            () => AdaGrad(0, s => Math.Sqrt(s) + 1e-10, t => Rate / (1 + (t - 1) * 0.1))),
        new("adagrad, rate decay under a schedule", new AdaGrad(new ExponentialSchedule(Rate, 0.99)) { RateDecay = 0.1 },
            () => AdaGrad(0, s => Math.Sqrt(s) + 1e-10, t => Rate * Math.Pow(0.99, t - 1) / (1 + (t - 1) * 0.1))),
        new("adadelta", new AdaDelta(), () => AdaDelta(1, 0.9, 1e-6)),
        new("adadelta, keras", new AdaDelta(0.5) { Rho = 0.95, Epsilon = 1e-7 }, () => AdaDelta(0.5, 0.95, 1e-7)),
        new("rmsprop", new RmsProp(Rate), () => Rms(0, 0.99, r => Math.Sqrt(r) + 1e-8)),
        new("rmsprop, inside the root", new RmsProp(Rate) { EpsilonPlace = EpsilonPlace.Inside, Epsilon = 1e-3 },
            () => Rms(0, 0.99, r => Math.Sqrt(r + 1e-3))),
        new("rmsprop, started at 1", new RmsProp(Rate) { Start = 1, Alpha = 0.9 }, () => Rms(1, 0.9, r => Math.Sqrt(r) + 1e-8)),
        new("rmsprop, centered", new RmsProp(Rate) { Centered = true, Epsilon = 0.1 }, () =>
        {
            double r = 0, m = 0;
            return (w, g, t) =>
            {
                r = 0.99 * r + 0.01 * g * g;
                m = 0.99 * m + 0.01 * g;
                return w - Rate * g / (Math.Sqrt(r - m * m) + 0.1);
            };
        }),
        new("rmsprop, momentum", new RmsProp(Rate) { Mu = 0.9 }, () => RmsMomentum(t => Rate, isInside: false)),
        new("rmsprop, momentum, rate inside, scheduled",
            new RmsProp(new StepSchedule(Rate, 10) { Factor = 0.5 }) { Mu = 0.9, RateInside = true },
            () => RmsMomentum(t => Rate * Math.Pow(0.5, (t - 1) / 10), isInside: true)),
        new("rmsprop, momentum, rate outside, scheduled", new RmsProp(new StepSchedule(Rate, 10) { Factor = 0.5 }) { Mu = 0.9 },
            () => RmsMomentum(t => Rate * Math.Pow(0.5, (t - 1) / 10), isInside: false)),
        new("adamax", new AdaMax(Rate), () => AdaMax((n, g) => Math.Max(B2 * n, Math.Abs(g) + 1e-8), n => n)),
        new("adamax, denominator", new AdaMax(Rate) { Form = AdaMaxVariant.Denominator, Epsilon = 1e-3 },
            () => AdaMax((n, g) => Math.Max(B2 * n, Math.Abs(g)), n => n + 1e-3)),
        new("nadam", new NAdam(Rate), () => NAdam(t => B1 * (1 - 0.5 * Math.Pow(0.96, t * 0.004)))),
        new("nadam, plain", new NAdam(Rate) { Form = NAdamVariant.Plain }, () => NAdam(t => B1)),
        new("radam", new RAdam(Rate), () => RAdam(5)),
        new("radam, threshold 4", new RAdam(Rate) { Threshold = 4 }, () => RAdam(4)),
        new("rprop", new Rprop(Rate), Rprop),
        new("asgd", new Asgd(Rate) { Lambda = 0.1, Alpha = 0.5 }, () => (w, g, t) =>
        {
            double eta = Rate / Math.Pow(1 + 0.1 * Rate * (t - 1), 0.5);
            return w * (1 - 0.1 * eta) - eta * g;
        }),
        new("sgd, plateau not reached", [new ReduceOnPlateau(), new ScaleByLearningRate(3 * Rate)], () => (w, g, t) => w - 3 * Rate * g),
    ];

    private static Literal AdaGrad(double start, Func<double, double> root, Func<int, double> rate)
    {
        double s = start;
        return (w, g, t) => w - rate(t) * g / root(s += g * g);
    }

    private static Literal AdaDelta(double rate, double rho, double epsilon)
    {
        double s = 0, d = 0;
        return (w, g, t) =>
        {
            s = rho * s + (1 - rho) * g * g;
            double u = Math.Sqrt(d + epsilon) / Math.Sqrt(s + epsilon) * g;
            d = rho * d + (1 - rho) * u * u;
            return w - rate * u;
        };
    }

    private static Literal Rms(double start, double alpha, Func<double, double> root)
    {
        double r = start;
        return (w, g, t) => w - Rate * g / root(r = alpha * r + (1 - alpha) * g * g);
    }

    private static Literal RmsMomentum(Func<int, double> rate, bool isInside)
    {
        double r = 0, v = 0;
        return (w, g, t) =>
        {
            r = 0.99 * r + 0.01 * g * g;
            v = 0.9 * v + (isInside ? rate(t) : 1) * g / (Math.Sqrt(r) + 1e-8);
            return w - (isInside ? 1 : rate(t)) * v;
        };
    }

    private static Literal AdaMax(Func<double, double, double> next, Func<double, double> denominator)
    {
        double m = 0, n = 0;
        return (w, g, t) =>
        {
            m = B1 * m + (1 - B1) * g;
            n = next(n, g);
            return w - Rate / (1 - Math.Pow(B1, t)) * m / denominator(n);
        };
    }

    private static Literal NAdam(Func<int, double> mu)
    {
        double m = 0, v = 0, product = 1;
        return (w, g, t) =>
        {
            product *= mu(t);
            m = B1 * m + (1 - B1) * g;
            v = B2 * v + (1 - B2) * g * g;
            double direction = (1 - mu(t)) * g / (1 - product) + mu(t + 1) * m / (1 - product * mu(t + 1));
            return w - Rate * direction / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + 1e-8);
        };
    }

    private static Literal RAdam(double threshold)
    {
        double m = 0, v = 0, limit = 2 / (1 - B2) - 1;
        return (w, g, t) =>
        {
            m = B1 * m + (1 - B1) * g;
            v = B2 * v + (1 - B2) * g * g;
            double corrected = m / (1 - Math.Pow(B1, t)), power = Math.Pow(B2, t), r = limit - 2 * t * power / (1 - power);
            if (r <= threshold)
                return w - Rate * corrected;
            double rectifier = Math.Sqrt((r - 4) * (r - 2) * limit / ((limit - 4) * (limit - 2) * r));
            return w - Rate * corrected * rectifier * Math.Sqrt(1 - power) / (Math.Sqrt(v) + 1e-8);
        };
    }

    private static Literal Rprop()
    {
        double step = Rate, before = 0;
        return (w, g, t) =>
        {
            double change = g * before;
            step = Math.Clamp(step * (change > 0 ? 1.2 : change < 0 ? 0.5 : 1), 1e-6, 50);
            before = change < 0 ? 0 : g;
            return w - Math.Sign(before) * step;
        };
    }
}
