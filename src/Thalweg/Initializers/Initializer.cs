namespace Thalweg.Initializers;

/// <summary>A way to give a parameter its starting value; a value type of its own: equal settings are equal.</summary>
/// <remarks>
/// For a weight of shape <c>[in, out]</c> (leading axes multiply both), fan-in is the number of inputs of a unit and fan-out the number
/// of units that an input feeds. A custom one overrides <see cref="Fill(Tensor, ref RandomStream)"/>;
/// <see cref="Settings.Register{TRecord}"/> gives it a name for texts and model files.
/// </remarks>
public abstract record Initializer : Described
{
    /// <summary>All zeros. For biases; for weights it leaves units alike for ever.</summary>
    public static Initializer Zeros { get; } = new ZerosInitializer();

    /// <summary>All ones.</summary>
    public static Initializer Ones { get; } = new OnesInitializer();

    /// <summary>The law it draws from; empty unless the initializer says.</summary>
    public override string Formula => "";

    /// <summary>Publication, with the number of the equation where there is one; empty unless the initializer says.</summary>
    public override string Source => "";

    /// <summary>All elements equal.</summary>
    /// <param name="value">Their value.</param>
    public static Initializer Constant(double value) => value switch
    {
        0 => Zeros,
        1 => Ones,
        _ => new ConstantInitializer(value),
    };

    /// <summary>N(mean, deviation^2).</summary>
    /// <param name="deviation">Standard deviation, 0 or more; default 0.01.</param>
    /// <param name="mean">Mean; default 0.</param>
    public static Initializer Normal(double deviation = 0.01, double mean = 0) => new NormalInitializer(deviation, mean);

    /// <summary>N(mean, deviation^2), given that the number lies between low and high; the law's own deviation is smaller.</summary>
    /// <param name="deviation">Standard deviation before truncation, above 0; default 0.02.</param>
    /// <param name="mean">Mean before truncation; default 0.</param>
    /// <param name="low">Lower end; default two deviations below the mean.</param>
    /// <param name="high">Upper end, above the lower one; default two deviations above the mean.</param>
    public static Initializer TruncatedNormal(double deviation = 0.02, double mean = 0, double? low = null, double? high = null) =>
        new TruncatedNormalInitializer(deviation, mean, low, high);

    /// <summary>U[low, high).</summary>
    /// <param name="low">Lower end; default -0.05.</param>
    /// <param name="high">Upper end, above the lower one; default 0.05.</param>
    public static Initializer Uniform(double low = -0.05, double high = 0.05) => new UniformInitializer(low, high);

    /// <summary>Variance gain^2 / fan; with fan-in it is the N(0, 1 / fanIn) that some texts call by this name. Source: Glorot,
    /// Bengio, AISTATS 2010.</summary>
    /// <param name="law">Distribution.</param>
    /// <param name="gain">Factor for the activation, above 0, see <see cref="Gain"/>; default 1.</param>
    /// <param name="fan">Which fan; default their mean.</param>
    public static Initializer Xavier(Distribution law, double gain = 1, Fan fan = Fan.Average) => law switch
    {
        Distribution.Uniform => new XavierUniformInitializer(gain, fan),
        Distribution.Normal => new XavierNormalInitializer(gain, fan),
        _ => new XavierTruncatedInitializer(gain, fan),
    };

    /// <summary>U(-a, a) with a = gain sqrt(6 / (fanIn + fanOut)). Source: Glorot, Bengio, AISTATS 2010, eq. (16).</summary>
    /// <param name="gain">Factor for the activation; default 1.</param>
    public static Initializer XavierUniform(double gain = 1) => Xavier(Distribution.Uniform, gain);

    /// <summary>N(0, gain^2 2 / (fanIn + fanOut)). Source: Glorot, Bengio, AISTATS 2010, eq. (12).</summary>
    /// <param name="gain">Factor for the activation; default 1.</param>
    public static Initializer XavierNormal(double gain = 1) => Xavier(Distribution.Normal, gain);

