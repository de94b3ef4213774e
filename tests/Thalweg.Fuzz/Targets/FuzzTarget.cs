using System.Text;
using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>A format that is read: inputs that the project itself writes, changed, and the method that reads them.</summary>
internal abstract class FuzzTarget(string name)
{
    /// <summary>All targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new IdxTarget("idx", isPacked: false),
        new IdxTarget("idx-gzip", isPacked: true),
        new TextTarget("text", isPacked: false),
        new TextTarget("text-gzip", isPacked: true),
        new NpyTarget(),
        new NpzTarget(),
        new ModelTarget(),
        new CheckpointTarget(),
        new SettingsTarget(),
        new NetworkTarget(),
        new RecipeTarget(),
        new EventTarget(),
        new RecordTarget(),
    ];

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The target of a name.</summary>
    public static FuzzTarget Find(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new FormatException($"expected one of {string.Join(", ", All.Select(target => target.Name))}, got '{name}'");

    /// <summary>Whether a message is a line, as every message of a refusal is.</summary>
    public static bool IsOneLine(string message) => message.Length > 0 && !message.AsSpan().ContainsAny('\n', '\r');

    /// <summary>Makes the inputs that are changed.</summary>
    /// <param name="folder">An empty folder for what has to be written.</param>
    public abstract void Prepare(string folder);

    /// <summary>Makes an input.</summary>
    public abstract FuzzInput Make(Draws draws);

    /// <summary>Reads an input.</summary>
    /// <param name="folder">The folder with its files.</param>
    /// <param name="input">The input.</param>
    public abstract void Read(string folder, FuzzInput input);

    /// <summary>Words of a format in bytes.</summary>
    protected static byte[][] Words(params IReadOnlyList<string> words) => [.. words.Select(Encoding.UTF8.GetBytes)];
}
