namespace Thalweg.Labs.Report;

/// <summary>What a document gives for a picture, beside what a lab measured.</summary>
/// <param name="What">What it is.</param>
/// <param name="Source">Number of the document.</param>
/// <param name="Given">What the document gives.</param>
/// <param name="Figure">The lab's figure; <see cref="SourcePicture.Set"/> stands for the name of the data set.</param>
internal sealed record SourceNumber(LabText What, string Source, LabText Given, string Figure);

/// <summary>A picture of the source documents that a lab draws again.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Lab">The lab.</param>
/// <param name="Pictures">How the English titles of the lab's pictures begin.</param>
/// <param name="Numbers">What the documents give.</param>
internal sealed record SourcePicture(LabText Title, string Lab, IReadOnlyList<string> Pictures, IReadOnlyList<SourceNumber> Numbers)
{
    /// <summary>Stands for the name of the data set in names of figures and titles of pictures: MNIST where the lab ran on it, else the
    /// built-in digits.</summary>
    public const string Set = "{set}";

    private static readonly LabText s_adaGrad = ("the other three learn faster; AdaGrad is slightly ahead", "其他三种更快；AdaGrad 略快");
    private static readonly LabText s_gap = ("narrows the gap between training and test", "缩小训练与测试之差");

    /// <summary>All of them, in the order of the documents.</summary>
    public static IReadOnlyList<SourcePicture> All { get; } =
    [
        new(("Weights after a start from zero", "零初始化之后的权重"), "zero-init",
            ["Weights of a 1-3-1 network after training from 0", "First weight matrix after training"],
        [
            new(("units of W₁, B₁ and W₂ that are equal after training, as a share", "训练后 W₁、B₁、W₂ 中相等单元的比例"), "000",
                ("all 3: -0.82452497, -0.01143752 and -0.68583865, three times each",
                    "3 个全部相等：-0.82452497、-0.01143752、-0.68583865 各三次"), "equal-units-from-zero"),
            new(("accuracy of equal weights minus that of a single unit", "相同权重的正确率减去单个单元的正确率"), "000",
                ("however long it trains, the result is not right", "无论多少轮，最终的结果也不会正确"), "gain-over-one-unit"),
        ]),
        new(("Six sigmoid layers from N(0, 1)", "六层 sigmoid，N(0, 1) 初始化"), "saturation", ["Activations by layer", "Root mean square"],
        [
            new(("activations below 0.1 or above 0.9, as a share", "小于 0.1 或大于 0.9 的激活值比例"), "000",
                ("6 layers, mean 0, variance 1: values crowd at both ends, 0 and 1", "6 层，均值 0，方差 1：严重向两侧 0、1 靠近"), "outer-share"),
            new(("gradient in the first layer over that in the last", "第一层与最后一层梯度之比"), "000",
                ("disappears step by step", "反向传播时的梯度逐步消失"), "gradient-left"),
        ]),
        new(("Sigmoid layers from a deviation of 0.01", "sigmoid，标准差 0.01 初始化"), "small-init", ["Activations by layer"],
        [
            new(("deviation of the activations of the last layer", "最后一层激活值的标准差"), "001",
                ("0.01 * np.random.randn(10, 100); no figure for the activations", "0.01 * np.random.randn(10, 100)；未给出激活值的数字"), "spread"),
            new(("mean cosine between the outputs of two units", "两个单元输出的平均余弦"), "002",
                ("100 units with nearly the same output could be 1 unit", "100 个神经元输出几乎相同，则可由 1 个神经元表示"), "likeness"),
        ]),
        new(("Six layers of tanh and of sigmoid from Xavier, N(0, 1) and 0.01", "六层 tanh 与 sigmoid：Xavier、N(0, 1) 与 0.01"), "xavier",
            ["Activations of six layers", "Growth per layer"],
        [
            new(("Xavier, tanh: factor of the variance from layer to layer", "Xavier，tanh：方差逐层的倍数"), "000",
                ("1: the variance is kept", "1：方差保持不变"), "xavier-tanh-forward"),
            new(("Xavier, tanh: the same for gradients on the way back", "Xavier，tanh：梯度反向逐层的倍数"), "000",
                ("1: the variance is kept", "1：方差保持不变"), "xavier-tanh-backward"),
            new(("Xavier, sigmoid: factor of the variance", "Xavier，sigmoid：方差的倍数"), "002",
                ("1: for S-shaped functions take Xavier, deviation 1/√n", "1：S 型函数使用 Xavier，标准差 1/√n"), "xavier-sigmoid-forward"),
            new(("0.01, tanh: factor of the variance", "0.01，tanh：方差的倍数"), "002",
                ("no figure: values without breadth", "未给出数字：分布缺乏广度"), "normal(0.01)-tanh-forward"),
        ]),
        new(("ReLU layers from Xavier and from He", "ReLU：Xavier 与 He"), "he", ["Activations of six layers above 0", "Training loss"],
        [
            new(("He: factor of the mean square from layer to layer", "He：均方逐层的倍数"), "002",
                ("1: deviation √(2/n) for ReLU", "1：ReLU 使用标准差 √(2/n)"), "he-forward"),
            new(("Xavier: the same", "Xavier：同一倍数"), "002", ("not 1: Xavier assumes a linear function", "不为 1：Xavier 以线性激活为前提"),
                "xavier-forward"),
        ]),
        new(("Paths on x²/20 + y² from (-7, 2)", "x²/20 + y² 上从 (-7, 2) 出发的路径"), "random-walk", ["30 updates", "The paths"],
        [
            new(("momentum: length of the path over that of SGD", "动量法与 SGD 的路径长度之比"), "001",
                ("no figure: on a stretched function SGD is very inefficient", "未给出数字：延伸状函数上 SGD 效率非常低"), "length-momentum"),
            new(("AdaGrad: the same", "AdaGrad：同一比值"), "001", ("no figure", "未给出数字"), "length-adagrad"),
            new(("Adam: the same", "Adam：同一比值"), "001", ("no figure", "未给出数字"), "length-adam"),
        ]),
        new(("Four optimizers on digits", "四种优化器学习数字图像"), "optimizers", [$"Validation loss at the best rate of each rule, {Set}"],
        [
            new(("momentum: updates over those of SGD", "动量法与 SGD 更新次数之比"), "001", s_adaGrad, $"momentum-over-sgd-{Set}"),
            new(("AdaGrad: the same", "AdaGrad：同一比值"), "001", s_adaGrad, $"adagrad-over-sgd-{Set}"),
            new(("Adam: the same", "Adam：同一比值"), "001", s_adaGrad, $"adam-over-sgd-{Set}"),
        ]),
        new(("Seven layers on 300 images, with and without weight decay", "七层网络学习 300 张图像，有无权值衰减"), "weight-decay", [$"Accuracy, {Set}"],
            Overfitting("001")),
        new(("Seven layers on 300 images, with and without dropout", "七层网络学习 300 张图像，有无 Dropout"), "dropout", [$"Accuracy, {Set}"],
            Overfitting("002")),
        new(("Random search for rate and decay", "随机搜索学习率与权值衰减"), "random-search", ["Best validation loss so far"],
        [
            new(("best loss of a grid over that of random search", "网格与随机搜索的最佳损失之比"), "001",
                ("a heading alone (6.5): no figure", "仅有标题（6.5）：未给出数字"), "against-grid"),
            new(("best loss of random search over that of a fine sweep of the rate", "随机搜索与学习率细扫描的最佳损失之比"), "003",
                ("random search is a good way to choose", "可用随机搜索来进行参数挑选"), "against-best"),
        ]),
    ];

    private static SourceNumber[] Overfitting(string source) =>
    [
        new(("gap between training and validation accuracy, without minus with", "训练与验证正确率之差，不使用减去使用"), source, s_gap,
            $"smaller-gap-{Set}"),
        new(("validation accuracy, with minus without", "验证正确率，使用减去不使用"), source, ("no figure", "未给出数字"), $"gain-{Set}"),
    ];
}
