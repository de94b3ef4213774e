using static System.Math;
using static Thalweg.Tests.Minimizers.Problems.Dual;

namespace Thalweg.Tests.Minimizers.Problems;

/// <summary>The problems of unconstrained minimization of Moré, Garbow and Hillstrom with their standard starts.</summary>
/// <remarks>
/// Source: Moré, Garbow, Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7(1), 1981, section 3; problem 11 with the
/// minus that its print lacks, |y - x2|. This file holds those with a fixed number of variables.
/// </remarks>
internal static partial class MoreGarbowHillstrom
{
    private static readonly double[] s_bard = [.14, .18, .22, .25, .29, .32, .35, .39, .37, .58, .73, .96, 1.34, 2.10, 4.39];

    private static readonly double[] s_gaussian =
        [.0009, .0044, .0175, .0540, .1295, .2420, .3521, .3989, .3521, .2420, .1295, .0540, .0175, .0044, .0009];

    private static readonly double[] s_meyer =
        [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872];

    private static readonly double[] s_kowalik = [.1957, .1947, .1735, .1600, .0844, .0627, .0456, .0342, .0323, .0235, .0246];

    private static readonly double[] s_kowalikPoints = [4, 2, 1, .5, .25, .167, .125, .1, .0833, .0714, .0625];

    private static readonly double[] s_osborne1 =
    [
        .844, .908, .932, .936, .925, .908, .881, .850, .818, .784, .751, .718, .685, .658, .628, .603, .580,
        .558, .538, .522, .506, .490, .478, .467, .457, .448, .438, .431, .424, .420, .414, .411, .406,
    ];

    private static readonly double[] s_osborne2 =
    [
        1.366, 1.191, 1.112, 1.013, .991, .885, .831, .847, .786, .725, .746, .679, .608, .655, .616, .606, .602, .626, .651, .724, .649,
        .649,
        .694, .644, .624, .661, .612, .558, .533, .495, .500, .423, .395, .375, .372, .391, .396, .405, .428, .429, .523, .562, .607, .653,
        .672, .708, .633, .668, .645, .632, .591, .559, .597, .625, .739, .710, .729, .720, .636, .581, .428, .292, .162, .098, .054,
    ];

    /// <summary>All 35.</summary>
    public static IReadOnlyList<TestProblem> All { get; } = [.. Fixed(), .. Variable()];

