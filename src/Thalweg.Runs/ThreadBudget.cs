namespace Thalweg.Runs;

/// <summary>The threads of a recipe, for the time of a call.</summary>
internal static class ThreadBudget
{
    /// <summary>Calls with so many threads at most; null leaves the budget as it is.</summary>
    public static T With<T>(int? threads, Func<T> call)
    {
        using ThreadLimit limit = threads is { } count ? Threads.Limit(count) : default;
        return call();
    }
}
