namespace Thalweg.Diagnosis;

/// <content>The catalog.</content>
public sealed partial record Cause
{
    /// <summary>Units start alike.</summary>
    public static Cause SymmetricStart { get; } = new(
        "symmetric_start", CauseGroup.Signals, "zero-init",
        "Goodfellow, Bengio, Courville: Deep Learning, 2016, section 8.4");

    /// <summary>Starting weights too large.</summary>
    public static Cause WeightsTooLarge { get; } = new(
        "weights_too_large", CauseGroup.Signals, "init-scale",
        "Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010, section 4.2");

    /// <summary>Starting weights too small.</summary>
    public static Cause WeightsTooSmall { get; } = new(
        "weights_too_small", CauseGroup.Signals, "small-init",
        "Glorot, Bengio, 2010, section 4.2; He and others: Delving deep into rectifiers, ICCV 2015, eq. 10");

    /// <summary>Saturated activations.</summary>
    public static Cause Saturation { get; } = new("saturation", CauseGroup.Signals, "saturation", "Glorot, Bengio, 2010, section 3.1");

    /// <summary>Dead ReLU units.</summary>
    public static Cause DeadRelu { get; } = new(
        "dead_relu", CauseGroup.Signals, "bias-start",
        "Lu, Shin, Su, Karniadakis: Dying ReLU and initialization, 2020");

    /// <summary>Vanishing gradients.</summary>
    public static Cause VanishingGradients { get; } = new(
        "vanishing_gradients", CauseGroup.Signals, "vanishing-fixes",
        "Hochreiter, 1991; Glorot, Bengio, 2010, eq. 12");

    /// <summary>Exploding gradients.</summary>
    public static Cause ExplodingGradients { get; } = new(
        "exploding_gradients", CauseGroup.Signals, "vanishing-fixes",
        "He and others, ICCV 2015, eq. 14; Philipp, Song, Carbonell: The exploding gradient problem demystified, 2017");

    /// <summary>Gradients exploding in time.</summary>
    public static Cause ExplodingInTime { get; } = new(
        "exploding_in_time", CauseGroup.Signals, "long-term",
        "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, ICML 2013, section 2.1");

    /// <summary>Learning rate too high.</summary>
    public static Cause RateTooHigh { get; } = new(
        "rate_too_high", CauseGroup.Optimization, "rate-decay",
        "LeCun, Bottou, Orr, Mueller: Efficient backprop, 1998, section 4.6");

    /// <summary>Learning rate too low.</summary>
    public static Cause RateTooLow { get; } = new(
        "rate_too_low", CauseGroup.Optimization, "rate-decay",
        "Goodfellow, Bengio, Courville, 2016, section 8.3.1");

    /// <summary>At the edge of stability.</summary>
    public static Cause EdgeOfStability { get; } = new(
        "edge_of_stability", CauseGroup.Optimization, "ill-conditioning",
        "Cohen and others: Gradient descent typically occurs at the edge of stability, ICLR 2021, section 2");

    /// <summary>Learning rate not decayed.</summary>
    public static Cause RateNotDecayed { get; } = new(
        "rate_not_decayed", CauseGroup.Optimization, "rate-decay",
        "Robbins, Monro, 1951; Bottou, Curtis, Nocedal: Optimization methods for large-scale machine learning, 2018, theorem 4.6");

    /// <summary>Ill-conditioned curvature.</summary>
    public static Cause IllConditioning { get; } = new(
        "ill_conditioning", CauseGroup.Optimization, "ill-conditioning",
        "Goodfellow, Bengio, Courville, 2016, section 8.2.1, eq. 8.10");

    /// <summary>Saddle point.</summary>
    public static Cause Saddle { get; } = new(
        "saddle", CauseGroup.Optimization, "saddles",
        "Dauphin and others: Identifying and attacking the saddle point problem, NeurIPS 2014");

