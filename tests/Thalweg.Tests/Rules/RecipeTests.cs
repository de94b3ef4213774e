using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Rules;

/// <summary>A network and five optimizers against the papers' formulas in decimals of 28 digits, from a start that anybody
/// can draw again.</summary>
public sealed class RecipeTests
{
    private const decimal Tiny = 0.0000000000000000000000000001m;

    private static readonly double[][] _inputs = [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]];

    public static TheoryData<string> Names => ["adam", "adagrad", "rmsprop", "sgd", "adamw"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Equals_the_paper_in_decimals_at_every_100th_step_of_1001(string name)
    {
        double[] start = Start();
        Sequential network = new(new Dense(2, 3, Activation.Sigmoid), new Dense(3, 1, Activation.Sigmoid));
        network.Initialize(0, DType.Float64);
        ParameterVector parameters = new(network);
        Place(network, start);
        OptimizerRun run = new(ChainText.Parse(name == "sgd" ? "sgd(0.01)" : name), parameters.Segments, DType.Float64);
        decimal[] exact = [.. start.Select(w => (decimal)w)];
        Func<decimal, decimal, int, int, decimal> next = Paper(name, exact.Length);
        Tensor x = Tensor.From(_inputs.SelectMany(row => row).ToArray(), [3, 2]);
        for (int t = 1; t <= 1001; t++)
        {
            network.Forward(x).Sum().Backward();
            run.Step(parameters.Values, parameters.Gradients);
            decimal[] gradient = Gradient(exact);
            for (int i = 0; i < exact.Length; i++)
                exact[i] = next(exact[i], gradient[i], t, i);
            if (t % 100 != 1)
                continue;
            double[] found = Read(network);
            for (int i = 0; i < found.Length; i++)
            {
                Math.Abs(found[i] - (double)exact[i])
                    .ShouldBeLessThanOrEqualTo(1e-10 * Math.Abs((double)exact[i]), $"parameter {i} after {t} steps");
            }
        }

        Read(network).ShouldNotBe(start);
    }

    [Fact]
    public void The_generator_is_the_published_one()
    {
        // First outputs of MT19937 seeded with 5489: Matsumoto and Nishimura's own check.
        MersenneTwister twister = new(5489);
        ((uint[])[twister.Next(), twister.Next(), twister.Next()]).ShouldBe([3499211612u, 581869302u, 3890346734u]);
    }

    [Fact]
    public void Decimals_give_the_exponential() => ((double)Exp(-1.25m)).ShouldBe(Math.Exp(-1.25), 1e-16);

    /// <summary>Seed 0, 13 outputs skipped, then a double of 53 bits for each of W1 [3, 2], b1, W2 [1, 3], b2:
    /// uniform in +-1/sqrt(fanIn).</summary>
    private static double[] Start()
    {
        MersenneTwister twister = new(0);
        for (int i = 0; i < 13; i++)
            twister.Next();
        return [.. Enumerable.Range(0, 13).Select(i =>
        {
            ulong bits = ((ulong)twister.Next() << 32) | twister.Next();
            double u = (bits & ((1UL << 53) - 1)) / (double)(1UL << 53), s = 1 / Math.Sqrt(i < 9 ? 2 : 3);
            return (u * 2 * s) - s;
        })];
    }

    private static (Tensor W1, Tensor B1, Tensor W2, Tensor B2) Parts(Sequential network)
    {
        Tensor[] all = [.. network.NamedParameters().Select(p => p.Parameter.Value)];
        return (all[0], all[1], all[2], all[3]);
    }

    private static void Place(Sequential network, double[] w)
    {
        (Tensor w1, Tensor b1, Tensor w2, Tensor b2) = Parts(network);
        for (int j = 0; j < 3; j++)
        {
            w1.Write(j, w[2 * j]);
            w1.Write(3 + j, w[(2 * j) + 1]);
            b1.Write(j, w[6 + j]);
            w2.Write(j, w[9 + j]);
        }

        b2.Write(0, w[12]);
    }

    private static double[] Read(Sequential network)
    {
        (Tensor w1, Tensor b1, Tensor w2, Tensor b2) = Parts(network);
        return [w1.Read(0), w1.Read(3), w1.Read(1), w1.Read(4), w1.Read(2), w1.Read(5), b1.Read(0), b1.Read(1), b1.Read(2), w2.Read(0),
            w2.Read(1), w2.Read(2), b2.Read(0)];
    }

    /// <summary>d sum of outputs / d w by hand.</summary>
    private static decimal[] Gradient(decimal[] w)
    {
        decimal[] g = new decimal[13];
        foreach (double[] row in _inputs)
        {
            decimal[] x = [(decimal)row[0], (decimal)row[1]], h = new decimal[3];
            decimal z = w[12];
            for (int j = 0; j < 3; j++)
            {
                h[j] = Sigmoid((w[2 * j] * x[0]) + (w[(2 * j) + 1] * x[1]) + w[6 + j]);
                z += w[9 + j] * h[j];
            }

            decimal y = Sigmoid(z), slope = y * (1 - y);
            g[12] += slope;
            for (int j = 0; j < 3; j++)
            {
                g[9 + j] += slope * h[j];
                decimal back = slope * w[9 + j] * h[j] * (1 - h[j]);
                g[6 + j] += back;
                g[2 * j] += back * x[0];
                g[(2 * j) + 1] += back * x[1];
            }
        }

        return g;
    }

    /// <summary>The next weight from weight, gradient, step and place, as printed, with the library's defaults typed in.</summary>
    private static Func<decimal, decimal, int, int, decimal> Paper(string name, int n)
    {
        decimal[] m = new decimal[n], v = new decimal[n];
        decimal power1 = 1, power2 = 1;
        return (w, g, t, i) =>
        {
            switch (name)
            {
                case "sgd":
                    return w - (0.01m * g);
                case "adagrad":
                    v[i] += g * g;
                    return w - (0.01m * g / (Root(v[i]) + 0.0000000001m));
                case "rmsprop":
                    v[i] = (0.99m * v[i]) + (0.01m * g * g);
                    return w - (0.01m * g / (Root(v[i]) + 0.00000001m));
                default:
                    (power1, power2) = i == 0 ? (power1 * 0.9m, power2 * 0.999m) : (power1, power2);
                    m[i] = (0.9m * m[i]) + (0.1m * g);
                    v[i] = (0.999m * v[i]) + (0.001m * g * g);
                    bool decays = name == "adamw" && i is < 6 or (> 8 and < 12) && name == "adamw";
                    return w - (decays ? 0.001m * 0.01m * w : 0) -
                        (0.001m * (m[i] / (1 - power1)) / (Root(v[i] / (1 - power2)) + 0.00000001m));
            }
        };
    }

    private static decimal Sigmoid(decimal z) => 1 / (1 + Exp(-z));

    /// <summary>e^x by its series at x/16, squared four times.</summary>
    private static decimal Exp(decimal x)
    {
        decimal y = x / 16, term = 1, sum = 1;
        for (int k = 1; Math.Abs(term) > Tiny; k++)
            sum += term = term * y / k;
        for (int i = 0; i < 4; i++)
            sum *= sum;
        return sum;
    }

    /// <summary>The root by Newton's iteration.</summary>
    private static decimal Root(decimal x)
    {
        if (x == 0)
            return 0;
        decimal root = (decimal)Math.Sqrt((double)x);
        for (int i = 0; i < 3 && root > 0; i++)
            root = (root + (x / root)) / 2;
        return root;
    }

    /// <summary>MT19937. Source: Matsumoto, Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998, with the
    /// initialization of 2002.</summary>
    private sealed class MersenneTwister
    {
        private readonly uint[] _state = new uint[624];
        private int _next = 624;

        public MersenneTwister(uint seed)
        {
            _state[0] = seed;
            for (uint i = 1; i < 624; i++)
                _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i;
        }

        public uint Next()
        {
            if (_next == 624)
            {
                for (int k = 0; k < 624; k++)
                {
                    uint both = (_state[k] & 0x80000000) | (_state[(k + 1) % 624] & 0x7fffffff);
                    _state[k] = _state[(k + 397) % 624] ^ (both >> 1) ^ ((both & 1) == 0 ? 0 : 0x9908b0df);
                }

                _next = 0;
            }

            uint y = _state[_next++];
            y ^= y >> 11;
            y ^= (y << 7) & 0x9d2c5680;
            y ^= (y << 15) & 0xefc60000;
            return y ^ (y >> 18);
        }
    }
}
