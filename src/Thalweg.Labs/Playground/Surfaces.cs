using System.Globalization;

namespace Thalweg.Labs.Playground;

/// <summary>The surfaces of the playground.</summary>
internal static class Surfaces
{
    /// <summary>Name of the surface whose condition can be chosen.</summary>
    public const string Ravine = "ravine";

    /// <summary>Condition of the ravine by default: that of x^2/20 + y^2.</summary>
    public const double DefaultCondition = 20;

    /// <summary>All of them; the ravine with its default condition.</summary>
    public static IReadOnlyList<Surface> All { get; } =
    [
        MakeRavine(DefaultCondition),
        new FormulaSurface("rosenbrock", ("Rosenbrock's valley", "Rosenbrock 谷"), "(1-x)^2 + 100 (y-x^2)^2", Rosenbrock)
        {
            Drawn = [-2, 2, -1, 3],
            First = [-1.5, 2],
        },
        new FormulaSurface("beale", ("Beale's function", "Beale 函数"), "(1.5-x+xy)^2 + (2.25-x+xy^2)^2 + (2.625-x+xy^3)^2", Beale)
        {
            Drawn = [-4.5, 4.5, -4.5, 4.5],
            First = [1, 1.5],
        },
        new FormulaSurface("saddle", ("Saddle", "鞍点"), "x^2 - y^2 + y^4/4", Saddle)
        {
            Drawn = [-3, 3, -2.5, 2.5],
            First = [-2.5, 0.001],
        },
        new FormulaSurface("plateau", ("Plateau", "平台"), "1 - exp(-(x^2/4 + y^2)/2)", Plateau)
        {
            Drawn = [-6, 6, -4, 4],
            First = [-4.5, 1.5],
        },
        new FormulaSurface("cliff", ("Cliff", "悬崖"), "(x+2)^2/10 + y^2/4 + 4/(1+exp(-20(x-1)))", Cliff)
        {
            Drawn = [-4, 4, -3, 3],
            First = [1.3, 2],
        },
        new FormulaSurface("bowl", ("Noisy bowl", "带噪声的碗"), "(x^2 + y^2)/2", Bowl)
        {
            Drawn = [-4, 4, -3, 3],
            First = [-3, 2],
            Deviation = 2,
            HasConstantHessian = true,
        },
        .. Slice.All,
    ];

    /// <summary>A surface by name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="condition">Condition number of the ravine, at least 1.</param>
    /// <exception cref="ThalwegException">There is no such surface: the message gives the choices.</exception>
    public static Surface Of(string name, double condition = DefaultCondition)
    {
        if (!double.IsFinite(condition) || condition < 1)
        {
            throw new ThalwegException(string.Create(CultureInfo.InvariantCulture,
                $"[playground] expected a condition number of at least 1, got {condition}; choose one from 1 to 1000"));
        }

        return name == Ravine ? MakeRavine(condition) : All.FirstOrDefault(surface => surface.Name == name)
            ?? throw new ThalwegException($"[playground] expected a surface, got '{name}'; choose one of "
                + string.Join(", ", All.Select(surface => surface.Name)));
    }

    private static FormulaSurface MakeRavine(double condition) => new(Ravine, ("Ravine", "狭谷"),
        string.Create(CultureInfo.InvariantCulture, $"x^2/{condition} + y^2"), (x, y, gradient) =>
        {
            (gradient[0], gradient[1]) = (2 * x / condition, 2 * y);
            return (x * x / condition) + (y * y);
        })
    {
        Drawn = [-10, 10, -6, 6],
        First = [-7, 2],
        HasConstantHessian = true,
    };

    private static double Rosenbrock(double x, double y, Span<double> gradient)
    {
        double valley = y - (x * x);
        (gradient[0], gradient[1]) = ((-2 * (1 - x)) - (400 * x * valley), 200 * valley);
        return ((1 - x) * (1 - x)) + (100 * valley * valley);
    }

    private static double Beale(double x, double y, Span<double> gradient)
    {
        double value = 0, power = 1;
        (gradient[0], gradient[1]) = (0, 0);
        for (int i = 1; i <= 3; i++)
        {
            double below = power;
            power *= y;
            double residual = (i switch { 1 => 1.5, 2 => 2.25, _ => 2.625 }) - x + (x * power);
            value += residual * residual;
            gradient[0] += 2 * residual * (power - 1);
            gradient[1] += 2 * residual * x * i * below;
        }

        return value;
    }

    private static double Saddle(double x, double y, Span<double> gradient)
    {
        (gradient[0], gradient[1]) = (2 * x, (-2 * y) + (y * y * y));
        return (x * x) - (y * y) + (y * y * y * y / 4);
    }

    private static double Plateau(double x, double y, Span<double> gradient)
    {
        double bell = Math.Exp(-((x * x / 4) + (y * y)) / 2);
        (gradient[0], gradient[1]) = (bell * x / 4, bell * y);
        return 1 - bell;
    }

    private static double Cliff(double x, double y, Span<double> gradient)
    {
        double wall = 1 / (1 + Math.Exp(-20 * (x - 1)));
        (gradient[0], gradient[1]) = (((x + 2) / 5) + (80 * wall * (1 - wall)), y / 2);
        return ((x + 2) * (x + 2) / 10) + (y * y / 4) + (4 * wall);
    }

    private static double Bowl(double x, double y, Span<double> gradient)
    {
        (gradient[0], gradient[1]) = (x, y);
        return ((x * x) + (y * y)) / 2;
    }
}