    /// <summary>Plateau.</summary>
    public static Cause Plateau { get; } = new(
        "plateau", CauseGroup.Optimization, "local-global",
        "Goodfellow, Bengio, Courville, 2016, section 8.2.3");

    /// <summary>Cliff.</summary>
    public static Cause Cliff { get; } = new(
        "cliff", CauseGroup.Optimization, "cliffs",
        "Pascanu, Mikolov, Bengio, ICML 2013, section 2.3");

    /// <summary>Gradient noise too large.</summary>
    public static Cause GradientNoise { get; } = new(
        "gradient_noise", CauseGroup.Optimization, "mean-error",
        "McCandlish and others: An empirical model of large-batch training, arXiv:1812.06162, eq. 2.9");

    /// <summary>Batch too large.</summary>
    public static Cause BatchTooLarge { get; } = new(
        "batch_too_large", CauseGroup.Optimization, "batch-size",
        "McCandlish and others, arXiv:1812.06162, section 2.3; Keskar and others, ICLR 2017");

    /// <summary>Batch too small.</summary>
    public static Cause BatchTooSmall { get; } = new(
        "batch_too_small", CauseGroup.Optimization, "batch-size",
        "McCandlish and others, arXiv:1812.06162, section 2.3");

    /// <summary>AdaGrad has stalled.</summary>
    public static Cause AdagradStalled { get; } = new(
        "adagrad_stalled", CauseGroup.Optimization, "adagrad-stalls",
        "Zeiler: ADADELTA, 2012, section 3.1");

    /// <summary>Epsilon of the optimizer too large.</summary>
    public static Cause EpsilonTooLarge { get; } = new(
        "epsilon_too_large", CauseGroup.Optimization, "adam-parts",
        "Kingma, Ba: Adam, ICLR 2015, section 2; Choi and others: On empirical comparisons of optimizers, 2019");

    /// <summary>Epsilon of the optimizer too small.</summary>
    public static Cause EpsilonTooSmall { get; } = new(
        "epsilon_too_small", CauseGroup.Optimization, "adam-parts",
        "Kingma, Ba: Adam, ICLR 2015, section 2.1");

    /// <summary>Momentum too high.</summary>
    public static Cause MomentumTooHigh { get; } = new(
        "momentum_too_high", CauseGroup.Optimization, "terminal-velocity",
        "Goodfellow, Bengio, Courville, 2016, eq. 8.17");

    /// <summary>Gradients clipped at every step.</summary>
    public static Cause ClippingEveryStep { get; } = new(
        "clipping_every_step", CauseGroup.Optimization, "cliffs",
        "Pascanu, Mikolov, Bengio, ICML 2013, section 3.2; Zhang and others: Why gradient clipping accelerates training, ICLR 2020");

    /// <summary>Batch normalization with tiny batches.</summary>
    public static Cause BatchnormTinyBatch { get; } = new(
        "batchnorm_tiny_batch", CauseGroup.Generalization, "batchnorm-regularizes",
        "Ioffe: Batch renormalization, NeurIPS 2017; Wu, He: Group normalization, ECCV 2018");

    /// <summary>Batch normalization in the wrong mode.</summary>
    public static Cause BatchnormMode { get; } = new(
        "batchnorm_mode", CauseGroup.Generalization, "batchnorm-init",
        "Ioffe, Szegedy: Batch normalization, ICML 2015, algorithm 2");

    /// <summary>Weight decay too strong.</summary>
    public static Cause DecayTooStrong { get; } = new(
        "decay_too_strong", CauseGroup.Generalization, "weight-decay, dropout",
        "Krogh, Hertz: A simple weight decay can improve generalization, 1992");

    /// <summary>Penalty too strong.</summary>
    public static Cause PenaltyTooStrong { get; } = new(
        "penalty_too_strong", CauseGroup.Generalization, "weight-decay, dropout",
        "Goodfellow, Bengio, Courville, 2016, section 7.1");

