using System.Globalization;

namespace Thalweg.Labs.Regularization;

/// <summary>Weight decay narrows the gap between training and validation accuracy.</summary>
internal sealed class WeightDecayLab : Lab
{
    public override string Name => "weight-decay";

    public override LabClaim Claim => new(
        ("Weight decay narrows the gap between training and test accuracy.", "权值衰减缩小训练与测试正确率之间的差距。"),
        ["001", "002"],
        [new("001", "为了抑制过拟合，提高泛化能力，可以使用权值衰减（weight decay）的方法，简单来说，就是一种以减小权重参数的值为目的进行学习的方法。",
            "To restrain overfitting and improve generalization, weight decay can be used: put simply, a way of learning that aims to "
                + "make the weights smaller.")],
        """
        <mi>L</mi><mo>+</mo><mfrac><mi>&#x3BB;</mi><mn>2</mn></mfrac><msup><mrow><mo>&#x2016;</mo><mi>W</mi><mo>&#x2016;</mo>
        </mrow><mn>2</mn></msup>
        """);

    public override LabText Question => ("Does weight decay help a network with too little data?", "数据太少时，权值衰减有帮助吗？");

    public override LabText Method => (
        "A network of seven layers learns 300 images, with and without weight decay of the option decay. Compared are the gap between "
            + "training and validation accuracy at the end, and the validation accuracy.",
        "七层网络学习 300 张图像，使用或不使用权值衰减（选项 decay）。比较最终训练与验证正确率之差，以及验证正确率。");

    public override LabText Refutation => (
        $"A gap that is not smaller by {SmallData.SmallerGap} or more; for the practical use, a validation accuracy that is lower.",
            $"差距没有缩小 {SmallData.SmallerGap} 以上；就实用而言，验证正确率更低。");

    public override LabText Limits => (
        "A gap also gets smaller where training gets worse. Whether the validation accuracy gains depends on the data: these images are "
            + "told apart well even from 300 of them.",
        "训练变差时差距也会缩小。验证正确率是否提高取决于数据：这些图像即使只有 300 张也能很好地区分。");

    public override IReadOnlyList<LabOption> Options => [new("decay", "0.02", ("factor of weight decay", "权值衰减的系数"))];

    public override void Run(LabContext context) =>
        SmallData.Run(context, ("weight decay", "权值衰减"), double.Parse(context.Option("decay"), CultureInfo.InvariantCulture), dropout: 0);
}
