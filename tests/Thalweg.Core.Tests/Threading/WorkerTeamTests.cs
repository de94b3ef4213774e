using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Threading;

public sealed unsafe class WorkerTeamTests
{
    private readonly struct Count(int* runs) : IParallelJob
    {
        public void Run(int piece) => Interlocked.Increment(ref runs[piece]);
    }

    [Fact]
    public void Each_piece_runs_once()
    {
        int* runs = stackalloc int[100];
        for (int pieces = 0; pieces <= 100; pieces++)
        {
            new Span<int>(runs, 100).Clear();
            Count job = new(runs);
            WorkerTeam.Run(ref job, pieces);
            for (int i = 0; i < 100; i++)
                runs[i].ShouldBe(i < pieces ? 1 : 0);
        }
    }
}
