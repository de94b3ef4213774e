using Thalweg.Runs;

namespace Thalweg.Faults;

/// <summary>The problems that faults are planted into. Data and networks of the halves are disjoint, and so are the seeds: odd ones
/// calibrate, even ones score.</summary>
internal sealed class ProblemSet
{
    private const string Usual = """
          early_stopping: { patience: 0, keep: last }
        """;

    private readonly string? _folder;

    /// <summary>The problems.</summary>
    /// <param name="folder">Folder of real data, laid out as in its README; null for the drawn data alone.</param>
    public ProblemSet(string? folder = null) => _folder = folder;

    /// <summary>Half circles, a dense network.</summary>
    public Problem Moons { get; } = Of("moons", Half.Calibration, NetworkKind.Dense, $$"""
        data: { source: moons, samples: 600, split: { test: none, validation: 0.3 } }
        network: { layers: "mlp:16,16", activation: relu, initializer: he_normal }
        training:
          batch_size: 32
          epochs: 30
          optimizer: { name: adam, learning_rate: 0.01 }
        {{Usual}}
        """);

    /// <summary>Clouds in eight dimensions, a dense network.</summary>
    public Problem Clouds { get; } = Of("clouds", Half.Calibration, NetworkKind.Dense, $$"""
        data: { source: "{{CloudsFile("clouds")}}", split: { test: none, validation: 0.3 } }
        network: { layers: "mlp:24", activation: relu, initializer: he_normal }
        training:
          batch_size: 32
          epochs: 15
          optimizer: { name: adam, learning_rate: 0.005 }
        {{Usual}}
        """);

    /// <summary>Friedman's function, a dense network.</summary>
    public Problem Friedman { get; } = Of("friedman", Half.Calibration, NetworkKind.Dense, $$"""
        data: { source: "{{FriedmanFile("friedman")}}", split: { test: none, validation: 0.3 } }
        network: { layers: "mlp:32,32", activation: relu, initializer: he_normal }
        training:
          batch_size: 32
          epochs: 30
          optimizer: { name: adam, learning_rate: 0.01 }
        {{Usual}}
        """) with
    {
        IsRegression = true,
    };

    /// <summary>Lines in four directions, a convolutional network.</summary>
    public Problem Bars { get; } = Of("bars", Half.Calibration, NetworkKind.Convolutional, $$"""
        data: { source: "{{BarsFile("bars")}}", split: { test: none, validation: 0.3 } }
        network: { layers: "cnn:8,16+16", activation: relu, initializer: he_normal, normalization: none }
        training:
          batch_size: 32
          epochs: 10
          optimizer: { name: adam, learning_rate: 0.01 }
        {{Usual}}
        """);

    /// <summary>Signs of sums, a recurrent network.</summary>
    public Problem Sums { get; } = new("sums", Half.Calibration, NetworkKind.Recurrent, new Setup(Read($$"""
        data: sums
        network: { layers: "lstm:12+16", activation: relu, initializer: he_normal, normalization: none }
        training:
          batch_size: 32
          epochs: 15
          optimizer: { name: adam, learning_rate: 0.02 }
        {{Usual}}
        """)) { Data = seed => SumSamples().Divide(seed) });

    /// <summary>Spirals, a dense network.</summary>
    public Problem Spirals { get; } = Of("spirals", Half.Scored, NetworkKind.Dense, $$"""
        data: { source: spirals, samples: 900, split: { test: none, validation: 0.3 } }
        network: { layers: "mlp:32,32", activation: relu, initializer: he_normal }
        training:
          batch_size: 32
          epochs: 60
          optimizer: { name: adam, learning_rate: 0.01 }
        {{Usual}}
        """);

