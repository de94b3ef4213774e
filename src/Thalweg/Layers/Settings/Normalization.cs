namespace Thalweg.Layers;

/// <summary>How the hidden layers of a network are normalized: <c>batch(momentum=0.9)</c>, <c>layer</c>, <c>group(8)</c>.</summary>
/// <remarks>
/// A custom normalization derives from it, says which layer normalizes the outputs (<see cref="LayerFor"/>) or wraps the layers whose
/// weights it normalizes (<see cref="Wrap"/>), and joins by <see cref="Thalweg.Settings.Register{TRecord}"/>:
/// <code>
/// public sealed record UnitVarianceNormalization : Normalization
/// {
///     public override LayerSettings? LayerFor(bool isImage) =&gt; new UnitVarianceSettings();
/// }
/// </code>
/// </remarks>
public abstract record Normalization : SettingsRecord
{
    /// <summary>Whether normalization follows the activation instead of preceding it; default false (Ioffe, Szegedy, ICML 2015, section
    /// 3.2). Texts may also say it by a name such as <c>batch-after</c>.</summary>
    public bool AfterActivation { get; init; }

    /// <summary>Whether it normalizes weights, by <see cref="Wrap"/>, and not outputs; default false.</summary>
    public virtual bool IsOfWeights => false;

    /// <summary>Whether it takes a mean off the outputs, so that a bias before it has no effect and is left out; default true.</summary>
    public virtual bool RemovesMean => true;

    /// <inheritdoc/>
    protected override string? Conflict => AfterActivation && IsOfWeights
        ? "expected after_activation=false, because weights are normalized and not outputs, got true; leave it out" : null;

    /// <summary>The layer that normalizes the outputs of a hidden layer.</summary>
    /// <param name="isImage">Whether they are images <c>[channels, height, width]</c>, as those of a convolution, or units
    /// <c>[units]</c>.</param>
    /// <returns>The layer; null where such outputs stay as they are.</returns>
    /// <exception cref="ThalwegException">There is no form for such outputs: the message names another normalization.</exception>
    public virtual LayerSettings? LayerFor(bool isImage) => null;

    /// <summary>A hidden layer with its weight normalized; default the layer itself.</summary>
    /// <param name="layer">The layer.</param>
    public virtual LayerSettings Wrap(LayerSettings layer) => layer;
}
