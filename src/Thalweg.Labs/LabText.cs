namespace Thalweg.Labs;

/// <summary>Languages that labs and their report are written in.</summary>
public enum LabLanguage
{
    /// <summary>English.</summary>
    English,

    /// <summary>Simplified Chinese.</summary>
    Chinese,
}

/// <summary>A text in both languages.</summary>
/// <param name="English">The English text.</param>
/// <param name="Chinese">The Chinese text.</param>
public sealed record LabText(string English, string Chinese)
{
    /// <summary>The text in a language.</summary>
    /// <param name="language">The language.</param>
    public string In(LabLanguage language) => language == LabLanguage.Chinese ? Chinese : English;

    /// <summary>The English text.</summary>
    public override string ToString() => English;

    /// <summary>A text from its English and its Chinese form.</summary>
    /// <param name="texts">Both forms.</param>
    public static implicit operator LabText((string English, string Chinese) texts) => new(texts.English, texts.Chinese);

    /// <summary>A text that is the same in both languages, such as a formula, a setting or a name.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator LabText(string text) => new(text, text);
}
