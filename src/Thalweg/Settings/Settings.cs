using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>Reads, prints and registers records of settings: rules, optimizers, minimizers, schedules, regularizers, initializers, losses,
/// layers and whatever kinds are added.</summary>
/// <remarks>
/// One grammar serves all: <c>name(value, key=value, ...)</c>, where a value is a number, a word, a list <c>[a, b]</c> or such a text
/// again. What is left out has its default; what is not known is an error that names the nearest. What a program registers is known to the
/// whole process from then on: register before the first text is read. All members may be called from any thread.
/// </remarks>
public static class Settings
{
    private static readonly ConcurrentDictionary<Type, SettingsKind> s_kinds = new();
    private static readonly ConcurrentDictionary<Type, SettingsForm?> s_forms = new();
    private static readonly Lock s_registration = new();

    /// <summary>Adds a record to its kind, so that it is printed, read and found like those of the library.</summary>
    /// <typeparam name="TRecord">A record that derives from the abstract record of a kind, such as
    /// <c>Loss</c> or <see cref="Schedule"/>.</typeparam>
    /// <param name="name">Its name in texts; null (default): that of the type in snake case, without the word for the kind at its end:
    /// <c>FocalLoss</c> is <c>focal</c>.</param>
    /// <param name="values">How values of types that only this record has are written; default none.</param>
    /// <exception cref="ThalwegException">The name is taken, the type derives from no kind, or a setting is of a type that has
    /// no text form.</exception>
    public static void Register<[DynamicallyAccessedMembers(SettingsForm.Members)] TRecord>(
        string? name = null, params IReadOnlyList<SettingsValue> values)
        where TRecord : SettingsRecord
    {
        // Before the lock: looking for the kind may start the initializer of another library, which registers as well.
        SettingsKind kind = KindOf(typeof(TRecord)) ?? throw new ThalwegException(
            $"[settings] expected {typeof(TRecord).Name} to derive from one of " +
            $"{NearestName.Choices(s_kinds.Values.Select(known => known.Type.Name).Order())}, got a record of no kind; derive from " +
            "one of them, or call RegisterKind for its base first");
        lock (s_registration)
        {
            if (FormOf(typeof(TRecord)) is { } known)
            {
                throw new ThalwegException(
                    $"[settings] expected {typeof(TRecord).Name} to be registered once, got it again; it is known as {known.Name}");
            }

            SettingsForm form = SettingsForm.Of<TRecord>(name, values).Join(kind);
            RefuseTaken(form, kind);
            form.RefuseUnreadable();
            kind.Add(form);
            s_forms.Clear();
        }
    }

    /// <summary>Adds a custom kind, to which records then can be registered.</summary>
    /// <typeparam name="TKind">The abstract record that all of the kind derive from.</typeparam>
    /// <param name="word">What messages call one, in lower case, as in <c>sampler</c>.</param>
    /// <param name="values">How values of types that records of this kind have are written; default none.</param>
    /// <exception cref="ThalwegException">The kind is known already.</exception>
    public static void RegisterKind<TKind>(string word, params IReadOnlyList<SettingsValue> values)
        where TKind : SettingsRecord => Add(new SettingsKind(typeof(TKind), word) { Values = values });

    /// <summary>Names of all records of a kind, those of the library first.</summary>
    /// <typeparam name="TKind">The kind, or a record between it and its records.</typeparam>
    public static IReadOnlyList<string> Names<TKind>()
        where TKind : SettingsRecord => [.. FormsOf(typeof(TKind)).Select(form => form.Name)];

    /// <summary>How the records of a kind are written, those of the library first.</summary>
    /// <typeparam name="TKind">The kind, or a record between it and its records.</typeparam>
    public static IReadOnlyList<SettingsForm> Forms<TKind>()
        where TKind : SettingsRecord => [.. FormsOf(typeof(TKind))];

    /// <summary>How the record of a name is written; null where no record of the kind has it.</summary>
    /// <typeparam name="TKind">The kind.</typeparam>
    /// <param name="name">The name; short names such as <c>he</c> are understood.</param>
    public static SettingsForm? FormOf<TKind>(string name)
        where TKind : SettingsRecord => KindOf(typeof(TKind))?.Find(name);

    /// <summary>Reads a record, as in <c>Settings.Parse&lt;Schedule&gt;("cosine(0.001, steps=1000)")</c>.</summary>
    /// <typeparam name="TKind">Its kind.</typeparam>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">The name, a setting or a value is not known or out of range: the message
    /// gives the choices.</exception>
    public static TKind Parse<TKind>(string text)
        where TKind : SettingsRecord => Build<TKind>(SettingsNode.Read(text));

    /// <summary>Reads records separated by commas, as in <c>mixup(0.2), l2(1e-4)</c>.</summary>
    /// <typeparam name="TKind">Their kind.</typeparam>
    /// <param name="text">The text; empty for none.</param>
    /// <exception cref="ThalwegException">A name, a setting or a value is not known or out of range: the message
    /// gives the choices.</exception>
    public static IReadOnlyList<TKind> ParseAll<TKind>(string text)
        where TKind : SettingsRecord => [.. SettingsNode.ReadAll(text).Select(node => Build<TKind>(node))];

