using Thalweg.Initializers;

namespace Thalweg.Labs.Tests;

/// <summary>A lab that is not one of the project: one file is all that it takes.</summary>
internal sealed class CountingLab : Lab
{
    public int Runs { get; private set; }

    public override string Name => "counting";

    public override LabClaim Claim => new(
        ("Normal weights have the deviation they ask for; </script><b>", "正态权重的标准差与所要求的一致"), ["000"],
        [new("000", "即把所有层的W值的初始值都设置为0。", "That is, the initial values of W of all layers are set to 0.")], "<mi>σ</mi>");

    public override LabText Question => ("Is the deviation right? </script>", "标准差对吗？");

    public override LabText Method => ("Draws weights.", "抽取权重。");

    public override LabText Refutation => ("A deviation that is 10 percent off.", "标准差相差 10 %。");

    public override IReadOnlyList<LabOption> Options => [new("initializer", "normal(1)", ("what is drawn from", "抽样来源"))];

    public override void Run(LabContext context)
    {
        Runs++;
        context.Plan(context.Seeds.Count);
        double[][] draws = context.OverSeeds(seed =>
        {
            Tensor weights = Tensor.Zeros([50, 50], DType.Float64);
            RandomStream random = new(seed, RandomPurpose.User);
            context.Setting<Initializer>("initializer").Fill(weights, ref random);
            context.Count(1);
            return weights.ToArray<double>();
        });
        LabFigure figure = context.Measure("deviation", ("deviation", "标准差"), draws
            .Select(values => Math.Sqrt(values.Average(value => value * value))));
        context.Expect(figure, LabRelation.AtLeast, 0.9);
        context.Expect(figure, LabRelation.AtMost, 1.1);
        double[] x = [1, 2, 3];
        context.Draw(new LinePicture(("Lines </script>", "线"), new("x"), new("y", LabScale.Logarithmic),
            [LabSeries.Of("a", x, [[1, 10, 100], [2, 20, double.NaN]]), new("p", x, [1, 0, -1]) { IsPoints = true }]));
        context.Draw(new HistogramPicture("Histograms", new("value"), [new("row", [LabHistogram.Of("all", draws[0], -3, 3)])]));
        context.Draw(new BarPicture("Bars", new("value"), [LabBar.Of("deviation", figure)]));
        context.Draw(new HeatMapPicture("Heat", "rows", "columns", ["a", "b"], ["c", "d"], [[1, 2], [3, double.NaN]]));
        context.Draw(new PathPicture("Paths", LabSurface.Of((a, b) => (a * a) + b, (-1, 1), (-1, 1), 10),
            [new("path", [0, 0.5, 1], [0, 0.5, double.NaN])]));
        context.Draw(new TablePicture("Table", ["a", "b"], [["1", "2"]]));
    }
}
