using System.Globalization;

namespace Thalweg.Labs.Regularization;

/// <summary>Dropout narrows the gap between training and validation accuracy.</summary>
internal sealed class DropoutLab : Lab
{
    public override string Name => "dropout";

    public override LabClaim Claim => new(
        ("Dropout narrows the gap between training and test accuracy.", "Dropout 缩小训练与测试正确率之间的差距。"),
        ["001", "002"],
        [new("002", "抑制过拟合(降低Dropout等的必要性)；", "It restrains overfitting (there is less need for dropout and the like).")],
        """
        <mi>y</mi><mo>=</mo><mfrac><mrow><mi>m</mi><mo>&#x2299;</mo><mi>x</mi></mrow><mrow><mn>1</mn><mo>&#x2212;</mo>
        <mi>p</mi></mrow></mfrac><mo>,</mo><mspace width="0.5em"/><mi>P</mi><mo>(</mo><msub><mi>m</mi><mi>i</mi></msub>
        <mo>=</mo><mn>0</mn><mo>)</mo><mo>=</mo><mi>p</mi>
        """);

    public override LabText Question => ("Does dropout help a network with too little data?", "数据太少时，Dropout 有帮助吗？");

    public override LabText Method => (
        "A network of seven layers learns 300 images, with and without dropout of the option probability after each hidden layer. "
            + "Compared are the gap between training accuracy (with the masks of dropout) and validation accuracy at the end, and the "
            + "validation accuracy.",
        "七层网络学习 300 张图像，在每个隐藏层之后使用或不使用 Dropout（选项 probability）。比较最终训练（带 Dropout 掩码）与验证正确率之差，以及验证正确率。");

    public override LabText Refutation => (
        $"A gap that is not smaller by {SmallData.SmallerGap} or more; for the practical use, a validation accuracy that is lower.",
            $"差距没有缩小 {SmallData.SmallerGap} 以上；就实用而言，验证正确率更低。");

    public override LabText Limits => (
        "A gap also gets smaller where training gets worse. Whether the validation accuracy gains depends on the data and on how long "
            + "training goes on.",
        "训练变差时差距也会缩小。验证正确率是否提高取决于数据和训练的长短。");

    public override IReadOnlyList<LabOption> Options => [new("probability", "0.15", ("probability of dropout", "Dropout 的概率"))];

    public override void Run(LabContext context) =>
        SmallData.Run(context, "dropout", decay: 0, double.Parse(context.Option("probability"), CultureInfo.InvariantCulture));
}