    private static IEnumerable<TestProblem> Fixed()
    {
        yield return new(1, "Rosenbrock", [-1.2, 1], [0], x => [10 * (x[1] - Square(x[0])), 1 - x[0]]);
        yield return new(2, "Freudenstein and Roth", [.5, -2], [0, 48.98425367924], x =>
            [-13 + x[0] + ((((5 - x[1]) * x[1]) - 2) * x[1]), -29 + x[0] + ((((x[1] + 1) * x[1]) - 14) * x[1])]);
        yield return new(3, "Powell badly scaled", [0, 1], [0], x => [(1e4 * x[0] * x[1]) - 1, Dual.Exp(-x[0]) + Dual.Exp(-x[1]) - 1.0001]);
        yield return new(4, "Brown badly scaled", [1, 1], [0], x => [x[0] - 1e6, x[1] - 2e-6, (x[0] * x[1]) - 2]);
        yield return new(5, "Beale", [1, 1], [0],
            x => [1.5 - (x[0] * (1 - x[1])), 2.25 - (x[0] * (1 - Square(x[1]))), 2.625 - (x[0] * (1 - Cube(x[1])))]);
        yield return new(6, "Jennrich and Sampson", [.3, .4], [124.36218235561], x =>
            Rows(10, i => 2 + (2 * i) - (Dual.Exp(i * x[0]) + Dual.Exp(i * x[1]))));
        yield return new(7, "Helical valley", [-1, 0, 0], [0], x =>
            [10 * (x[2] - (10 * Turns(x[0], x[1]))), 10 * (Dual.Sqrt(Square(x[0]) + Square(x[1])) - 1), x[2]]);
        yield return new(8, "Bard", [1, 1, 1], [8.214877306579e-3], x =>
            Rows(15, i => s_bard[i - 1] - (x[0] + (i / (((16 - i) * x[1]) + (Min(i, 16 - i) * x[2]))))));
        yield return new(9, "Gaussian", [.4, 1, 0], [1.1279327696189e-8], x =>
            Rows(15, i => (x[0] * Dual.Exp(-x[1] * Square(((8 - i) / 2.0) - x[2]) / 2)) - s_gaussian[i - 1]));
        yield return new(10, "Meyer", [.02, 4000, 250], [87.945855171], x =>
            Rows(16, i => (x[0] * Dual.Exp(x[1] / (45 + (5 * i) + x[2]))) - s_meyer[i - 1]));
        yield return new(11, "Gulf research and development", [5, 2.5, .15], [0], x => Rows(99, i => Gulf(x, i / 100.0)));
        yield return new(12, "Box three-dimensional", [0, 10, 20], [0], x =>
            Rows(10, i => Dual.Exp(-.1 * i * x[0]) - Dual.Exp(-.1 * i * x[1]) - (x[2] * (Math.Exp(-.1 * i) - Math.Exp(-i)))));
        yield return new(13, "Powell singular", [3, -1, 0, 1], [0], PowellSingular);
        yield return new(14, "Wood", [-3, -1, -3, -1], [0], x =>
        [
            10 * (x[1] - Square(x[0])), 1 - x[0], Math.Sqrt(90) * (x[3] - Square(x[2])), 1 - x[2],
            Math.Sqrt(10) * (x[1] + x[3] - 2), (x[1] - x[3]) / Math.Sqrt(10),
        ]);
        yield return new(15, "Kowalik and Osborne", [.25, .39, .415, .39], [3.0750560384924e-4], x => Rows(11, i => Kowalik(x, i - 1)));
        yield return new(16, "Brown and Dennis", [25, 5, -5, -1], [85822.201626356], x => Rows(20, i =>
            Square(x[0] + (i / 5.0 * x[1]) - Math.Exp(i / 5.0)) + Square(x[2] + (Math.Sin(i / 5.0) * x[3]) - Math.Cos(i / 5.0))));
        yield return new(17, "Osborne 1", [.5, 1.5, -1, .01, .02], [5.464894697483e-5], x =>
            Rows(33, i => s_osborne1[i - 1] - (x[0] + (x[1] * Dual.Exp(-10 * (i - 1) * x[3])) + (x[2] * Dual.Exp(-10 * (i - 1) * x[4])))));
        yield return new(18, "Biggs EXP6", [1, 2, 1, 1, 1, 1], [0, 5.65565e-3], x => Rows(13, i => Biggs(x, .1 * i)));
        yield return new(
            19, "Osborne 2", [1.3, .65, .65, .7, .6, 3, 5, 7, 2, 4.5, 5.5], [4.013773629355e-2], x => Rows(65, i => Osborne2(x, i)));
    }

    private static Dual[] Rows(int count, Func<int, Dual> row) => [.. Enumerable.Range(1, count).Select(row)];

    /// <summary>The angle of a point in turns, from -1/4 to 3/4.</summary>
    private static Dual Turns(Dual x, Dual y) => (Dual.Atan(y / x) / (2 * PI)) + (x.Value < 0 ? .5 : 0);

    private static Dual Gulf(Dual[] x, double t) =>
        Dual.Exp(-Dual.Exp(x[2] * Dual.Log(Dual.Abs(25 + Pow(-50 * Math.Log(t), 2.0 / 3) - x[1]))) / x[0]) - t;

    private static Dual[] PowellSingular(Dual[] x) =>
        [x[0] + (10 * x[1]), Math.Sqrt(5) * (x[2] - x[3]), Square(x[1] - (2 * x[2])), Math.Sqrt(10) * Square(x[0] - x[3])];

    private static Dual Kowalik(Dual[] x, int i)
    {
        double u = s_kowalikPoints[i];
        return s_kowalik[i] - (x[0] * ((u * u) + (u * x[1])) / ((u * u) + (u * x[2]) + x[3]));
    }

    private static Dual Biggs(Dual[] x, double t) =>
        (x[2] * Dual.Exp(-t * x[0])) - (x[3] * Dual.Exp(-t * x[1])) + (x[5] * Dual.Exp(-t * x[4]))
        - (Math.Exp(-t) - (5 * Math.Exp(-10 * t)) + (3 * Math.Exp(-4 * t)));

    private static Dual Osborne2(Dual[] x, int i)
    {
        double t = (i - 1) / 10.0;
        Dual model = x[0] * Dual.Exp(-t * x[4]);
        for (int k = 1; k < 4; k++)
            model += x[k] * Dual.Exp(-Square(t - x[7 + k]) * x[4 + k]);
        return s_osborne2[i - 1] - model;
    }
}
