namespace Thalweg;

/// <summary>One kind of records with text forms, such as rules or losses: its registry.</summary>
/// <param name="type">The abstract record that all derive from.</param>
/// <param name="word">What messages call one, as in <c>rule</c>.</param>
internal sealed class SettingsKind(Type type, string word)
{
    private readonly Dictionary<string, SettingsForm> _byName = new(StringComparer.Ordinal);
    private readonly List<SettingsForm> _forms = [];
    private readonly Lock _lock = new();
    private Func<IEnumerable<SettingsForm>>? _builtIn;

    /// <summary>The abstract record that all derive from.</summary>
    public Type Type { get; } = type;

    /// <summary>What messages call one.</summary>
    public string Word { get; } = word;

    /// <summary>Kinds of one family are read in one place, so that their names must differ.</summary>
    public string Family { get; init; } = word;

    /// <summary>What types end in that is no part of their name in texts; default the word.</summary>
    public string Suffix { get; init; } = word;

    /// <summary>Whether texts hold numbers even where they are the default, so that a text says what runs, whatever
    /// the defaults are.</summary>
    public bool PrintsNumbers { get; init; }

    /// <summary>Whether names of other libraries are read, and not only proposed.</summary>
    public bool ReadsAliases { get; init; }

    /// <summary>Short names that are read, and what they stand for.</summary>
    public IReadOnlyDictionary<string, string> ShortNames { get; init; } = new Dictionary<string, string>();

    /// <summary>How values of types that this kind has are written.</summary>
    public IReadOnlyList<SettingsValue> Values { get; init; } = [];

    /// <summary>The forms of the library, made when the kind is first used.</summary>
    public Func<IEnumerable<SettingsForm>> BuiltIn
    {
        init => _builtIn = value;
    }

    /// <summary>All forms, those of the library first.</summary>
    public SettingsForm[] Forms
    {
        get
        {
            lock (_lock)
            {
                Fill();
                return [.. _forms];
            }
        }
    }

    /// <summary>The form of a name; null where there is none.</summary>
    public SettingsForm? Find(string name)
    {
        lock (_lock)
        {
            Fill();
            string full = ShortNames.GetValueOrDefault(name, name);
            return _byName.TryGetValue(full, out SettingsForm? form) ? form
                : ReadsAliases && Aliases.Find(name, _byName.Keys) is { } meant ? _byName[meant]
                : null;
        }
    }

    /// <summary>Adds a form.</summary>
    public void Add(SettingsForm form)
    {
        lock (_lock)
        {
            Fill();
            Put(form);
        }
    }

    /// <summary>Name of a type in texts unless it has another: in snake case, without the word for the kind at its end.</summary>
    public string NameOf(Type record)
    {
        string name = SettingsText.Snake(record.Name), end = "_" + Suffix;
        return name.EndsWith(end, StringComparison.Ordinal) ? name[..^end.Length] : name;
    }

    private void Put(SettingsForm form)
    {
        _byName.Add(form.Join(this).Name, form);
        _forms.Add(form);
    }

    private void Fill()
    {
        if (_builtIn is not { } forms)
            return;
        _builtIn = null;
        foreach (SettingsForm form in forms())
            Put(form);
    }
}
