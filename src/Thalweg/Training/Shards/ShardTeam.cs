using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg.Training;

/// <summary>Computes the shards of a step side by side, so that layers can sum over all of them in the middle of a pass.</summary>
/// <remarks>
/// Each shard has a thread of its own, the first that of the caller, and one of them computes at a time, with all the workers of its
/// kernels: a shard runs until it needs a sum over all shards, and hands on to the next; when the last has come, the sums are taken and
/// the first goes on. Without such sums the shards run one after the other. A run allocates nothing once its threads are there.
/// </remarks>
internal sealed class ShardTeam
{
    private readonly ShardExchange? _exchange;
    private readonly Member[] _members;
    private double[] _rows = [], _sums = [];
    private Action<int>? _body;
    private ExceptionDispatchInfo? _failure;
    private ForwardOptions _context;
    private ThreadBudget? _budget;
    private int _occupied, _first, _count, _width, _arrived, _finished;

    /// <param name="shards">Shards of a step.</param>
    /// <param name="exchange">Who computes the other shards; null where all are computed here.</param>
    public ShardTeam(int shards, ShardExchange? exchange)
    {
        _exchange = exchange;
        _members = [.. Enumerable.Range(0, shards).Select(index => new Member(this, index))];
    }

    /// <summary>The first shard that this worker computes.</summary>
    public int First => _first;

    /// <summary>What a shard sees of the others, while it is computed.</summary>
    /// <param name="shard">Number of the shard.</param>
    public ShardGroup GroupOf(int shard) => _members[shard - _first];

    /// <summary>Computes the shards that are this worker's.</summary>
    /// <param name="occupied">Shards with samples: the first so many, 1 or more.</param>
    /// <param name="body">Computes a shard; called with its number.</param>
    public void Run(int occupied, Action<int> body)
    {
        (_occupied, _body, _failure, _arrived, _finished) = (occupied, body, null, 0, 0);
        _first = _exchange?.First ?? 0;
        _count = Math.Min(_first + (_exchange?.Count ?? _members.Length), occupied) - _first;
        if (_count < 1)
        {
            (_first, _count) = (0, 1);
        }

        (_context, _budget) = (ForwardContext.Options, ThreadBudget.Current);
        for (int i = 0; i < _count; i++)
        {
            (_members[i].IsStarted, _members[i].IsFinished) = (false, false);
            _members[i].Thread = i == 0 ? null : ShardThread.Rent();
        }

        RunMember(0);

        // Last first, so that each shard gets the same thread in the next step.
        for (int i = _count - 1; i > 0; i--)
        {
            ShardThread.Return(_members[i].Thread!);
            _members[i].Thread = null;
        }

        (_body, _context, _budget) = (null, default, null);
        _failure?.Throw();
    }

    /// <summary>Fills in the rows of other workers' shards.</summary>
    public void AllGather(Span<byte> rows, int rowLength) => _exchange?.AllGather(rows, rowLength);

    /// <summary>Computes one shard on the thread of the caller; the first returns when all are done.</summary>
    internal void RunMember(int member)
    {
        Member me = _members[member];
        me.IsStarted = true;
        try
        {
            if (_failure is null)
            {
                Compute(member);
            }

            if (_arrived > 0 && _failure is null)
            {
                throw Mismatch();
            }
        }
        catch (Exception error)
        {
            _failure ??= ExceptionDispatchInfo.Capture(error);
        }

        me.IsFinished = true;
        _finished++;
        if (_finished < _count)
        {
            HandOn(member);
            if (member == 0)
            {
                me.Turn.Wait();
            }
        }
        else if (member != 0)
        {
            _members[0].Turn.Release();
        }
    }

    private void Compute(int member)
    {
        if (member == 0)
        {
            _body!(_first);
            return;
        }

        ThreadBudget? before = ThreadBudget.Exchange(_budget);
        try
        {
            using ForwardScope context = ForwardContext.Restore(_context);
            _body!(_first + member);
        }
        finally
        {
            ThreadBudget.Exchange(before);
        }
    }

    private void Sum(Member member, Span<double> values)
    {
        if (_finished > 0 || (_arrived > 0 && values.Length != _width))
        {
            throw Mismatch();
        }

        _width = values.Length;
        int length = _occupied * _width;
        if (_rows.Length < length)
        {
            _rows = new double[length];
        }

        values.CopyTo(_rows.AsSpan((_first + member.Index) * _width));
        if (++_arrived == _count)
        {
            _arrived = 0;
            Combine(length);
        }

        if (_count > 1)
        {
            HandOn(member.Index);
            member.Turn.Wait();
            if (_failure is { } failure)
            {
                throw new ThalwegException($"[shards] another shard failed: {failure.SourceException.Message}");
            }
        }

        _sums.AsSpan(0, values.Length).CopyTo(values);
    }

    private void Combine(int length)
    {
        AllGather(MemoryMarshal.AsBytes(_rows.AsSpan(0, length)), _width * sizeof(double));
        new ShardTree(_occupied).Sum(_rows.AsSpan(0, length), _width);
        if (_sums.Length < _width)
        {
            _sums = new double[_width];
        }

        // The rows are those of the next sum before the last shard has read this one.
        _rows.AsSpan(0, _width).CopyTo(_sums);
    }

    /// <summary>Lets the next shard that is not done go on.</summary>
    private void HandOn(int member)
    {
        Member next;
        do
        {
            member = (member + 1) % _count;
            next = _members[member];
        }
        while (next.IsFinished);
        if (next.IsStarted)
        {
            next.Turn.Release();
        }
        else
        {
            next.Thread!.Start(this, member);
        }
    }

    private static ThalwegException Mismatch() => new(
        "[shards] expected all shards of a step to sum over each other equally often and as many numbers, got shards that differ; layers " +
        "must call ShardGroup.Sum whatever the values of their inputs are");

    /// <summary>One shard.</summary>
    private sealed class Member(ShardTeam team, int index) : ShardGroup
    {
        /// <summary>Its place among those that this worker computes.</summary>
        public int Index => index;

        public override int Count => team._members.Length;

        /// <summary>Where another thread than the caller's computes it.</summary>
        public ShardThread? Thread { get; set; }

        /// <summary>Says that it is this one's turn.</summary>
        public SemaphoreSlim Turn { get; } = new(0);

        public bool IsStarted { get; set; }

        public bool IsFinished { get; set; }

        public override void Sum(Span<double> values) => team.Sum(this, values);
    }
}
