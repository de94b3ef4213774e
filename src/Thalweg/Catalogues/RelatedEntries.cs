namespace Thalweg.Catalogues;

/// <summary>What belongs to a family, but is a layer, a setting of the trainer or a step before training, and has no text form.</summary>
internal static class RelatedEntries
{
    /// <summary>Layers and settings that regularize.</summary>
    public static IReadOnlyList<CatalogueEntry> Regularizers { get; } =
    [
        Layer("dropout", "Dropout", "y = x m/(1-p) in training, m = 0 with probability p, else 1; y = x in evaluation",
            "Srivastava et al.: Dropout, 2014, section 4", "wide layers and few samples: NetworkSpec.Dropout, or the layer Dropout"),
        Layer("channel_dropout", "ChannelDropout", "y = x m/(1-p) in training, one m for each channel of each sample",
            "Tompson et al.: Efficient object localization, 2015, section 3.2",
            "convolutions, whose neighboring pixels are alike: in code the layer ChannelDropout"),
        Layer("alpha_dropout", "AlphaDropout", "y = a (x m + c (1-m)) + b in training, c = -1.7581, a and b for mean 0 and variance 1",
            "Klambauer et al.: Self-normalizing neural networks, 2017, section 'New dropout technique'",
            "networks of SELU units: in code the layer AlphaDropout"),
        Layer("gaussian_dropout", "GaussianDropout", "y = x N(1, p/(1-p)) in training", "Srivastava et al.: Dropout, 2014, section 10",
            "as dropout, without zeros: in code the layer GaussianDropout"),
        Layer("stochastic_depth", "StochasticDepth", "y = x m/(1-p) in training, one m for each sample",
            "Huang et al.: Deep networks with stochastic depth, 2016, eq. 2; Larsson et al.: FractalNet, 2017",
            "deep residual networks: in code the layer StochasticDepth, last in the path of a Residual"),
        Entry("early_stopping", "T:Thalweg.Training.EarlyStopping",
            "stops after patience looks without metric > best (or > best + delta, or > best + delta |best|); w = w of the best look",
            "Prechelt: Early stopping - but when?, 1998, criterion UP",
            "always: TrainerOptions.Patience, MinDelta, EvaluateEvery and RestoreBest"),
    ];

    /// <summary>Ways to start from data or from another model.</summary>
    public static IReadOnlyList<CatalogueEntry> Starts { get; } =
    [
        Entry("lsuv", "T:Thalweg.Initialization.Lsuv",
            "W orthonormal, then W = W/sqrt(Var(x W + b)) layer by layer on a batch, until |Var - 1| < 0.1",
            "Mishkin, Matas: All you need is a good init, 2016, algorithm 1", "deep networks without normalization: Lsuv.Apply"),
        Entry("transfer", "T:Thalweg.Initialization.Transfer", "w = weight of the same name and shape in another model, with a report",
            "Yosinski et al.: How transferable are features in deep neural networks?, 2014, section 2",
            "few samples, and a model of similar data: Transfer.FromFile, with the rule freeze"),
        Entry("pretraining", "T:Thalweg.Initialization.Pretraining",
            "for each hidden layer from the input on: least mean of |x - decoder(encoder(x))|^2, the encoder being the layer",
            "Bengio et al.: Greedy layer-wise training of deep networks, 2006, section 3; Vincent et al., 2010, section 3",
            "much data without labels, or sigmoid layers that do not start: Pretraining.ByAutoencoders"),
        Entry("output_bias", "T:Thalweg.Initialization.OutputBias", "b_c = ln((n_c + 1)/(n + classes)), or b = mean of the target",
            "Bishop: Pattern Recognition and Machine Learning, 2006, section 4.2",
            "classes of unequal size, and targets far from 0: OutputBias.FromData"),
        Entry("forget_gate", "P:Thalweg.Layers.Lstm.ForgetBias", "b = 1 for the forget gates, 0 for the other gates",
            "Jozefowicz et al.: An empirical exploration of recurrent network architectures, 2015, section 2.3",
            "LSTM layers start so by themselves: in code new Lstm(..., forgetBias: 1)"),
    ];

    private static CatalogueEntry Layer(string name, string type, string formula, string source, string use) =>
        Entry(name, $"T:Thalweg.Layers.{type}", formula, source, use);

    private static CatalogueEntry Entry(string name, string documentation, string formula, string source, string use) => new()
    {
        Name = name,
        DocumentationId = documentation,
        Text = name,
        Formula = formula,
        Source = source,
        Use = use,
        Parameters = [],
    };
}
