using System.CommandLine;
using System.Globalization;
using System.Text;
using Thalweg.Optimizers;
using Thalweg.Tests.Minimizers.Problems;

namespace Thalweg.Bench.Minimizers;

/// <summary><c>quadratic-deep</c>: SGD, momentum and Adam on the noisy quadratic of DeepOBS, rates chosen on validation samples.</summary>
internal static class QuadraticDeepCommand
{
    private const int Width = 640, Height = 360, Left = 60, Bottom = 320, Top = 20, Right = 620;
    private static readonly double[] s_rates = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 2e-2, 3e-2, 1e-1, 3e-1];

    private static readonly (string Name, string Color, Func<double, NamedOptimizer> Make)[] s_optimizers =
    [
        ("sgd", "#1f77b4", rate => new Sgd(rate)),
        ("momentum(mu=0.99)", "#d62728", rate => new Momentum(rate) { Mu = 0.99 }),
        ("adam", "#2ca02c", rate => new Adam(rate)),
    ];

    public static Command Create()
    {
        Option<string?> picture = new("--svg") { Description = "Write the curves to this file." };
        Command command = new(
            "quadratic-deep", "The noisy quadratic of DeepOBS: final losses beside the noise floor, as a table in Markdown.") { picture };
        command.SetAction(parse => Run(parse.GetValue(picture)));
        return command;
    }

    private static void Run(string? picture)
    {
        QuadraticDeep problem = new();
        List<(string Name, string Color, double[] Curve)> curves = [];
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Noise floor {problem.Floor:F3}; of the test samples {problem.TestFloor:F3}."));
        Console.WriteLine();
        Console.WriteLine("| optimizer | rate | expected loss | above the floor | test loss | above its floor |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach ((string name, string color, Func<double, NamedOptimizer> make) in s_optimizers)
        {
            (double rate, QuadraticDeep.Outcome best) = s_rates.Select(rate => (rate, problem.Train(make(rate))))
                .Where(found => double.IsFinite(found.Item2.Validation)).MinBy(found => found.Item2.Validation);
            curves.Add((name, color, best.TestCurve));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {rate} | {best.Expected:F3} | {(best.Expected / problem.Floor) - 1:P2} | {best.TestCurve[^1]:F3} | " +
                $"{(best.TestCurve[^1] / problem.TestFloor) - 1:P2} |"));
        }

        if (picture is not null)
            File.WriteAllText(picture, Draw(curves, problem.TestFloor));
    }

    /// <summary>Excess of the test loss over its floor, as a share of it, on a logarithmic scale from 1e-4 to 10.</summary>
    private static string Draw(List<(string Name, string Color, double[] Curve)> curves, double floor)
    {
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" " +
            $"font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        for (int power = -4; power <= 1; power++)
        {
            double y = CurrentPoint(Math.Pow(10, power));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{y:F1}\" x2=\"{Right}\" y2=\"{y:F1}\" " +
                $"stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">1e{power}</text>");
        }

        for (int k = 0; k < curves.Count; k++)
        {
            (string name, string color, double[] curve) = curves[k];
            double width = (double)(Right - Left) / (curve.Length - 1);
            string points = string.Join(' ', curve.Select((loss, epoch) =>
                string.Create(CultureInfo.InvariantCulture, $"{Left + (epoch * width):F1},{CurrentPoint((loss / floor) - 1):F1}")));
            svg.AppendLine(
                CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\" points=\"{points}\"/>");
            svg.AppendLine(
                CultureInfo.InvariantCulture, $"<text x=\"{Right - 140}\" y=\"{Top + 20 + (18 * k)}\" fill=\"{color}\">{name}</text>");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">" +
            $"epoch 0 to 100; test loss over its floor, less 1</text>");
        return svg.AppendLine("</svg>").ToString();
    }

    private static double CurrentPoint(double excess) => Bottom - ((Math.Log10(Math.Clamp(excess, 1e-4, 10)) + 4) / 5 * (Bottom - Top));
}