    /// <summary>Variance 2 / ((1 + a^2) fan). Source: He and others, ICCV 2015, eq. (10) for fan-in, (14) for fan-out, (15)
    /// for a slope.</summary>
    /// <param name="law">Distribution.</param>
    /// <param name="slope">Slope a of the rectifier for negative numbers; default 0.</param>
    /// <param name="fan">Which fan; default that of the inputs.</param>
    public static Initializer He(Distribution law, double slope = 0, Fan fan = Fan.In) => law switch
    {
        Distribution.Uniform => new HeUniformInitializer(slope, fan),
        Distribution.Normal => new HeNormalInitializer(slope, fan),
        _ => new HeTruncatedInitializer(slope, fan),
    };

    /// <summary>U(-b, b) with b = sqrt(6 / fanIn). Source: He and others, ICCV 2015, eq. (10), as a uniform distribution
    /// of that variance.</summary>
    public static Initializer HeUniform() => He(Distribution.Uniform);

    /// <summary>N(0, 2 / fanIn). Source: He and others, ICCV 2015, eq. (10).</summary>
    public static Initializer HeNormal() => He(Distribution.Normal);

    /// <summary>Variance 1 / fanIn. Source: LeCun, Bottou, Orr, Mueller, Efficient BackProp, 1998, eq. (16).</summary>
    /// <param name="law">Distribution; default normal.</param>
    public static Initializer LeCun(Distribution law = Distribution.Normal) => law switch
    {
        Distribution.Uniform => new LeCunUniformInitializer(),
        Distribution.Normal => new LeCunNormalInitializer(),
        _ => new LeCunTruncatedInitializer(),
    };

    /// <summary>Variance scale / fan.</summary>
    /// <param name="scale">Factor of the variance, above 0; default 1.</param>
    /// <param name="fan">Which fan; default that of the inputs.</param>
    /// <param name="law">Distribution; default truncated normal.</param>
    public static Initializer VarianceScaling(double scale = 1, Fan fan = Fan.In, Distribution law = Distribution.Truncated) =>
        new VarianceScalingInitializer(scale, fan, law);

    /// <summary>U(-1 / sqrt(n), 1 / sqrt(n)): how the layers of PyTorch start. Source: the heuristic of Glorot, Bengio, AISTATS
    /// 2010, eq. (1).</summary>
    /// <param name="inputs">The number n, for biases and recurrent layers; default 0, the fan-in of the weight.</param>
    public static Initializer FanInUniform(int inputs = 0) => new FanInUniformInitializer(inputs);

    /// <summary>Orthonormal rows or columns, whichever are fewer, times a gain. Source: Saxe, McClelland, Ganguli, ICLR 2014.</summary>
    /// <param name="gain">Factor; default 1.</param>
    /// <param name="signFix">Whether signs are made those of Haar's uniform law (Mezzadri 2007); default true.</param>
    public static Initializer Orthogonal(double gain = 1, bool signFix = true) => new OrthogonalInitializer(gain, signFix);

    /// <summary>Few normal weights into each unit, the others 0. Source: Martens, ICML 2010, section 5.</summary>
    /// <param name="inputs">Weights other than 0 of each unit, 1 or more; all where the unit has fewer inputs. Default 15.</param>
    /// <param name="deviation">Their standard deviation, above 0; default 1.</param>
    public static Initializer Sparse(int inputs = 15, double deviation = 1) => new SparseInitializer(inputs, deviation);

    /// <summary>Normal weights, a share of those of each input 0: the form of <c>torch.nn.init.sparse_</c>.</summary>
    /// <param name="fraction">Share of zeros, 0 to 1, rounded up to whole weights; default 0.9.</param>
    /// <param name="deviation">Standard deviation of the others, above 0; default 0.01.</param>
    public static Initializer SparseFraction(double fraction = 0.9, double deviation = 0.01) =>
        new SparseFractionInitializer(fraction, deviation);

    /// <summary>A matrix <c>[in, out]</c> with a gain on its diagonal. Source: Le, Jaitly, Hinton 2015, section 3.</summary>
    /// <param name="gain">The diagonal; default 1.</param>
    public static Initializer Identity(double gain = 1) => new IdentityInitializer(gain);

    /// <summary>A convolution that passes its channels through: 1 in the middle of the window.</summary>
    /// <param name="groups">Groups of channels, a divisor of the outputs; default 1.</param>
    public static Initializer Dirac(int groups = 1) => new DiracInitializer(groups);

