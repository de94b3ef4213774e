namespace Thalweg.Core.Tests;

/// <summary>Sets the number of threads for a test, and puts it back afterwards.</summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int _before = Threads.Count;

    public ThreadCount(int count) => Threads.Count = count;

    public void Dispose() => Threads.Count = _before;
}

/// <summary>Tests that set the number of threads of the process or need the team for themselves: nothing runs beside them.</summary>
[CollectionDefinition("threads", DisableParallelization = true)]
public sealed class ThreadsCollection;
