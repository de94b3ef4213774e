namespace Thalweg.Tuning.Bench;

/// <summary>A function over a space, to be minimized.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Space">The space.</param>
/// <param name="Value">The function.</param>
/// <param name="Optimum">The least value, or one that no point is below.</param>
internal sealed record Problem(string Name, SearchSpace Space, Func<TrialPoint, double> Value, double Optimum);

/// <summary>Reads values of points.</summary>
internal static class PointReading
{
    public static double Number(this TrialPoint point, string path) => point[path]!.Value.Number;

    public static double Log10(this TrialPoint point, string path) => Math.Log10(point.Number(path));

    public static string Word(this TrialPoint point, string path) => point[path]!.Value.Text;

    public static bool Has(this TrialPoint point, string path) => point[path] is not null;

    /// <summary>The numbers of the parameters <c>x0</c>, <c>x1</c>, ...</summary>
    public static double[] Numbers(this TrialPoint point, int count) => [.. Enumerable.Range(0, count).Select(i => point.Number($"x{i}"))];
}