    /// <summary>Inside or outside of a sphere, a dense network.</summary>
    public Problem Shells { get; } = Of("shells", Half.Scored, NetworkKind.Dense, $$"""
        data: { source: "{{ShellsFile("shells")}}", split: { test: none, validation: 0.3 } }
        network: { layers: "mlp:40", activation: relu, initializer: he_normal }
        training:
          batch_size: 32
          epochs: 20
          optimizer: { name: adam, learning_rate: 0.01 }
        {{Usual}}
        """);

    /// <summary>A wave over three numbers, a dense network.</summary>
    public Problem Waves { get; } = Of("waves", Half.Scored, NetworkKind.Dense, $$"""
        data: { source: "{{WavesFile("waves")}}", split: { test: none, validation: 0.3 } }
        network: { layers: "mlp:40,24", activation: relu, initializer: he_normal }
        training:
          batch_size: 32
          epochs: 40
          optimizer: { name: adam, learning_rate: 0.01 }
        {{Usual}}
        """) with
    {
        IsRegression = true,
    };

    /// <summary>Discs, rings and crosses, a convolutional network.</summary>
    public Problem Blots { get; } = Of("blots", Half.Scored, NetworkKind.Convolutional, $$"""
        data: { source: "{{BlotsFile("blots")}}", split: { test: none, validation: 0.3 } }
        network: { layers: "cnn:6,12+24", activation: relu, initializer: he_normal, normalization: none }
        training:
          batch_size: 32
          epochs: 10
          optimizer: { name: adam, learning_rate: 0.01 }
        {{Usual}}
        """);

    /// <summary>Which of two marks comes first, a recurrent network.</summary>
    public Problem Orders { get; } = new("orders", Half.Scored, NetworkKind.Recurrent, new Setup(Read($$"""
        data: orders
        network: { layers: "gru:12+12", activation: relu, initializer: he_normal, normalization: none }
        training:
          batch_size: 32
          epochs: 15
          optimizer: { name: adam, learning_rate: 0.02 }
        {{Usual}}
        """)) { Data = seed => OrderSamples().Divide(seed) });

    /// <summary>Handwritten digits of 8 x 8 pixels, a convolutional network; null without real data.</summary>
    public Problem? Digits => Real("digits", Half.Calibration, NetworkKind.Convolutional, RealData.Digits, """
        network: { layers: "cnn:12,16+32", activation: relu, initializer: he_normal, normalization: none }
        training: { batch_size: 32, epochs: 8, optimizer: { name: adam, learning_rate: 0.01 }, early_stopping: { patience: 0, keep: last } }
        """);

    /// <summary>Heating load of buildings, a dense network; null without real data.</summary>
    public Problem? Energy => Real("energy", Half.Calibration, NetworkKind.Dense, RealData.Energy, """
        network: { layers: "mlp:32,32", activation: relu, initializer: he_normal }
        training: { batch_size: 32, epochs: 40, optimizer: { name: adam, learning_rate: 0.01 }, early_stopping: { patience: 0, keep: last } }
        """) is { } problem ? problem with { IsRegression = true } : null;

    /// <summary>Images of MNIST at a quarter of their size, a convolutional network; null without real data.</summary>
    public Problem? Mnist => Real("mnist", Half.Scored, NetworkKind.Convolutional, RealData.Mnist, """
        network: { layers: "cnn:6,12+24", activation: relu, initializer: he_normal, normalization: none }
        training: { batch_size: 32, epochs: 8, optimizer: { name: adam, learning_rate: 0.005 }, early_stopping: { patience: 0, keep: last } }
        """);

    /// <summary>Cells of the breast, a dense network; null without real data.</summary>
    public Problem? Cells => Real("cells", Half.Scored, NetworkKind.Dense, RealData.Cells, """
        network: { layers: "mlp:12", activation: relu, initializer: he_normal }
        training: { batch_size: 32, epochs: 15, optimizer: { name: adam, learning_rate: 0.003 }, early_stopping: { patience: 0, keep: last } }
        """);

