namespace Thalweg.Runs;

/// <summary>The threads of a recipe, for the time of a call.</summary>
internal static class ThreadBudget
{
    /// <summary>Calls with so many threads, then brings the old number back.</summary>
    public static T With<T>(int? threads, Func<T> call)
    {
        if (threads is not { } count)
            return call();
        int before = Threads.Count;
        try
        {
            Threads.Count = count;
            return call();
        }
        finally
        {
            Threads.Count = before;
        }
    }
}
