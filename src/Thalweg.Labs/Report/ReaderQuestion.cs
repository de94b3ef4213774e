using System.Text;

namespace Thalweg.Labs.Report;

/// <summary>What people ask who train a network for the first time: a short answer, and the figures of the labs that it rests on.</summary>
/// <param name="Id">Name in the address of the page.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Figures">Figures by lab.</param>
internal sealed record ReaderQuestion(string Id, LabText Question, LabText Answer, IReadOnlyList<(string Lab, string Figure)> Figures)
{
    /// <summary>The words that the answers take as known.</summary>
    public static LabText Words => (
        "A network is a chain of layers. Each unit of a layer adds up its inputs, multiplied by weights, and passes the sum through a "
            + "function such as tanh or ReLU, max(0, z). Training moves all weights against the gradient of a loss, by steps whose length "
            + "the learning rate sets; batch after batch of samples gives an estimate of that gradient. The size of the first weights is "
            + "called the start, or initialization.",
        "网络由一层层单元组成。每个单元把输入乘以权重后求和，再通过 tanh 或 ReLU（即 max(0, z)）之类的函数。训练沿损失的梯度的反方向移动所有权重，步长由学习率决定；"
            + "一批又一批样本给出该梯度的估计。权重最初如何取值称为初始化。");

    /// <summary>All questions.</summary>
    public static IReadOnlyList<ReaderQuestion> All { get; } =
    [
        new("tanh-start", ("Which start for a deep tanh net?", "深层 tanh 网络该怎样初始化？"), (
            "Draw the weights of a unit with n inputs at random with a standard deviation of about 1/√n: Xavier's start (xavier_normal or "
                + "xavier_uniform). Then the signal keeps its size from layer to layer on the way forward, and so does the gradient on the "
                + "way back. Weights of N(0, 1) push every tanh to -1 or 1, where it no longer reacts, and blow the gradient up; weights "
                + "of deviation 0.01 let the signal fade to nothing. A factor of 1 per layer keeps it.",
            "对有 n 个输入的单元，按标准差约为 1/√n 随机取权重，即 Xavier 初始化（xavier_normal 或 xavier_uniform）。这样信号在前向各层、梯度在反向各层都保持大小。"
                + "N(0, 1) 的权重把每个 tanh 推到 -1 或 1，使其不再有反应，并使梯度爆炸；标准差 0.01 的权重使信号逐层消失。每层倍数为 1 表示保持大小。"),
            [("xavier", "xavier-tanh-forward"), ("xavier", "xavier-tanh-backward"), ("xavier", "normal(1)-tanh-backward"),
                ("xavier", "normal(0.01)-tanh-forward")]),
        new("relu-start", ("Which start for a deep ReLU net?", "深层 ReLU 网络该怎样初始化？"), (
            "Take a standard deviation of √(2/n): He's start (he_normal). ReLU drops half of the signal, and the 2 makes up for it; with "
                + "Xavier's start half is lost in every layer.",
            "取标准差 √(2/n)，即 He 初始化（he_normal）。ReLU 丢掉一半信号，其中的 2 正好补回；用 Xavier 初始化时，每层损失一半。"),
            [("he", "he-forward"), ("he", "xavier-forward"), ("he", "times-slower")]),
        new("jumps", ("Why does my loss jump?", "我的损失为什么会突然跳变？"), (
            "Most often because the learning rate is too large. Where the loss has the curvature λ, a step of rate ε multiplies the "
                + "distance to the minimum by 1 - ελ: above ελ = 2 each step overshoots by more than the last. Lower the rate, or let it "
                + "decay. Recurrent networks have cliffs besides: there the gradient is suddenly huge, and one step throws the weights "
                + "far away. Clip the norm of the gradient (clip_norm) against that.",
            "多半因为学习率太大。若损失的曲率为 λ，学习率为 ε 的一步会把到极小点的距离乘以 1 - ελ：ελ 大于 2 时，每一步都比上一步越过得更多。应减小学习率，或让它衰减。"
                + "循环网络还有悬崖：那里梯度突然极大，一步就把权重抛到远处。为此应裁剪梯度的范数（clip_norm）。"),
            [("rate-decay", "too-large"), ("ill-conditioning", "signs-glyphs"), ("cliffs", "thrown"), ("cliffs", "largest-update")]),
        new("momentum", ("What does momentum buy me?", "动量能带来什么？"), (
            "Speed and calm. Where the gradient keeps its direction, steps add up to 1/(1 - a) times a plain one: 10 times at a = 0.9. "
                + "Across a ravine gradients of opposite sign cancel, so that the path no longer zigzags. It buys less where the noise of "
                + "small batches sets the pace: on images, with each method at its best rate, it needs about as many updates as plain SGD, "
                + "but ends at a lower loss.",
            "速度与平稳。梯度方向不变时，步长累加为原来的 1/(1 - a) 倍：a = 0.9 时为 10 倍。横跨狭谷时，符号相反的梯度互相抵消，路径不再呈之字形。若速度受小批量噪声限制，则收益较小："
                + "在图像上，各方法取最佳学习率时，所需更新次数与普通 SGD 相近，但最终损失更低。"),
            [("terminal-velocity", "speed-0.9"), ("random-walk", "length-momentum"), ("random-walk", "turns-momentum"),
                ("optimizers", "momentum-over-sgd-glyphs"), ("optimizers", "momentum-loss-glyphs")]),
        new("optimizer", ("Which optimizer should I take?", "我该选哪个优化器？"), (
            "No one is best everywhere. For sparse data, such as words, take an adaptive one (AdaGrad, RMSProp, Adam). Elsewhere tune the "
                + "rate of the one you have first: its schedule matters more than that of momentum.",
            "没有处处最好的。稀疏数据（如词语）用自适应方法（AdaGrad、RMSProp、Adam）。其他情况先调好现有方法的学习率：它的调度比动量的调度更重要。"),
            [("choosing", "sparse-gain"), ("choosing", "winners"), ("momentum-schedule", "rate-over-momentum")]),
        new("depth", ("Why does my deep network not learn at all?", "我的深层网络为什么完全学不动？"), (
            "Either all units started equal, and stay equal for ever; or the gradient vanishes on its way through the layers. Start at "
                + "random, and take ReLU, a start that fits, residual connections or batch normalization. The figures are decades by which "
                + "the gradient shrinks over 50 layers.",
            "要么所有单元初始相同，于是永远相同；要么梯度在各层间消失。应随机初始化，并采用 ReLU、合适的初始化、残差连接或批量归一化。数值为梯度经过 50 层缩小的数量级。"),
            [("zero-init", "equal-units"), ("vanishing-fixes", "decades-none"), ("vanishing-fixes", "decades-relu"),
                ("vanishing-fixes", "decades-start"), ("vanishing-fixes", "decades-residual"), ("vanishing-fixes", "decades-batchnorm")]),
        new("batch", ("How large should a batch be?", "批量应取多大？"), (
            "Medium. The error of the gradient falls with the root of the batch alone: 100 times the data for 10 times the precision. "
                + "Larger batches need fewer updates, but more samples in all.",
            "取中等。梯度误差只按批量的平方根下降：数据多 100 倍，精度才高 10 倍。批量越大，更新次数越少，但样本总数越多。"),
            [("mean-error", "times-start-glyphs"), ("batch-size", "samples-glyphs")]),
        new("overfitting", ("Training is good, new data are bad: what helps?", "训练很好，新数据很差：怎么办？"), (
            "The network learned its samples by heart. Weight decay and dropout narrow the gap between training and new data; judge "
                + "them by validation data, never by the test data.",
            "网络背下了训练样本。权值衰减与 Dropout 能缩小训练与新数据之间的差距；应以验证数据判断，绝不可用测试数据。"),
            [("weight-decay", "smaller-gap-glyphs"), ("dropout", "smaller-gap-glyphs"), ("holdout", "optimism")]),
    ];

