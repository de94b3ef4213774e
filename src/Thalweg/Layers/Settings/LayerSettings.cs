namespace Thalweg.Layers;

/// <summary>What a layer is built for.</summary>
/// <param name="Shape">Shape of one sample, without the batch: <c>[features]</c>, <c>[channels, height, width]</c>,
/// <c>[channels, length]</c> or <c>[time, features]</c>.</param>
/// <param name="Outputs">Outputs that the task asks of the network, 1 or more; what <see cref="OutputSettings"/> gives.</param>
public readonly record struct LayerInput(Shape Shape, int Outputs = 1);

/// <summary>A layer, without weights, and what leaves it.</summary>
/// <param name="Module">The layer.</param>
/// <param name="Output">Shape of one sample that leaves it, without the batch.</param>
public readonly record struct BuiltLayer(Module Module, Shape Output);

/// <summary>A layer by its settings: what a text such as <c>dense(128, activation=relu)</c> names. It is built for the samples
/// that reach it.</summary>
/// <remarks>A user's own derives from it, builds a module, and joins by <see cref="Thalweg.Settings.Register{TRecord}"/>; it then stands in
/// the text of a network like those of the library.</remarks>
public abstract record LayerSettings : SettingsRecord
{
    /// <summary>Builds the layer, without weights.</summary>
    /// <param name="input">What reaches it.</param>
    /// <exception cref="ThalwegException">The samples do not fit: the message says what is expected.</exception>
    public abstract BuiltLayer Build(LayerInput input);

    /// <summary>The error for samples that do not fit.</summary>
    /// <param name="expected">What is expected, as in <c>images [channels, height, width]</c>.</param>
    /// <param name="found">Shape of one sample.</param>
    /// <param name="remedy">What to do.</param>
    protected ThalwegException Unfit(string expected, Shape found, string remedy) =>
        new($"[{Thalweg.Settings.NameOf(GetType())}] expected {expected}, got samples {found}; {remedy}");

    /// <summary>The shape with another last axis.</summary>
    private protected static Shape WithLast(Shape shape, int size) => shape.With(shape.Rank - 1, size);

    /// <summary>Gives parameters of a role another start.</summary>
    private protected static void Start(Parameter? parameter, Initializers.Initializer? initializer)
    {
        if (parameter is not null && initializer is not null)
            parameter.Initializer = initializer;
    }
}
