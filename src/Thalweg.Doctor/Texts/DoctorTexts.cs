using System.Globalization;
using System.Text.Json;

namespace Thalweg.Diagnosis;

/// <summary>The texts of the doctor in one language: a table of keys and texts with places <c>{0}</c>.</summary>
public sealed class DoctorTexts
{
    /// <summary>English.</summary>
    public const string English = "en";

    /// <summary>Chinese.</summary>
    public const string Chinese = "zh";

    private static readonly Dictionary<string, Lazy<DoctorTexts>> s_tables =
        Languages.ToDictionary(language => language, language => new Lazy<DoctorTexts>(() => Read(language)));

    private readonly Dictionary<string, string> _texts;

    private DoctorTexts(string language, Dictionary<string, string> texts) => (Language, _texts) = (language, texts);

    /// <summary>The languages: <c>en</c> and <c>zh</c>.</summary>
    public static IReadOnlyList<string> Languages => [English, Chinese];

    /// <summary>The language.</summary>
    public string Language { get; }

    /// <summary>All keys, in the order of the table.</summary>
    public IReadOnlyCollection<string> Keys => _texts.Keys;

    /// <summary>The text of a key.</summary>
    /// <param name="key">The key, as in <c>cause.dead_relu.name</c>.</param>
    /// <exception cref="ThalwegException">There is no such key.</exception>
    public string this[string key] => _texts.TryGetValue(key, out string? text)
        ? text
        : throw new ThalwegException($"[doctor] expected a text for '{key}' in {Language}, got none; add it to Texts/{Language}.json");

    /// <summary>The texts of a language.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    /// <exception cref="ThalwegException">There are none.</exception>
    public static DoctorTexts For(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return s_tables.TryGetValue(language, out Lazy<DoctorTexts>? table)
            ? table.Value
            : throw new ThalwegException($"[doctor] expected the language {string.Join(" or ", Languages)}, got '{language}'");
    }

    /// <summary>The text of a key with its places filled in.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">What stands in place of <c>{0}</c>, <c>{1}</c> and so on.</param>
    /// <exception cref="ThalwegException">There is no such key.</exception>
    public string Format(string key, params object[] values) => string.Format(CultureInfo.InvariantCulture, this[key], values);

    private static DoctorTexts Read(string language)
    {
        Dictionary<string, string> texts = [];
        foreach (string table in (string[])[$"{language}.json", $"report-{language}.json"])
        {
            using Stream stream = typeof(DoctorTexts).Assembly.GetManifestResourceStream(table)!;
            foreach ((string key, string text) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
                texts.Add(key, text);
        }

        return new(language, texts);
    }
}
