using System.Text.Json;

namespace Thalweg.Tests.Rules;

/// <summary>Reads the reference files, which lie beside the repository where they are to be had.</summary>
internal static class Conformance
{
    public static JsonElement[] Cases(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "conformance", file);
            if (File.Exists(path))
                return [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("cases").EnumerateArray()];
        }

        Assert.Skip($"shared/conformance/{file} is not here: it lies beside the repository only where the reference files were fetched");
        return [];
    }

    public static void ShouldMatch(this double found, double expected, JsonElement tolerance, string place)
    {
        double allowed = tolerance.GetProperty("abs").GetDouble() + tolerance.GetProperty("rel").GetDouble() * Math.Max(Math.Abs(found), Math.Abs(expected));
        (Math.Abs(found - expected) <= allowed).ShouldBeTrue($"{place}: found {found:R}, expected {expected:R}");
    }
}
