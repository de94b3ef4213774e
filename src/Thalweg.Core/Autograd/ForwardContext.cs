namespace Thalweg;

/// <summary>How forward passes of a thread run; what is null stays as the context around it says, or else as the module does.</summary>
public readonly record struct ForwardOptions
{
    /// <summary>Whether modules behave as in training; null (default): as <c>Module.SetTraining</c> said.</summary>
    public bool? IsTraining { get; init; }

    /// <summary>Seed that names the random streams of modules; null (default): the one they were initialized with.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Which step it is, from 0, below 2^40: names the random streams of modules, so that a step that is taken again draws the
    /// same numbers. Null (default): each draw of a module is a new one.</summary>
    public long? Step { get; init; }

    /// <summary>Whether the forward pass repeats one of the same step, so that buffers such as running statistics must not move again;
    /// default false.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>The shards of the step, of which this forward pass computes one; null (default): as the context around it says, or
    /// else the batch is whole.</summary>
    public ShardGroup? Shards { get; init; }
}

/// <summary>How the forward passes of this thread run: in training or evaluation, with which seed, in which step.</summary>
/// <remarks>
/// The modules stay as they are, so that threads can share a network, one in training and others in evaluation.
/// <code>using (ForwardContext.Training(step)) { loss = Loss.MeanSquaredError.Compute(network.Forward(x), y); }</code>
/// Within one context each draw of a module for one purpose is another one; the first draw of a step has the same numbers in every context
/// of that step. Without a step, each draw of a module is a new one.
/// </remarks>
public static class ForwardContext
{
    /// <summary>Multiples of the golden ratio, in 64 bits, lie far apart: later draws of a step take keys of their own.</summary>
    private const ulong KeyDistance = 0x9E3779B97F4A7C15;

    [ThreadStatic]
    private static ForwardState? t_current, t_spare;

    /// <summary>Whether modules behave as in training, where a context of this thread says so.</summary>
    public static bool? IsTraining => t_current?.Options.IsTraining;

    /// <summary>Seed of the random streams, where a context of this thread gives one.</summary>
    public static ulong? Seed => t_current?.Options.Seed;

    /// <summary>The step, where a context of this thread gives one.</summary>
    public static long? Step => t_current?.Options.Step;

    /// <summary>Whether this thread repeats a forward pass of the same step.</summary>
    public static bool IsRepeat => t_current is { Options.IsRepeat: true };

    /// <summary>The shards of the step, of which this thread computes one; null where the batch is whole.</summary>
    public static ShardGroup? Shards => t_current?.Options.Shards;

    /// <summary>All of it at once.</summary>
    internal static ForwardOptions Options => t_current?.Options ?? default;

    /// <summary>Runs forward passes of this thread in a way of their own until the result is disposed; no <c>await</c> within it, as the
    /// compiler sees to.</summary>
    /// <param name="options">What differs from the context around it.</param>
    /// <exception cref="ThalwegException">The step is out of range.</exception>
    public static ForwardScope Begin(ForwardOptions options)
    {
        if (options.Step is < 0 or >= 1L << 40)
            throw new ThalwegException($"[forward context] expected a step from 0 to 2^40 - 1, got {options.Step}");

        ForwardState? outer = t_current;
        ForwardOptions around = Options;
        return Enter(
            new()
            {
                IsTraining = options.IsTraining ?? around.IsTraining,
                Seed = options.Seed ?? around.Seed,
                Step = options.Step ?? around.Step,
                IsRepeat = options.IsRepeat || around.IsRepeat,
                Shards = options.Shards ?? around.Shards,
            },
            options.Step is null ? outer?.Counts : null);
    }

    /// <summary>Runs forward passes of this thread as in training.</summary>
    /// <param name="step">Which step, from 0; null (default): as the context around it says.</param>
    /// <param name="seed">Seed of the random streams; null (default): as the context around it says, or that of each module.</param>
    /// <exception cref="ThalwegException">The step is out of range.</exception>
    public static ForwardScope Training(long? step = null, ulong? seed = null) =>
        Begin(new ForwardOptions { IsTraining = true, Step = step, Seed = seed });

