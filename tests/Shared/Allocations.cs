namespace Thalweg.Tests.Shared;

/// <summary>Counts what repeated work leaves on the managed heap.</summary>
internal static class Allocations
{
    private const int Rounds = 60, Quick = 5, Pause = 50;

    /// <summary>The fewest bytes that a round of steps allocates on this thread, after a round to warm up.</summary>
    /// <remarks>The fewest, because tests run side by side: one that asks for more threads makes the next job of another hire them. What a
    /// step itself allocates, it allocates in every round. Code that the runtime has not optimized yet allocates too, and beside many other
    /// tests that takes its time: after some rounds each waits a little.</remarks>
    /// <param name="step">The work.</param>
    /// <param name="steps">Steps per round.</param>
    public static long Fewest(Action step, int steps)
    {
        long fewest = long.MaxValue;
        for (int round = 0; round <= Rounds && fewest > 0; round++)
        {
            if (round > Quick)
                Thread.Sleep(Pause);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < steps; i++)
                step();

            fewest = round == 0 ? fewest : Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
