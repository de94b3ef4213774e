namespace Thalweg;

/// <summary>Activations by the names that files and texts use: those of the enumeration in snake case.</summary>
public static class ActivationNames
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Activation>().Select(NameOf)];

    /// <summary>The name of an activation.</summary>
    /// <param name="activation">Which one.</param>
    public static string NameOf(Activation activation) => SettingsText.Snake(activation.ToString());

    /// <summary>The activation of a name.</summary>
    /// <param name="name">Name in lower case, such as <c>relu</c>.</param>
    /// <exception cref="ThalwegException">No activation has the name; the message gives the nearest.</exception>
    public static Activation Parse(string name) => TryParse(name, out Activation activation)
        ? activation
        : throw new ThalwegException(
            $"[activation] expected one of {string.Join(", ", All)}, got '{name}'; {NearestName.Advice(name, All)}");

    /// <summary>Looks for the activation of a name.</summary>
    /// <param name="name">Name in lower case, such as <c>relu</c>.</param>
    /// <param name="activation">The activation.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse(string name, out Activation activation)
    {
        foreach (Activation candidate in Enum.GetValues<Activation>())
        {
            if (NameOf(candidate) == name)
            {
                activation = candidate;
                return true;
            }
        }

        activation = Activation.None;
        return false;
    }
}