    /// <summary>Makes a record from a text that was read.</summary>
    /// <typeparam name="TKind">Its kind.</typeparam>
    /// <param name="node">What was read.</param>
    /// <exception cref="ThalwegException">The name, a setting or a value is not known or out of range: the message
    /// gives the choices.</exception>
    public static TKind Build<TKind>(SettingsNode node)
        where TKind : SettingsRecord => (TKind)Build(typeof(TKind), node);

    /// <summary>A record as the value that its text is printed from.</summary>
    /// <param name="record">The record.</param>
    public static SettingsNode Write(SettingsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return FormOf(record.GetType()) is { } form
            ? form.Write(record)
            : new(NameOf(record.GetType()), [new(null, new(SettingsNode.Unwritten))]);
    }

    /// <summary>The name of a record in texts; for one that is not registered, the name that it would have.</summary>
    /// <param name="type">Type of the record.</param>
    public static string NameOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return FormOf(type)?.Name ?? KindOf(type)?.NameOf(type) ?? SettingsText.Snake(type.Name);
    }

    /// <summary>Whether the text of a record reads back to an equal one: not so where it is not registered, or a setting
    /// has no text.</summary>
    /// <param name="record">The record.</param>
    public static bool CanReadBack(SettingsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (FormOf(record.GetType()) is null)
            return false;
        try
        {
            return Build(record.GetType(), SettingsNode.Read(record.ToString())).Equals(record);
        }
        catch (ThalwegException)
        {
            return false;
        }
    }

    /// <summary>Adds a kind.</summary>
    internal static void Add(SettingsKind kind)
    {
        if (!s_kinds.TryAdd(kind.Type, kind))
            throw new ThalwegException($"[settings] expected a new kind, got {kind.Type.Name}, which is known; register its records");
    }

    /// <summary>The forms of a kind, or of all kinds where the type is a base of them.</summary>
    internal static IEnumerable<SettingsForm> FormsOf(Type type) => KindOf(type) is { } kind
        ? kind.Forms.Where(form => type.IsAssignableFrom(form.Type))
        : s_kinds.Values.SelectMany(each => each.Forms).Where(form => type.IsAssignableFrom(form.Type));

    /// <summary>Makes the record that a text names.</summary>
    /// <param name="node">The text.</param>
    /// <param name="word">What the message calls it.</param>
    /// <param name="others">Other names that could have been meant.</param>
    internal static TKind Build<TKind>(SettingsNode node, string word, IEnumerable<string>? others = null)
        where TKind : SettingsRecord => (TKind)Build(typeof(TKind), node, word, others);

    internal static SettingsRecord Build(Type type, SettingsNode node, string? word = null, IEnumerable<string>? others = null)
    {
        SettingsKind kind = KindOf(type) ?? throw new ThalwegException(
            $"[settings] expected a registered kind, got {type.Name}; call Settings.RegisterKind for it first");
        SettingsForm? form = node.IsList ? null : kind.Find(node.Name);
        if (form is null || !type.IsAssignableFrom(form.Type))
        {
            IEnumerable<string> names = FormsOf(type).Select(known => known.Name).Concat(others ?? []);
            throw new ThalwegException($"[settings] unknown {word ?? kind.Word} '{(node.IsList ? node.ToString() : node.Name)}'; " +
                NearestName.Advice(node.Name, names));
        }

        return form.Build(node);
    }

    private static SettingsKind? KindOf(Type type)
    {
        if (KnownKindOf(type) is { } known)
            return known;

        // The kinds of another library are made known by its module initializer, which naming a type does not start.
        for (Type? each = type; each is not null && each != typeof(SettingsRecord); each = each.BaseType)
            RuntimeHelpers.RunModuleConstructor(each.Module.ModuleHandle);
        return KnownKindOf(type);
    }

    private static SettingsKind? KnownKindOf(Type type)
    {
        for (Type? each = type; each is not null; each = each.BaseType)
        {
            if (s_kinds.TryGetValue(each, out SettingsKind? kind))
                return kind;
        }

        return null;
    }

    private static SettingsForm? FormOf(Type type) =>
        s_forms.GetOrAdd(type, static type => KindOf(type)?.Forms.FirstOrDefault(form => form.Type == type));

    private static void RefuseTaken(SettingsForm form, SettingsKind kind)
    {
        foreach (SettingsKind other in s_kinds.Values.Where(other => other.Family == kind.Family))
        {
            if (other.Find(form.Name) is { } taken)
            {
                throw new ThalwegException(
                    $"[settings] expected a new name for {form.Type.Name}, got '{form.Name}', which is the {other.Word} " +
                    $"{taken.Type.Name}; register it under another name");
            }
        }
    }
}
