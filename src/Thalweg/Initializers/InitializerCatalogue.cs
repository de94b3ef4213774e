namespace Thalweg.Initializers;

/// <summary>All initializers by name, with their formulas and sources: the table that texts and lists are made from.</summary>
internal static class InitializerCatalogue
{
    private const string Glorot =
        "Glorot, Bengio, AISTATS 2010", He = "He and others, ICCV 2015", Keras = "Chollet and others, Keras: VarianceScaling",
        LeCun = "LeCun, Bottou, Orr, Mueller: Efficient BackProp, 1998, eq. (16)", Torch = "Paszke and others, PyTorch, torch.nn.init";

    private static readonly string[] s_gain = ["gain=1"], s_he = ["a=0", "fan=fan_in"], s_xavier = ["gain=1", "fan=fan_average"];

    public static IReadOnlyList<InitializerEntry> All { get; } =
    [
        .. Plain(),
        .. Laws("xavier", s_xavier, (law, t) => Initializer.Xavier(law, t.Number(0) ?? 1, t.Choice<Fan>(1) ?? Fan.Average),
            "gain^2 / fan, the fan being (fanIn + fanOut) / 2", $"{Glorot}, eq. (12) and (16)", "tanh, sigmoid, softsign and linear " +
            "layers"),
        .. Laws("he", s_he, (law, t) => Initializer.He(law, t.Number(0) ?? 0, t.Choice<Fan>(1) ?? Fan.In),
            "2 / ((1 + a^2) fan), a the slope for negative numbers", $"{He}, eq. (10), (14) and (15)", "layers of the ReLU family"),
        .. Laws("lecun", [], (law, _) => Initializer.LeCun(law), "1 / fanIn", LeCun, "SELU, and tanh in LeCun's scaling"),
        .. Structured(),
    ];

    /// <summary>Reads an initializer from its text.</summary>
    public static Initializer Parse(string text)
    {
        string name = FullName(InitializerText.Split(text).Name);
        InitializerEntry entry = All.FirstOrDefault(entry => entry.Name == name)
            ?? throw new ThalwegException(
                $"[initializer] expected one of {string.Join(", ", Initializer.Names)}, got '{text}'; choose one of them");
        return entry.Make(InitializerText.Read(text, entry.ParameterNames));
    }

    /// <summary>Whether a text is read back as the given initializer.</summary>
    public static bool Reads(string text, Initializer initializer)
    {
        try
        {
            return Parse(text) == initializer;
        }
        catch (ThalwegException)
        {
            return false;
        }
    }

    /// <summary>The name that a short one stands for.</summary>
    public static string FullName(string name) => name switch
    {
        "xavier" => "xavier_uniform",
        "he" => "he_normal",
        _ => name,
    };

    private static InitializerEntry[] Plain() =>
    [
        new("zeros", [], "w = 0", "folklore", "biases; weights would stay alike for ever") { Make = _ => Initializer.Zeros },
        new("ones", [], "w = 1", "folklore", "scales of normalizations") { Make = _ => Initializer.Ones },
        new("constant", ["value=0"], "w = value", "folklore",
            "biases: 0.1 for ReLU, 1 for the forget gate of an LSTM") { Make = t => Initializer.Constant(t.Number(0) ?? 0) },
        new("normal", ["deviation=0.01", "mean=0"], "N(mean, deviation^2)", "Krizhevsky, Sutskever, Hinton, NIPS 2012, section 5",
            "when fans do not matter: embeddings, shallow nets")
        {
            Make = t => Initializer.Normal(t.Number(0) ?? 0.01, t.Number(1) ?? 0),
        },
        new("uniform", ["low=-0.05", "high=0.05"], "U(low, high)", "folklore",
            "as normal, with bounds") { Make = t => Initializer.Uniform(t.Number(0) ?? -0.05, t.Number(1) ?? 0.05) },
        new("truncated_normal", ["deviation=0.02", "mean=0", "low=mean-2 deviation", "high=mean+2 deviation"], "N(mean, deviation^2) " +
            "given low <= w <= high", $"{Torch}.trunc_normal_", "Transformers")
        {
            Make = t => Initializer.TruncatedNormal(t.Number(0) ?? 0.02, t.Number(1) ?? 0, t.Number(2), t.Number(3)),
        },
    ];

    private static IEnumerable<InitializerEntry> Laws(
        string family, string[] parameters, Func<Law, InitializerText, Initializer> make, string variance, string source, string use) =>
        Enum.GetValues<Law>().Select(law => new InitializerEntry($"{family}_{InitializerText.Name(law)}", parameters, law switch
        {
            Law.Uniform => $"U(-s, s), s = sqrt(3 v), v = {variance}",
            Law.Normal => $"N(0, v), v = {variance}",
            _ => $"N(0, v / 0.8796^2) given |w| <= 2 sqrt(v) / 0.8796, v = {variance}",
        }, law == Law.Truncated ? $"{source}; truncation: {Keras}" : source, use)
        {
            Make = text => make(law, text),
        });

    private static InitializerEntry[] Structured() =>
    [
        new("variance_scaling", ["scale=1", "fan=fan_in", "law=truncated"], "variance scale / fan", Keras, "any other combination of fan " +
            "and law")
        {
            Make = t => Initializer.VarianceScaling(t.Number(0) ?? 1, t.Choice<Fan>(1) ?? Fan.In, t.Choice<Law>(2) ?? Law.Truncated),
        },
        new("fan_in_uniform", ["inputs=0"], "U(-1/sqrt(n), 1/sqrt(n)), n = inputs, or fanIn where inputs is 0", $"{Glorot}, eq. (1)",
            "to start as PyTorch's layers do, biases too")
        {
            Make = t => Initializer.FanInUniform(t.Integer(0) ?? 0),
        },
        new("orthogonal", [.. s_gain, "sign_fix=true"], "gain Q of a normal matrix = Q R, columns of Q times the signs of R's " +
            "diagonal", "Saxe, McClelland, Ganguli, ICLR 2014; sign: Mezzadri 2007", "deep linear, recurrent and very deep nets")
        {
            Make = t => Initializer.Orthogonal(t.Number(0) ?? 1, t.Flag(1) ?? true),
        },
        new("sparse", ["inputs=15", "deviation=1"], "N(0, deviation^2) for that many random inputs of each unit, else 0",
            "Martens, ICML 2010, section 5", "Hessian-free training of deep nets")
        {
            Make = t => Initializer.Sparse(t.Integer(0) ?? 15, t.Number(1) ?? 1),
        },
        new("sparse_fraction", ["fraction=0.9", "deviation=0.01"], "N(0, deviation^2), ceil(fraction out) random weights of each input " +
            "0", $"{Torch}.sparse_", "as sparse, counted in shares")
        {
            Make = t => Initializer.SparseFraction(t.Number(0) ?? 0.9, t.Number(1) ?? 0.01),
        },
        new("identity", s_gain, "w[i, j] = gain if i = j else 0", "Le, Jaitly, Hinton 2015, section 3", "recurrent ReLU layers, layers " +
            "to be passed through")
        {
            Make = t => Initializer.Identity(t.Number(0) ?? 1),
        },
        new("dirac", ["groups=1"], "1 in the middle of the window from channel i of each group to channel i, else 0", $"{Torch}.dirac_",
            "convolutions to be passed through")
        {
            Make = t => Initializer.Dirac(t.Integer(0) ?? 1),
        },
    ];
}
