namespace Thalweg.Diagnosis;

/// <summary>Something that is wrong with a run, with the evidence for it and what may be done.</summary>
/// <param name="Cause">What is wrong.</param>
/// <param name="Confidence">How probable it is that this is so and hurts the run, in [0, 1]: a logistic function of
/// <see cref="Strength"/>, calibrated on planted faults.</param>
public sealed record Finding(Cause Cause, double Confidence)
{
    /// <summary>Strength of the evidence: that of its weakest part, from -3 to 3.</summary>
    public double Strength { get; init; }

    /// <summary>How much it explains of what the run lost, from 0; findings are ranked by confidence times weight.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Path of the layer or name of the parameter; empty for the whole run.</summary>
    public string Layer { get; init; } = "";

    /// <summary>Step of the run at which it showed first, from 0.</summary>
    public long Step { get; init; }

    /// <summary>What speaks for it.</summary>
    public ValueList<Evidence> Evidence { get; init; } = ValueList.Of<Evidence>([]);

    /// <summary>What may be done, the most promising first.</summary>
    public ValueList<Fix> Fixes { get; init; } = ValueList.Of<Fix>([]);

    /// <summary>Key of the experiment that told it from look-alikes, as in <c>replay</c>; null where none was needed.</summary>
    public string? Experiment { get; init; }

    /// <summary>What is to be added in a line, as the op of a wrong gradient; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Place of the finding in the order of findings.</summary>
    public double Rank => Confidence * Weight;

    /// <summary>In one line, as in <c>dead ReLU units in 0.1 (98 %, from step 40)</c>.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public string Text(string language = DoctorTexts.English)
    {
        DoctorTexts texts = DoctorTexts.For(language);
        string name = Layer.Length == 0 ? Cause.Name(language) : texts.Format("words.at_layer", Cause.Name(language), Layer);
        string percent = (100 * Confidence).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        return texts.Format("words.finding", name, percent, Step.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The finding as one JSON object, with its texts in a language.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public string ToJson(string language = DoctorTexts.English) => FindingJson.Of(this, language).ToJsonString();

    /// <summary>A finding from its evidence; all of it must hold, so the weakest part counts.</summary>
    /// <param name="cause">What is wrong.</param>
    /// <param name="evidence">What speaks for it.</param>
    internal static Finding Of(Cause cause, params Evidence[] evidence)
    {
        double strength = evidence.Min(item => item.Strength);
        return new Finding(cause, ConfidenceTable.Of(cause, strength))
        {
            Strength = strength,
            Evidence = ValueList.Of<Evidence>(evidence),
            Layer = evidence.FirstOrDefault(item => item.Layer.Length > 0)?.Layer ?? "",
        };
    }

    /// <summary>The same finding with one more piece of evidence.</summary>
    internal Finding With(Evidence evidence, string? experiment = null)
    {
        double strength = Math.Min(Strength, evidence.Strength);
        return this with
        {
            Strength = strength,
            Confidence = ConfidenceTable.Of(Cause, strength),
            Evidence = ValueList.Of<Evidence>([.. Evidence, evidence]),
            Experiment = experiment ?? Experiment,
        };
    }
}