    /// <summary>All problems that there are data for.</summary>
    public IReadOnlyList<Problem> All =>
    [
        Moons, Clouds, Friedman, Bars, Sums, Spirals, Shells, Waves, Blots, Orders,
        .. new[] { Digits, Energy, Mnist, Cells }.OfType<Problem>(),
    ];

    /// <summary>The problems of classes.</summary>
    public IReadOnlyList<Problem> Classes => [.. All.Where(problem => !problem.IsRegression)];

    /// <summary>The sequences of <see cref="Sums"/>.</summary>
    public static Samples SumSamples(int count = 700, int length = 10, double wrong = 0) => Classed(Draws.Sums(count, length, wrong), length, 1);

    /// <summary>The sequences of <see cref="Orders"/>.</summary>
    public static Samples OrderSamples(int count = 700, int length = 10, double wrong = 0) =>
        Classed(Draws.Orders(count, length, wrong), length, 3);

    /// <summary>Sequences whose first step counts.</summary>
    public static Samples RecallSamples(int count, int length) => Classed(Draws.Recall(count, length), length, 1);

    /// <summary>The same sequences with a number to learn.</summary>
    public static Samples Numbered((float[] X, int[] Labels, float[] Numbers) drawn, int length, int width) =>
        new(drawn.X, [length, width], null, drawn.Numbers);

    /// <summary>Writes <see cref="Clouds"/>.</summary>
    public static string CloudsFile(string name, int count = 700, double spread = 0.9, double wrong = 0, double rare = 0, bool isSorted = false) =>
        DataFolder.Table(name, Columns(8), Draws.Clouds(count, spread, wrong, rare, isSorted));

    /// <summary>Writes <see cref="Shells"/>.</summary>
    public static string ShellsFile(string name, int count = 800, double spread = 0.15, double wrong = 0, double rare = 0, bool isSorted = false) =>
        DataFolder.Table(name, Columns(5), Draws.Shells(count, spread, wrong, rare, isSorted));

    /// <summary>Writes <see cref="Friedman"/>.</summary>
    public static string FriedmanFile(string name, int count = 700, double noise = 0.5) =>
        DataFolder.Table(name, Columns(5), Draws.Friedman(count, noise));

    /// <summary>Writes <see cref="Waves"/>.</summary>
    public static string WavesFile(string name, int count = 900, double noise = 0.05) =>
        DataFolder.Table(name, Columns(3), Draws.Waves(count, noise));

    /// <summary>Writes <see cref="Bars"/>.</summary>
    public static string BarsFile(string name, int count = 600, double noise = 40, double wrong = 0, bool isSorted = false)
    {
        (byte[] images, byte[] labels) = Draws.Bars(count, noise, wrong, isSorted);
        return DataFolder.Images(name, Draws.Side, images, labels);
    }

    /// <summary>Writes <see cref="Blots"/>.</summary>
    public static string BlotsFile(string name, int count = 900, double noise = 40, double wrong = 0, bool isSorted = false)
    {
        (byte[] images, byte[] labels) = Draws.Blots(count, noise, wrong, isSorted);
        return DataFolder.Images(name, Draws.Side, images, labels);
    }

    private static string[] Columns(int inputs) => [.. Enumerable.Range(0, inputs).Select(i => $"x{i}"), "target"];

    private static Samples Classed((float[] X, int[] Labels, float[] Numbers) drawn, int length, int width) =>
        new(drawn.X, [length, width], drawn.Labels, null);

    private static Problem Of(string name, Half half, NetworkKind kind, string yaml) => new(name, half, kind, new Setup(Read(yaml)));

    private static Recipe Read(string yaml) => Recipe.Parse(yaml);

    private Problem? Real(string name, Half half, NetworkKind kind, Func<string, string?> data, string yaml) =>
        _folder is not null && data(_folder) is { } source
            ? Of(name, half, kind, source + "\n" + yaml) with { IsReal = true }
            : null;
}
