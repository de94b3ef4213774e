namespace Thalweg.Kernels;

/// <summary>Work cut into numbered pieces that may run in any order and at the same time.</summary>
/// <remarks>
/// A job is a small struct of raw pointers and sizes: no managed memory, so starting it allocates nothing. How many pieces there are
/// follows from the shape of the data alone, never from the number of threads; each piece writes memory that no other piece writes.
/// </remarks>
internal interface IParallelJob
{
    /// <summary>Does one piece.</summary>
    /// <param name="piece">Number of the piece, from 0.</param>
    void Run(int piece);
}