    /// <summary>The question as a part that opens, with those of its figures whose labs were run; nothing where none was.</summary>
    /// <param name="body">The page.</param>
    /// <param name="results">The labs with what they found.</param>
    public void Append(StringBuilder body, IReadOnlyList<(Lab Lab, LabResult Result)> results)
    {
        (string Lab, LabFigure Figure)[] known = [.. Figures
            .Select(pair => (pair.Lab, results.FirstOrDefault(each => each.Lab.Name == pair.Lab).Result?.FigureOf(pair.Figure)))
            .Where(pair => pair.Item2 is not null).Select(pair => (pair.Lab, pair.Item2!))];
        if (known.Length == 0)
            return;
        body.Append($"<details id=\"{Id}\"><summary>{PageWriter.Both(Question)}</summary><p>{PageWriter.Both(Answer)}</p>");
        body.Append("<div class=\"wide\" tabindex=\"0\" role=\"region\" data-en=\"Measured\" data-zh=\"测得\" aria-label=\"Measured\">"
            + "<table><thead><tr>");
        foreach (LabText column in (LabText[])[("measured here", "此处测得"), ("mean and 95 % interval", "均值与 95 % 区间"), ("lab", "实验")])
            body.Append($"<th scope=\"col\">{PageWriter.Both(column)}</th>");
        body.Append("</tr></thead><tbody>");
        foreach ((string lab, LabFigure figure) in known)
        {
            body.Append($"<tr><th scope=\"row\">{PageWriter.Both(figure.Label)}</th>"
                + $"<td>{LabWords.Interval(figure.Mean, figure.Interval.Low, figure.Interval.High)}</td>"
                + $"<td>{PageWriter.Link(LabPage.NameOf(lab), Svg.Encode(lab))}</td></tr>");
        }

        body.Append("</tbody></table></div></details>\n");
    }
}
