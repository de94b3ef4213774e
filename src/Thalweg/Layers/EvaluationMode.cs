namespace Thalweg.Layers;

/// <summary>A stretch of code in which every module behaves as in evaluation on this thread, without a change to the module: so that
/// threads can share one.</summary>
internal readonly ref struct EvaluationMode
{
    [ThreadStatic]
    private static int t_depth;

    /// <summary>Whether this thread is in such a stretch.</summary>
    public static bool IsOn => t_depth > 0;

    /// <summary>Evaluates on this thread until the result is disposed; no <c>await</c> within it, as the compiler sees to.</summary>
    public static EvaluationMode Begin()
    {
        t_depth++;
        return default;
    }

    /// <summary>Back to what it was.</summary>
    public void Dispose() => t_depth--;
}
