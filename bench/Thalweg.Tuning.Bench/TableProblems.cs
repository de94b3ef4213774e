using System.Globalization;

namespace Thalweg.Tuning.Bench;

/// <summary>Problems that look up trainings which were run once: a folder of CSV files with a line for each point.</summary>
/// <remarks>The first line is a comment with the space, parameters separated by semicolons; then a point, a tab, and the validation errors
/// after each epoch. The value is the best of them.</remarks>
internal static class TableProblems
{
    public static IEnumerable<Problem> All(string folder) =>
        Directory.GetFiles(folder, "*.tsv").Order(StringComparer.Ordinal).Select(Read);

    /// <summary>The errors after each epoch of each point of a table.</summary>
    public static (SearchSpace Space, Dictionary<string, double[]> Curves) Curves(string file)
    {
        string[] lines = File.ReadAllLines(file);
        SearchSpace space = SearchSpace.Parse(lines[0].TrimStart('#', ' ').Split(';'));
        Dictionary<string, double[]> curves = lines.Skip(1).Select(line => line.Split('\t')).ToDictionary(
            parts => parts[0],
            parts => parts.Skip(1).Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray());
        return (space, curves);
    }

    private static Problem Read(string file)
    {
        (SearchSpace space, Dictionary<string, double[]> curves) = Curves(file);
        Dictionary<string, double> best = curves.ToDictionary(curve => curve.Key, curve => curve.Value.Min());
        return new("table-" + Path.GetFileNameWithoutExtension(file), space, point => best[space.FromUnit(space.ToUnit(point)).ToString()], best.Values.Min());
    }
}
