using System.Runtime.CompilerServices;

namespace Thalweg.Training;

/// <summary>A thread that computes a shard in turn with others; idle ones wait for the next step of any trainer.</summary>
internal sealed class ShardThread
{
    private static readonly Stack<ShardThread> s_idle = new();

    private readonly SemaphoreSlim _call = new(0);
    private ShardTeam? _team;
    private int _member;

    private ShardThread() => new Thread(Work) { IsBackground = true, Name = "Thalweg shard" }.Start();

    /// <summary>An idle thread, or a new one.</summary>
    public static ShardThread Rent()
    {
        lock (s_idle)
        {
            return s_idle.TryPop(out ShardThread? thread) ? thread : new ShardThread();
        }
    }

    /// <summary>Gives a thread back whose work is done.</summary>
    public static void Return(ShardThread thread)
    {
        lock (s_idle)
        {
            s_idle.Push(thread);
        }
    }

    /// <summary>Begins to work as a member of a team.</summary>
    public void Start(ShardTeam team, int member)
    {
        (_team, _member) = (team, member);
        _call.Release();
    }

    private void Work()
    {
        while (true)
        {
            _call.Wait();
            TakePart();
        }
    }

    /// <summary>A method of its own, so that an idle thread keeps no trainer alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakePart()
    {
        ShardTeam team = _team!;
        _team = null;
        team.RunMember(_member);
    }
}
