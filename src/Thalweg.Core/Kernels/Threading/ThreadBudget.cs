using System.Collections.Concurrent;

namespace Thalweg.Kernels;

/// <summary>The threads that the kernels of one thread may use, with a team of their own.</summary>
/// <param name="Count">Number of threads, the calling one included.</param>
/// <param name="Team">Who helps; null where nobody does.</param>
/// <param name="Outer">The budget around it.</param>
internal sealed record ThreadBudget(int Count, WorkerTeam? Team, ThreadBudget? Outer)
{
    /// <summary>Teams that no limit uses now: their workers sleep.</summary>
    private static readonly ConcurrentBag<WorkerTeam> s_spare = [];

    [ThreadStatic]
    private static ThreadBudget? t_current;

    /// <summary>The budget of this thread; null where it has none.</summary>
    public static ThreadBudget? Current => t_current;

    /// <summary>Begins a budget on this thread.</summary>
    public static ThreadBudget Begin(int count)
    {
        WorkerTeam? team = count == 1 ? null : s_spare.TryTake(out WorkerTeam? spare) ? spare : new WorkerTeam();
        return t_current = new ThreadBudget(count, team, t_current);
    }

    /// <summary>Sets the budget of this thread, and returns the one before: for threads that work in turn with the one it belongs
    /// to.</summary>
    public static ThreadBudget? Exchange(ThreadBudget? budget)
    {
        ThreadBudget? before = t_current;
        t_current = budget;
        return before;
    }

    /// <summary>Ends it, and those that began inside and were left open; nothing where it has ended.</summary>
    public void End()
    {
        ThreadBudget? inner = t_current;
        while (inner is not null && !ReferenceEquals(inner, this))
            inner = inner.Outer;
        if (inner is null)
            return;
        do
        {
            inner = t_current!;
            t_current = inner.Outer;
            if (inner.Team is { } team)
                s_spare.Add(team);
        }
        while (!ReferenceEquals(inner, this));
    }
}
