using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;

namespace Thalweg.Labs.Playground;

/// <summary>The loss of a trained network on a plane through its weights, which two random directions span.</summary>
/// <remarks>The network is trained when the surface is first looked at. Directions are as long as the weights of each parameter:
/// Li, Xu, Taylor, Studer and Goldstein, Visualizing the loss landscape of neural nets (2018), section 4. Between the points of a grid, a
/// bicubic spline (Keys 1981, a = -1/2) gives value and gradient.</remarks>
internal sealed record Slice(string Name, LabText Title, int Depth) : Surface(Name, Title)
{
    private const int Points = 41, Width = 10, Samples = 32, Updates = 300;

    private readonly Lazy<double[]> _grid = new(() => Measure(Depth));

    /// <summary>A shallow and a deep network.</summary>
    public static IReadOnlyList<Slice> All { get; } =
    [
        new("shallow-network", ("Slice of a trained network of 2 layers", "2 层已训练网络的切片"), 2),
        new("deep-network", ("Slice of a trained network of 8 layers", "8 层已训练网络的切片"), 8),
    ];

    public override IReadOnlyList<double> Bounds => [-1, 1, -1, 1];

    public override IReadOnlyList<double> Start => [-0.8, 0.7];

    public bool Equals(Slice? other) => other is not null && (Name, Depth) == (other.Name, other.Depth);

    public override int GetHashCode() => HashCode.Combine(Name, Depth);

    public override double Value(double x, double y, Span<double> gradient)
    {
        // Past the edge the surface rises like a bowl, so that a path comes back.
        (double insideX, double insideY) = (Math.Clamp(x, -1, 1), Math.Clamp(y, -1, 1));
        double value = Inside(insideX, insideY, gradient);
        (double outX, double outY) = (x - insideX, y - insideY);
        gradient[0] = outX == 0 ? gradient[0] : 2 * outX;
        gradient[1] = outY == 0 ? gradient[1] : 2 * outY;
        return value + (outX * outX) + (outY * outY);
    }

    private double Inside(double x, double y, Span<double> gradient)
    {
        const double Scale = (Points - 1) / 2.0;
        double column = (x + 1) * Scale, row = (y + 1) * Scale;
        int left = Math.Clamp((int)column, 0, Points - 2), bottom = Math.Clamp((int)row, 0, Points - 2);
        Span<double> along = stackalloc double[8], up = stackalloc double[8];
        Spline(column - left, along);
        Spline(row - bottom, up);
        double value = 0, byX = 0, byY = 0;
        for (int j = 0; j < 4; j++)
        {
            int line = Math.Clamp(bottom + j - 1, 0, Points - 1) * Points;
            for (int i = 0; i < 4; i++)
            {
                double point = _grid.Value[line + Math.Clamp(left + i - 1, 0, Points - 1)];
                value += point * along[i] * up[j];
                byX += point * along[4 + i] * up[j];
                byY += point * along[i] * up[4 + j];
            }
        }

        (gradient[0], gradient[1]) = (byX * Scale, byY * Scale);
        return value;
    }

    /// <summary>Weights of four neighbors at a share t of the way from the second to the third, and their
    /// derivatives: <c>[8]</c>.</summary>
    private static void Spline(double t, Span<double> weights)
    {
        double square = t * t, cube = square * t;
        weights[0] = ((2 * square) - cube - t) / 2;
        weights[1] = ((3 * cube) - (5 * square) + 2) / 2;
        weights[2] = ((4 * square) - (3 * cube) + t) / 2;
        weights[3] = (cube - square) / 2;
        weights[4] = ((4 * t) - (3 * square) - 1) / 2;
        weights[5] = ((9 * square) - (10 * t)) / 2;
        weights[6] = ((8 * t) - (9 * square) + 1) / 2;
        weights[7] = ((3 * square) - (2 * t)) / 2;
    }

    /// <summary>Trains a network of tanh layers on a sine, and measures its loss on the plane.</summary>
    private static double[] Measure(int depth)
    {
        Sequential network = new([.. Enumerable.Range(0, depth).Select(layer => new Dense(
            layer == 0 ? 1 : Width, layer == depth - 1 ? 1 : Width, layer == depth - 1 ? Activation.None : Activation.Tanh,
            Initializer.XavierNormal()))]);
        network.Initialize(1, DType.Float64);
        Tensor x = Tensor.From([.. Enumerable.Range(0, Samples).Select(i => (2.0 * i / (Samples - 1)) - 1)], [Samples, 1]);
        Tensor y = Tensor.From([.. x.ToArray<double>().Select(value => Math.Sin(5 * value))], [Samples, 1]);
        Tensor[] weights = [.. network.NamedParameters().Select(parameter => parameter.Parameter.Value)];
        Train(weights, Loss);
        return LossOnPlane(weights, Loss);

        Tensor Loss() => (network.Forward(x) - y).Square().Mean();
    }

    private static void Train(Tensor[] weights, Func<Tensor> loss)
    {
        OptimizerRun[] runs = [.. weights.Select(weight => new OptimizerRun(
            new Adam(0.01), ParameterSegments.Single((int)weight.Length), DType.Float64))];
        for (int update = 0; update < Updates; update++)
        {
            Tensor[] gradients = Gradients.Of(loss(), weights);
            for (int i = 0; i < weights.Length; i++)
                runs[i].Step<double>(weights[i].AsSpan<double>(), gradients[i].ToArray<double>());
        }
    }

    /// <summary>The loss on the plane, row by row from the bottom.</summary>
    private static double[] LossOnPlane(Tensor[] weights, Func<Tensor> loss)
    {
        double[][] home = [.. weights.Select(weight => weight.ToArray<double>())];
        double[][][] directions = [.. Enumerable.Range(0, 2)
            .Select(axis => home.Select((values, i) => Direction(values, axis, i)).ToArray())];
        double[] grid = new double[Points * Points];
        using NoGrad paused = NoGrad.Begin();
        for (int point = 0; point < grid.Length; point++)
        {
            double right = (2.0 * (point % Points) / (Points - 1)) - 1, up = (2.0 * (point / Points) / (Points - 1)) - 1;
            for (int i = 0; i < weights.Length; i++)
            {
                Span<double> weight = weights[i].AsSpan<double>();
                for (int j = 0; j < weight.Length; j++)
                    weight[j] = home[i][j] + (right * directions[0][i][j]) + (up * directions[1][i][j]);
            }

            grid[point] = loss().Item();
        }

        return grid;
    }

    /// <summary>A random direction, as long as the weights.</summary>
    private static double[] Direction(double[] values, int axis, int parameter)
    {
        RandomStream random = new(1, RandomPurpose.User, (ulong)((2 * parameter) + axis));
        double[] direction = new double[values.Length];
        for (int i = 0; i < direction.Length; i++)
            direction[i] = random.NextNormal();
        double norm = Math.Sqrt(direction.Sum(value => value * value)), wanted = Math.Sqrt(values.Sum(value => value * value));
        return [.. direction.Select(value => value * wanted / norm)];
    }
}