    /// <summary>Dropout too strong.</summary>
    public static Cause DropoutTooStrong { get; } = new(
        "dropout_too_strong", CauseGroup.Generalization, "weight-decay, dropout",
        "Srivastava and others: Dropout, JMLR 15, 2014, section 7.3");

    /// <summary>Overfitting.</summary>
    public static Cause Overfitting { get; } = new(
        "overfitting", CauseGroup.Generalization, "early-stop",
        "Goodfellow, Bengio, Courville, 2016, sections 5.2 and 7.8");

    /// <summary>Over-confidence.</summary>
    public static Cause Overconfidence { get; } = new(
        "overconfidence", CauseGroup.Generalization, "surrogate",
        "Guo, Pleiss, Sun, Weinberger: On calibration of modern neural networks, ICML 2017, eq. 2");

    /// <summary>Too few units.</summary>
    public static Cause TooFewUnits { get; } = new(
        "too_few_units", CauseGroup.Capacity, "larger-network",
        "Goodfellow, Bengio, Courville, 2016, section 5.2");

    /// <summary>Too few layers.</summary>
    public static Cause TooFewLayers { get; } = new(
        "too_few_layers", CauseGroup.Capacity, "larger-network",
        "Goodfellow, Bengio, Courville, 2016, sections 6.1 and 6.4.1");

    /// <summary>Too few epochs.</summary>
    public static Cause TooFewEpochs { get; } = new(
        "too_few_epochs", CauseGroup.Capacity, "gradient-descent-kinds",
        "Goodfellow, Bengio, Courville, 2016, section 7.8");

    /// <summary>Inputs not scaled.</summary>
    public static Cause UnscaledInputs { get; } = new(
        "unscaled_inputs", CauseGroup.Data, "ill-conditioning",
        "LeCun, Bottou, Orr, Mueller, 1998, section 4.3");

    /// <summary>Constant inputs.</summary>
    public static Cause ConstantInput { get; } = new(
        "constant_input", CauseGroup.Data, "",
        "Guyon, Elisseeff: An introduction to variable and feature selection, JMLR 3, 2003");

    /// <summary>Wrong or noisy labels.</summary>
    public static Cause LabelNoise { get; } = new(
        "label_noise", CauseGroup.Data, "surrogate",
        "Northcutt, Jiang, Chuang: Confident learning, JAIR 70, 2021, section 3");

    /// <summary>Overlapping classes.</summary>
    public static Cause OverlappingClasses { get; } = new(
        "overlapping_classes", CauseGroup.Data, "surrogate",
        "Duda, Hart, Stork: Pattern classification, 2001, section 2.2");

    /// <summary>Too little data.</summary>
    public static Cause TooLittleData { get; } = new(
        "too_little_data", CauseGroup.Data, "holdout",
        "Hestness and others: Deep learning scaling is predictable, empirically, 2017");

    /// <summary>Class imbalance ignored.</summary>
    public static Cause ImbalanceIgnored { get; } = new(
        "imbalance_ignored", CauseGroup.Data, "bias-init",
        "He, Garcia: Learning from imbalanced data, 2009");

    /// <summary>Data not shuffled.</summary>
    public static Cause UnshuffledData { get; } = new(
        "unshuffled_data", CauseGroup.Data, "shuffle",
        "Bottou: Stochastic gradient descent tricks, 2012, section 4.1");

    /// <summary>Leakage.</summary>
    public static Cause Leakage { get; } = new(
        "leakage", CauseGroup.Data, "holdout",
        "Kaufman, Rosset, Perlich: Leakage in data mining, KDD 2011");

    /// <summary>Softmax applied twice.</summary>
    public static Cause SoftmaxTwice { get; } = new(
        "softmax_twice", CauseGroup.Outputs, "surrogate",
        "Humbatova and others: Taxonomy of real faults in deep learning systems, ICSE 2020");

    /// <summary>Softmax missing.</summary>
    public static Cause SoftmaxMissing { get; } = new(
        "softmax_missing", CauseGroup.Outputs, "surrogate",
        "Humbatova and others, ICSE 2020");