    /// <summary>The default for a layer that ends in the given activation: He for the ReLU family, Xavier for those that are
    /// linear near 0.</summary>
    /// <param name="activation">Activation of the layer.</param>
    public static Initializer ForActivation(Activation activation) => activation switch
    {
        Activation.Relu or Activation.LeakyRelu or Activation.Elu or Activation.Gelu or Activation.Silu or Activation.Softplus
            or Activation.Relu6 or Activation.Celu or Activation.GeluTanh or Activation.Mish or Activation.HardSwish => HeNormal(),
        Activation.Selu => LeCun(),
        _ => XavierUniform(),
    };

    /// <summary>Whether values depend on which axis counts the units, as where a unit has a fixed number of weights.</summary>
    internal virtual bool SeesUnits => false;

    /// <summary>Fills a parameter.</summary>
    /// <param name="target">Contiguous Float32 or Float64 tensor; a weight is <c>[window..., in, out]</c>, and its fans are those
    /// of its shape.</param>
    /// <param name="stream">Source of random draws.</param>
    public abstract void Fill(Tensor target, ref RandomStream stream);

    /// <summary>Fills a parameter whose fans are known: override it where they matter; without that they are ignored.</summary>
    /// <param name="target">Contiguous Float32 or Float64 tensor; a weight is <c>[window..., in, out]</c>.</param>
    /// <param name="fans">Inputs of a unit, and units that an input feeds.</param>
    /// <param name="stream">Source of random draws.</param>
    public virtual void Fill(Tensor target, Fans fans, ref RandomStream stream) => Fill(target, ref stream);

    /// <summary>Fills a weight whose axes are in the given order.</summary>
    /// <param name="target">Contiguous Float32 or Float64 tensor.</param>
    /// <param name="layout">Order of its axes.</param>
    /// <param name="stream">Source of random draws.</param>
    public void Fill(Tensor target, WeightLayout layout, ref RandomStream stream) => Fill(target, layout, null, ref stream);

    /// <summary>Fills a weight whose axes are in the given order.</summary>
    /// <param name="target">Contiguous Float32 or Float64 tensor.</param>
    /// <param name="layout">Order of its axes.</param>
    /// <param name="fans">Inputs of a unit, and units that an input feeds; null: those of the shape.</param>
    /// <param name="stream">Source of random draws.</param>
    public void Fill(Tensor target, WeightLayout layout, Fans? fans, ref RandomStream stream)
    {
        Shape shape = target.Shape;
        if (layout == WeightLayout.InputsFirst || shape.Rank < 2)
        {
            Draw(target, fans, ref stream);
            return;
        }

        // Draws run through a transposed convolution as through a plain one, unless an axis of units must be known.
        int units = layout == WeightLayout.InputsFirstWindowLast && SeesUnits ? 1 : 0, taps = (int)shape.LengthOf(2, shape.Rank);
        int outputs = shape[units], inputs = shape[1 - units];
        Tensor filled = Tensor.Zeros([.. shape.ToArray()[2..], inputs, outputs], target.DType);
        Draw(filled, fans ?? FansOf(shape, layout), ref stream);
        Tensor window = filled.Reshape([taps, inputs, outputs]);
        window = units == 0 ? window.Transpose(0, 2) : window.Transpose(0, 2).Transpose(0, 1);
        target.Assign(window.Contiguous().Reshape(shape));
    }

    /// <summary>Fans where the axes are not in the order that the draws need; null where the shape gives them.</summary>
    private static Fans? FansOf(Shape shape, WeightLayout layout) =>
        layout == WeightLayout.InputsFirstWindowLast ? Fans.Of(shape, layout) : null;

    private void Draw(Tensor target, Fans? fans, ref RandomStream stream)
    {
        if (fans is { } known)
            Fill(target, known, ref stream);
        else
            Fill(target, ref stream);
    }

    /// <summary>The text under which a file keeps it.</summary>
    /// <exception cref="ThalwegException">The text would not be read back: the initializer is not registered.</exception>
    internal string Written() => Settings.CanReadBack(this)
        ? ToString()
        : throw new ThalwegException(
            $"[initializer] expected a registered one, which a file can name, got {GetType().Name}, written '{this}', which could not " +
            "be read again; before saving call Settings.Register for it, or set the parameter's Initializer to another: its weights are " +
            "kept as they are");
}
