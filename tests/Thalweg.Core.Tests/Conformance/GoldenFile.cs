using System.Text.Json;

namespace Thalweg.Core.Tests.Conformance;

/// <summary>A file of reference results; beside the repository, so tests that use it are skipped where it is absent.</summary>
internal static class GoldenFile
{
    /// <summary>The cases of a file, or a skip that says what is missing.</summary>
    public static IEnumerable<JsonElement> Cases(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "conformance", name);
            if (File.Exists(path))
                return JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("cases").EnumerateArray().ToArray();
        }

        Assert.Skip($"shared/conformance/{name} is not beside the repository");
        return [];
    }

    public static Tensor ReadTensor(JsonElement value) =>
        Tensor.From(value.GetProperty("data").EnumerateArray().Select(v => v.GetDouble()).ToArray(),
            new Shape([.. value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32())]));

    /// <summary>Compares with the tolerance of the case.</summary>
    public static void ShouldEqual(Tensor found, JsonElement expected, JsonElement row, string what)
    {
        Tensor wanted = ReadTensor(expected);
        double relative = row.GetProperty("tol").GetProperty("rel").GetDouble(), absolute = row.GetProperty("tol").GetProperty("abs")
            .GetDouble();
        found.Shape.ShouldBe(wanted.Shape, what);
        double[] x = found.ToArray<double>(), y = wanted.ToArray<double>();
        for (int i = 0; i < x.Length; i++)
        {
            (Math.Abs(x[i] - y[i]) <= absolute + (relative * Math.Max(Math.Abs(x[i]), Math.Abs(y[i])))).ShouldBeTrue(
                $"{row.GetProperty("id").GetString()} {what}[{i}]: expected {y[i]:r}, got {x[i]:r}");
        }
    }
}
