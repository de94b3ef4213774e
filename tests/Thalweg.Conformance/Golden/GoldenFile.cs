using System.Text.Json;
using Thalweg.Conformance.Families;

namespace Thalweg.Conformance.Golden;

/// <summary>Runs the cases of one file and says how many held.</summary>
internal static class GoldenFile
{
    private const string Format = "dnn-golden/1";

    /// <summary>Passed and failed cases of a file; writes one line for the file and one for each failure.</summary>
    public static (int Passed, int Failed) Run(string path, TextWriter output)
    {
        string name = Path.GetFileName(path);
        JsonElement root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            root = document.RootElement.Clone();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            output.WriteLine($"{name}: cannot be read: {error.Message}");
            return (0, 1);
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement format) ||
            format.GetString() != Format)
        {
            output.WriteLine($"{name}: expected a golden file of format {Format}; pass those of the conformance folder alone");
            return (0, 1);
        }

        return RunCases(name, root, output);
    }

    private static (int Passed, int Failed) RunCases(string name, JsonElement root, TextWriter output)
    {
        string family = root.GetProperty("family").GetString()!;
        List<string> failures = [];
        (int total, double? worst) = (0, null);
        foreach (JsonElement element in root.GetProperty("cases").EnumerateArray())
        {
            total++;
            GoldenCase golden = new(root, element);
            string? failure = Check(family, golden, ref worst);
            if (failure is not null)
                failures.Add($"    {golden.Id}: {failure}");
        }

        output.WriteLine($"{name,-28} {total - failures.Count,3}/{total,-3} " +
            $"{(worst is double number ? $"worst deviation {number:0.0e+0} of its tolerance" : "nothing compared")}");
        failures.ForEach(output.WriteLine);
        return (total - failures.Count, failures.Count);
    }

    /// <summary>What is wrong with a case, or null; takes the largest deviation along.</summary>
    private static string? Check(string family, GoldenCase golden, ref double? worst)
    {
        Comparison comparison = new(golden.Has("tol") ? golden["tol"] : default);
        try
        {
            FamilyTable.Of(family).Check(golden, comparison);
        }
        catch (UnsupportedException unsupported)
        {
            return unsupported.Message;
        }
        catch (Exception error)
        {
            return $"{error.GetType().Name}: {error.Message}";
        }

        if (comparison.Count > 0)
            worst = Math.Max(worst ?? 0, comparison.Worst);

        if (comparison.Holds)
            return null;

        return comparison.Count == 0 ? "nothing was compared" : $"{comparison.Where} ({comparison.Worst:0.0e+0} of the tolerance)";
    }
}
