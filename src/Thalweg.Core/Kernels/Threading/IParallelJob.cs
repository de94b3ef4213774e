namespace Thalweg.Kernels;

/// <summary>Work cut into numbered chunks that may run in any order and at the same time.</summary>
/// <remarks>
/// A job is a small struct of raw pointers and sizes: no managed memory, so starting it allocates nothing. How many chunks there are
/// follows from the shape of the data alone, never from the number of threads; each chunk writes memory that no other chunk writes.
/// </remarks>
internal interface IParallelJob
{
    /// <summary>Does one chunk.</summary>
    /// <param name="chunk">Number of the chunk, from 0.</param>
    void Run(int chunk);
}
