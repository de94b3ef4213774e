using System.CommandLine;

namespace Thalweg.Faults;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<string?> DataFolder() => new("--data-dir") { Description = "Folder of real data; default the drawn data alone." };

    public static Option<string> HalfName() =>
        new("--half") { Description = "calibration, scored or all.", DefaultValueFactory = _ => "calibration" };

    public static Option<string?> Only() => new("--only") { Description = "Only cases whose name holds one of these texts, separated by commas." };

    public static Option<int> Workers() => new("--workers") { Description = "Cases at once.", DefaultValueFactory = _ => 1 };

    /// <summary>Whether a case belongs to a half by its name.</summary>
    public static bool IsIn(string name, Half half) => name == "all" || half.ToString().Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name holds one of the texts.</summary>
    public static bool Matches(string name, string? only) =>
        only is null || only.Split(',').Any(text => name.Contains(text, StringComparison.Ordinal));

    /// <summary>Does something for each item, on threads of their own with one thread for the kernels, and gives the results in order.</summary>
    public static TResult[] ForAll<TItem, TResult>(IReadOnlyList<TItem> items, int workers, Func<TItem, TResult> work)
    {
        TResult[] results = new TResult[items.Count];
        Parallel.For(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = workers }, i =>
        {
            using (Threads.Limit(1))
                results[i] = work(items[i]);
        });
        return results;
    }
}