    /// <summary>Loss does not fit outputs or targets.</summary>
    public static Cause LossMismatch { get; } = new(
        "loss_mismatch", CauseGroup.Outputs, "surrogate",
        "Bishop: Pattern recognition and machine learning, 2006, section 4.3.6; Humbatova and others, ICSE 2020");

    /// <summary>Bounded output before a regression.</summary>
    public static Cause BoundedOutput { get; } = new("bounded_output", CauseGroup.Outputs, "saturation", "Bishop, 2006, section 5.2");

    /// <summary>Hidden activation missing.</summary>
    public static Cause ActivationMissing { get; } = new(
        "activation_missing", CauseGroup.Outputs, "larger-network",
        "Goodfellow, Bengio, Courville, 2016, section 6.1");

    /// <summary>Wrong output bias.</summary>
    public static Cause WrongOutputBias { get; } = new(
        "wrong_output_bias", CauseGroup.Outputs, "bias-init",
        "Goodfellow, Bengio, Courville, 2016, section 8.4");

    /// <summary>Numbers that are not finite.</summary>
    public static Cause NonfiniteOrigin { get; } = new(
        "nonfinite_origin", CauseGroup.Process, "",
        "Goldberg: What every computer scientist should know about floating-point arithmetic, 1991");

    /// <summary>Early stopping too early.</summary>
    public static Cause EarlyStoppingTooEarly { get; } = new(
        "early_stopping_too_early", CauseGroup.Process, "early-stop",
        "Prechelt: Early stopping, but when?, 1998");

    /// <summary>No validation data.</summary>
    public static Cause ValidationMissing { get; } = new(
        "validation_missing", CauseGroup.Process, "holdout",
        "Hastie, Tibshirani, Friedman: The elements of statistical learning, 2009, section 7.2");

    /// <summary>Validation set too small.</summary>
    public static Cause ValidationTooSmall { get; } = new(
        "validation_too_small", CauseGroup.Process, "holdout",
        "Guyon, Makhoul, Schwartz, Vapnik: What size test set gives good error rate estimates?, 1998");

    /// <summary>Test data read too often.</summary>
    public static Cause TestReadTooOften { get; } = new(
        "test_read_too_often", CauseGroup.Process, "holdout",
        "Dwork and others: The reusable holdout, Science 349, 2015");

    /// <summary>Wrong gradient.</summary>
    public static Cause WrongGradient { get; } = new(
        "wrong_gradient", CauseGroup.Process, "",
        "Bengio: Practical recommendations for gradient-based training of deep architectures, 2012, section 4.1");

    /// <summary>All causes, by their groups.</summary>
    public static IReadOnlyList<Cause> All { get; } =
    [
        SymmetricStart, WeightsTooLarge, WeightsTooSmall, Saturation, DeadRelu, VanishingGradients, ExplodingGradients,
        ExplodingInTime, RateTooHigh, RateTooLow, EdgeOfStability, RateNotDecayed, IllConditioning, Saddle, Plateau, Cliff,
        GradientNoise, BatchTooLarge, BatchTooSmall, AdagradStalled, EpsilonTooLarge, EpsilonTooSmall, MomentumTooHigh,
        ClippingEveryStep, BatchnormTinyBatch, BatchnormMode, DecayTooStrong, PenaltyTooStrong, DropoutTooStrong, Overfitting,
        Overconfidence, TooFewUnits, TooFewLayers, TooFewEpochs, UnscaledInputs, ConstantInput, LabelNoise, OverlappingClasses,
        TooLittleData, ImbalanceIgnored, UnshuffledData, Leakage, SoftmaxTwice, SoftmaxMissing, LossMismatch, BoundedOutput,
        ActivationMissing, WrongOutputBias, NonfiniteOrigin, EarlyStoppingTooEarly, ValidationMissing, ValidationTooSmall,
        TestReadTooOften, WrongGradient,
    ];
}
