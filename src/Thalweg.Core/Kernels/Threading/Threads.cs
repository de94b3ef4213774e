using System.Globalization;
using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>How many threads the kernels of this process use, and those of a part of it.</summary>
/// <remarks>The number changes the speed alone: results are equal to the bit for any number of threads.</remarks>
public static class Threads
{
    /// <summary>The largest number of threads that can be asked for.</summary>
    public const int Maximum = 1024;

    /// <summary>Name of the environment variable that sets the number of threads when the program does not:
    /// <c>THALWEG_THREADS</c>.</summary>
    public const string Variable = "THALWEG_THREADS";

    private static int _count;

    /// <summary>
    /// Number of threads that kernels may use where no <see cref="Limit"/> says otherwise, the calling one included; from 1 to
    /// <see cref="Maximum"/>. By default the value of <c>THALWEG_THREADS</c>, and without it <see cref="Environment.ProcessorCount"/>,
    /// which respects the limits of a container.
    /// </summary>
    /// <exception cref="ThalwegException">
    /// The value, or that of <c>THALWEG_THREADS</c> at the first use, is not a whole number from 1 to <see cref="Maximum"/>: set one that
    /// is.
    /// </exception>
    public static int Count
    {
        get
        {
            int count = Volatile.Read(ref _count);
            return count != 0 ? count : ReadDefault();
        }

        set
        {
            if (value is < 1 or > Maximum)
            {
                throw new ThalwegException(
                    $"[threads] expected a number of threads from 1 to {Maximum}, got {value}; set Threads.Count to one in that range");
            }

            Volatile.Write(ref _count, value);
        }
    }

    /// <summary>Number of threads that kernels which this thread calls may use, this one included: of the innermost <see cref="Limit"/>,
    /// or else <see cref="Count"/>.</summary>
    public static int Current => ThreadBudget.Current?.Count ?? Count;

    /// <summary>Gives the kernels that this thread calls a number of threads, and workers of their own, until the result is disposed: so
    /// that two trainers on two threads of a process each keep theirs.</summary>
    /// <remarks>It counts for the calling thread, not for threads that it starts; no <c>await</c> within it, as the compiler sees to.
    /// Limits lie in each other, and the innermost counts.
    /// <code>using (Threads.Limit(2)) { report = trainer.Fit(); }</code></remarks>
    /// <param name="count">Number of threads, the calling one included; from 1 to <see cref="Maximum"/>.</param>
    /// <exception cref="ThalwegException">The number is out of range.</exception>
    public static ThreadLimit Limit(int count) => count is < 1 or > Maximum
        ? throw new ThalwegException($"[threads] expected a limit from 1 to {Maximum} threads, got {count}; give one in that range")
        : new ThreadLimit(ThreadBudget.Begin(count));

    /// <summary>Runs numbered pieces of work on the threads that kernels use, and returns when all are done.</summary>
    /// <remarks>Pieces run in any order and at the same time. For results with equal bits on any number of threads cut the work by the size
    /// of the data alone, let each piece write where no other does, and combine in the order of the numbers. Within a piece kernels use
    /// its thread alone.</remarks>
    /// <param name="pieces">Number of pieces, 0 or more.</param>
    /// <param name="work">Does the piece of a number, from 0. The first exception is thrown on the calling thread.</param>
    /// <exception cref="ThalwegException">The number of pieces is negative.</exception>
    public static void Run(int pieces, Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (pieces < 0)
            throw new ThalwegException($"[threads] expected 0 or more pieces of work, got {pieces}; give their number");

        // Jobs are raw memory: the handle keeps the delegate where they find it.
        GCHandle handle = GCHandle.Alloc(work);
        try
        {
            DelegateJob job = new(GCHandle.ToIntPtr(handle));
            WorkerTeam.Run(ref job, pieces);
        }
        finally
        {
            handle.Free();
        }
    }

    /// <summary>The number that a setting asks for, or the number of processors where there is no setting.</summary>
    internal static int Parse(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return Math.Clamp(Environment.ProcessorCount, 1, Maximum);
        if (int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= Maximum)
            return count;
        throw new ThalwegException(
            $"[threads] expected {Variable} to be a whole number from 1 to {Maximum}, got '{setting}'; change or unset it");
    }

    private static int ReadDefault()
    {
        int count = Parse(Environment.GetEnvironmentVariable(Variable));
        // Whoever set a number meanwhile wins over the default.
        int before = Interlocked.CompareExchange(ref _count, count, 0);
        return before != 0 ? before : count;
    }

    private readonly struct DelegateJob(nint work) : IParallelJob
    {
        public void Run(int chunk) => ((Action<int>)GCHandle.FromIntPtr(work).Target!)(chunk);
    }
}

/// <summary>A stretch of code with a number of threads of its own; see <see cref="Threads.Limit"/>.</summary>
public readonly ref struct ThreadLimit
{
    private readonly ThreadBudget? _budget;

    internal ThreadLimit(ThreadBudget budget) => _budget = budget;

    /// <summary>Goes back to the number of threads around it.</summary>
    public void Dispose() => _budget?.End();
}
