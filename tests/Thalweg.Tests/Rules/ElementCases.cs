using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

/// <summary>Rows of the later element-wise methods.</summary>
internal static class ElementCases
{
    private const double Rate = 0.01, B1 = 0.9, B2 = 0.999;

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        new("lion", new Lion(Rate) { Decay = 0.05 }, () =>
        {
            double m = 0;
            return (w, g, t) =>
            {
                double u = Math.Sign(B1 * m + (1 - B1) * g);
                m = 0.99 * m + 0.01 * g;
                return w - Rate * (u + 0.05 * w);
            };
        }),
        new("adabelief", new AdaBelief(Rate) { Epsilon = 1e-6 }, () =>
        {
            double m = 0, s = 0;
            return (w, g, t) =>
            {
                m = B1 * m + (1 - B1) * g;
                s = B2 * s + (1 - B2) * (g - m) * (g - m) + 1e-6;
                return w - Rate * m / (1 - Math.Pow(B1, t)) / (Math.Sqrt(s / (1 - Math.Pow(B2, t))) + 1e-6);
            };
        }),
        new("yogi", new Yogi(Rate), () => Yogi(t => 1, t => 1)),
        new("yogi, debiased", new Yogi(Rate) { Debias = true }, () => Yogi(t => 1 - Math.Pow(B1, t), t => 1 - Math.Pow(B2, t))),
        new("adan", new Adan(Rate), () =>
        {
            double m = 0, v = 0, n = 0, before = 0;
            return (w, g, t) =>
            {
                double d = t == 1 ? 0 : g - before;
                m = 0.98 * m + 0.02 * g;
                v = 0.92 * v + 0.08 * d;
                n = 0.99 * n + 0.01 * Math.Pow(g + 0.92 * d, 2);
                before = g;
                double direction = m / (1 - Math.Pow(0.98, t)) + 0.92 * v / (1 - Math.Pow(0.92, t));
                return w - Rate * direction / (Math.Sqrt(n / (1 - Math.Pow(0.99, t))) + 1e-8);
            };
        }),
        new("delta-bar-delta", new DeltaBarDelta(Rate), () =>
        {
            double rate = Rate, trace = 0;
            return (w, g, t) =>
            {
                rate = trace * g > 0 ? rate + 0.001 : trace * g < 0 ? rate * (1 - 0.2) : rate;
                trace = 0.7 * trace + (1 - 0.7) * g;
                return w - rate * g;
            };
        }),
        new("gains", new Gains(Rate), () =>
        {
            double gain = 1, v = 0;
            return (w, g, t) =>
            {
                gain = Math.Max(v * g < 0 ? gain * 0.8 : gain + 0.2, 0.01);
                v = 0.5 * v + gain * g;
                return w - Rate * v;
            };
        }),
        new("ftrl", new Ftrl(0.5) { L1 = 0.3, L2 = 0.1 }, () =>
        {
            double z = 0, n = 0;
            return (w, g, t) =>
            {
                z = t == 1 ? -1 / 0.5 * w : z;
                z += g - (Math.Sqrt(n + g * g) - Math.Sqrt(n)) / 0.5 * w;
                n += g * g;
                return Math.Abs(z) <= 0.3 ? 0 : -(z - Math.Sign(z) * 0.3) / ((1 + Math.Sqrt(n)) / 0.5 + 0.1);
            };
        }),
        new("ftrl, from 0", new Ftrl(0.5) { L1 = 0.3, L2 = 0.1, FromWeights = false }, () =>
        {
            double z = 0, n = 0;
            return (w, g, t) =>
            {
                z += g - (Math.Sqrt(n + g * g) - Math.Sqrt(n)) / 0.5 * w;
                n += g * g;
                return Math.Abs(z) <= 0.3 ? 0 : -(z - Math.Sign(z) * 0.3) / ((1 + Math.Sqrt(n)) / 0.5 + 0.1);
            };
        }),
        new("ftrl, TensorFlow's", new Ftrl(0.5)
        {
            Beta = 0,
            L1 = 0.3,
            L2 = 2 * 0.1,
            RatePower = -0.7,
            Start = 0.1,
            Shrinkage = 0.05,
            FromWeights = false,
        }, () =>
        {
            // ApplyFtrlV2 with lr_power -0.7, l1 0.3, l2 0.1, l2_shrinkage 0.05, initial_accumulator_value 0.1.
            double linear = 0, accumulator = 0.1;
            return (w, g, t) =>
            {
                double shrunk = g + 2 * 0.05 * w, next = accumulator + g * g;
                linear += shrunk - (Math.Pow(next, 0.7) - Math.Pow(accumulator, 0.7)) / 0.5 * w;
                accumulator = next;
                double quadratic = Math.Pow(next, 0.7) / 0.5 + 2 * 0.1;
                return Math.Abs(linear) > 0.3 ? (Math.Sign(linear) * 0.3 - linear) / quadratic : 0;
            };
        }),
        new("ftrl, fixed rate", new Ftrl(0.5) { Beta = 0.2, RatePower = 0, Start = 0.1 }, () =>
        {
            double z = 0;
            return (w, g, t) =>
            {
                z = (t == 1 ? -(0.2 + 1) / 0.5 * w : z) + g;
                return -z / ((0.2 + 1) / 0.5);
            };
        }),
        new("lookahead", [new ScaleByLearningRate(Rate), new Lookahead { Every = 3, Alpha = 0.4 }], () =>
        {
            double slow = 0;
            return (w, g, t) =>
            {
                slow = t == 1 ? w : slow;
                double fast = w - Rate * g;
                return t % 3 == 0 ? slow += 0.4 * (fast - slow) : fast;
            };
        }),
        new("schedule-free sgd", new ScheduleFreeSgd(Rate), () => ScheduleFree(t => Rate, (g, t) => g, 0)),
        new("schedule-free sgd, warm-up", new ScheduleFreeSgd(new ConstantSchedule(Rate) { Warmup = 10 }),
            () => ScheduleFree(t => Rate * Math.Min(1, t / 10.0), (g, t) => g, 0)),
        new("schedule-free adamw", new ScheduleFreeAdamW(Rate), () =>
        {
            double v = 0;
            return ScheduleFree(t => Rate * Math.Sqrt(1 - Math.Pow(B2, t)),
                (g, t) => g / (Math.Sqrt(v = B2 * v + (1 - B2) * g * g) + 1e-8), 0.01);
        }),
        new("schedule-free adamw, moment corrected", new ScheduleFreeAdamW(Rate) { Correction = ScheduleFreeCorrection.InMoment }, () =>
        {
            double v = 0;
            return ScheduleFree(t => Rate, (g, t) => g / (Math.Sqrt((v = B2 * v + (1 - B2) * g * g) / (1 - Math.Pow(B2, t))) + 1e-8), 0.01);
        }),
        new("sophia before an estimate", new Sophia(Rate), () =>
        {
            double m = 0;
            return (w, g, t) =>
            {
                m = 0.96 * m + 0.04 * g;
                return w - Rate * (Math.Clamp(m / 1e-12, -1, 1) + 0.1 * w);
            };
        }),
    ];

    private static Literal ScheduleFree(Func<int, double> rate, Func<double, int, double> direction, double decay)
    {
        double x = 0, z = 0, weights = 0;
        return (w, g, t) =>
        {
            (x, z) = t == 1 ? (w, w) : (x, z);
            z -= rate(t) * (direction(g, t) + decay * w);
            weights += rate(t) * rate(t);
            double c = rate(t) * rate(t) / weights;
            x = (1 - c) * x + c * z;
            return (1 - 0.9) * z + 0.9 * x;
        };
    }

    private static Literal Yogi(Func<int, double> first, Func<int, double> second)
    {
        double m = 0, v = 1e-6;
        return (w, g, t) =>
        {
            m = B1 * m + (1 - B1) * g;
            v -= (1 - B2) * Math.Sign(v - g * g) * g * g;
            return w - Rate * m / first(t) / (Math.Sqrt(v / second(t)) + 1e-3);
        };
    }
}
