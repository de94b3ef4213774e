using System.Globalization;

namespace Thalweg.Kills;

/// <summary>What the harness is asked for.</summary>
/// <param name="Kills">Times that a process is killed, over all runs.</param>
/// <param name="Seed">Draws the instants.</param>
internal sealed record HarnessOptions(int Kills, int Seed)
{
    private const int Short = 12;

    /// <summary>Reads <c>--kills N --seed N</c>.</summary>
    public static HarnessOptions Parse(string[] arguments) => new(Read(arguments, "--kills", Short), Read(arguments, "--seed", 1));

    private static int Read(string[] arguments, string name, int usual)
    {
        int at = Array.IndexOf(arguments, name);
        return at < 0 ? usual
            : at + 1 < arguments.Length && int.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
                ? value
                : throw new ArgumentException($"{name}: expected a whole number of 1 or more");
    }
}
