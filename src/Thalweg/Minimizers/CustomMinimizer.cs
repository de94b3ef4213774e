namespace Thalweg.Minimizers;

/// <summary>A custom minimizer: it chooses the directions, a line search of the library chooses how far to go.</summary>
/// <remarks>
/// <code>
/// public sealed record HeavyBall : CustomMinimizer
/// {
///     public double Mu { get; init; } = 0.5;
///
///     public override string Formula =&gt; "d = -g + mu s, s the step before; w = w + t d";
///
///     public override string Source =&gt; "Polyak, 1964, eq. 9";
///
///     protected override void Direct(DescentStep step)
///     {
///         for (int i = 0; i &lt; step.Direction.Length; i++)
///             step.Direction[i] = (Mu * step.LastStep[i]) - step.Gradient[i];
///     }
/// }
/// </code>
/// What it remembers lies in its <see cref="Slots"/>, which are saved and resumed. A direction along which the function does not fall
/// makes it forget what it knows, and go straight down.
/// </remarks>
public abstract record CustomMinimizer : LineMinimizer
{
    /// <summary>Names of the vectors, <c>[n]</c>, that are kept from one direction to the next, 0 at the start; default none.</summary>
    public virtual IReadOnlyList<string> Slots => [];

    /// <inheritdoc/>
    public override string IterationCost => "the direction, and what its search evaluates";

    /// <inheritdoc/>
    public override long StateLength(int variables) => (5L + Slots.Count + (2 * SearchPoints)) * variables;

    /// <summary>Writes the direction to take.</summary>
    /// <param name="step">Where the run stands, and where the direction goes.</param>
    protected abstract void Direct(DescentStep step);

    /// <inheritdoc/>
    internal sealed override IDescent Descent(int length) => new CustomDescent(this, length);

    /// <summary>Calls <see cref="Direct"/>.</summary>
    internal void Run(DescentStep step) => Direct(step);
}

/// <summary>Where a <see cref="CustomMinimizer"/> stands before a direction.</summary>
public readonly ref struct DescentStep
{
    private readonly CustomDescent _memory;

    internal DescentStep(CustomDescent memory, CurrentPoint current, Span<double> direction)
    {
        (_memory, Value) = (memory, current.Value);
        Point = current.Point;
        Gradient = current.Gradient;
        Direction = direction;
    }

    /// <summary>Value of the function.</summary>
    public double Value { get; }

    /// <summary>The point, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Point { get; }

    /// <summary>The gradient there, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Gradient { get; }

    /// <summary>The step that led there, <c>[n]</c>; 0 at the first direction, and after everything was forgotten.</summary>
    public ReadOnlySpan<double> LastStep => _memory.Step;

    /// <summary>By how much the gradient changed in that step, <c>[n]</c>; 0 at the first direction.</summary>
    public ReadOnlySpan<double> LastChange => _memory.Change;

    /// <summary>Whether nothing is remembered: it is the first direction, or what was known has been forgotten.</summary>
    public bool IsFirst => !_memory.HasLearned;

    /// <summary>Takes the direction, <c>[n]</c>; one of descent has a negative product with the gradient.</summary>
    public Span<double> Direction { get; }

    /// <summary>A vector that is kept from one direction to the next, <c>[n]</c>.</summary>
    /// <param name="name">Its name in <see cref="CustomMinimizer.Slots"/>.</param>
    /// <exception cref="ThalwegException">There is none of this name.</exception>
    public Span<double> Slot(string name) => _memory.Find(name);
}

/// <summary>What a <see cref="CustomMinimizer"/> remembers in one run.</summary>
internal sealed class CustomDescent : IDescent
{
    private readonly CustomMinimizer _settings;
    private readonly string[] _names;
    private readonly double[][] _slots;
    private int _hasLearned;

    public CustomDescent(CustomMinimizer settings, int length)
    {
        (_settings, _names) = (settings, [.. settings.Slots]);
        _slots = [.. _names.Select(_ => new double[length])];
        (Step, Change) = (new double[length], new double[length]);
    }

    public double[] Step { get; }

    public double[] Change { get; }

    public bool HasLearned => _hasLearned != 0;

    public Span<double> Find(string name) => Array.IndexOf(_names, name) is >= 0 and int index
        ? _slots[index]
        : throw new ThalwegException(
            $"[{Settings.NameOf(_settings.GetType())}] unknown slot '{name}'; {NearestName.Advice(name, _names.DefaultIfEmpty("none"))}");

    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
        step.CopyTo(Step);
        change.CopyTo(Change);
        _hasLearned = 1;
    }

    public void Direct(CurrentPoint current, Span<double> direction) => _settings.Run(new DescentStep(this, current, direction));

    public double FirstLength(in LineStart start) => HasLearned ? 1 : start.Cautious;

    public bool Restart()
    {
        bool hadLearned = HasLearned;
        _hasLearned = 0;
        Array.ForEach([Step, Change, .. _slots], Array.Clear);
        return hadLearned;
    }

    public void Exchange(RunArchive archive)
    {
        archive.Vector("custom.step", Step);
        archive.Vector("custom.change", Change);
        for (int i = 0; i < _names.Length; i++)
            archive.Vector($"custom.{_names[i]}", _slots[i]);

        archive.Count("custom.has_learned", ref _hasLearned);
    }
}