    /// <summary>Runs forward passes of this thread as in evaluation.</summary>
    public static ForwardScope Evaluation() => Begin(new ForwardOptions { IsTraining = false });

    /// <summary>Runs forward passes as they ran once, whatever is around.</summary>
    internal static ForwardScope Restore(ForwardOptions options) => Enter(options, null);

    /// <summary>The random stream of the next draw of a module.</summary>
    /// <param name="owner">The module.</param>
    /// <param name="purpose">What it draws for.</param>
    /// <param name="seed">Its seed, where no context gives one.</param>
    /// <param name="place">Its number among the modules, below 2^16.</param>
    /// <param name="draws">Its draws without a step so far, for this purpose or another.</param>
    internal static RandomStream Draw(object owner, RandomPurpose purpose, ulong seed, ulong place, ref long draws)
    {
        if (DrawTape.TryRepeat(out RandomStream stream))
            return stream;

        ForwardState? state = t_current;
        ulong key = state?.Options.Seed ?? seed;
        if (state?.Options.Step is { } step)
            key += KeyDistance * (ulong)state.NextOf(owner, purpose);
        else
            step = Interlocked.Increment(ref draws) - 1;

        stream = new RandomStream(key, purpose, (place << 40) | (ulong)step);
        DrawTape.Note(stream);
        return stream;
    }

    private static ForwardScope Enter(ForwardOptions options, Dictionary<(object Owner, RandomPurpose Purpose), int>? counts)
    {
        ForwardState state = t_spare ?? new ForwardState();
        (t_spare, state.Outer) = (state.Outer, t_current);
        t_current = state;
        return new ForwardScope(state, state.Begin(options, counts));
    }

    /// <summary>Ends a context, and those inside it that were left open.</summary>
    internal static void Leave(ForwardState state, long number)
    {
        if (state.Number != number)
            return;

        while (t_current is { } current)
        {
            (t_current, current.Outer, t_spare) = (current.Outer, t_spare, current);
            current.End();
            if (current == state)
                return;
        }
    }
}

/// <summary>One context; used again for later ones, so that it costs no memory.</summary>
internal sealed class ForwardState
{
    private readonly Dictionary<(object Owner, RandomPurpose Purpose), int> _counts = [];
    private Dictionary<(object Owner, RandomPurpose Purpose), int>? _shared;

    /// <summary>The context around it, or the next spare one.</summary>
    public ForwardState? Outer { get; set; }

    public ForwardOptions Options { get; private set; }

    /// <summary>Which of the contexts that used the object it is.</summary>
    public long Number { get; private set; }

    /// <summary>Draws of the step so far; those of the context around it where the step is its step.</summary>
    public Dictionary<(object Owner, RandomPurpose Purpose), int> Counts => _shared ?? _counts;

    public long Begin(in ForwardOptions options, Dictionary<(object Owner, RandomPurpose Purpose), int>? counts)
    {
        (Options, _shared) = (options, counts);
        return ++Number;
    }

    /// <summary>Lets go of the modules.</summary>
    public void End()
    {
        Number++;
        _counts.Clear();
        _shared = null;
    }

    /// <summary>How often the module has drawn for the purpose in this step.</summary>
    public int NextOf(object owner, RandomPurpose purpose)
    {
        ref int count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(Counts, (owner, purpose), out _);
        return count++;
    }
}

/// <summary>A stretch of code with a <see cref="ForwardContext"/> of its own.</summary>
public readonly ref struct ForwardScope
{
    private readonly ForwardState? _state;
    private readonly long _number;

    internal ForwardScope(ForwardState state, long number) => (_state, _number) = (state, number);

    /// <summary>Goes back to the context around it.</summary>
    public void Dispose()
    {
        if (_state is not null)
            ForwardContext.Leave(_state, _number);
    }
}
