using System.Globalization;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>What is changed in the recipe of a run that is resumed: what may be, and what that means.</summary>
internal sealed class ResumeChanges
{
    private const string Epochs = "training.epochs", Threads = "threads", Prefix = "Run.Resume: ";
    private const int ShownRates = 4;

    private static readonly Dictionary<string, ResumeOverride> s_overrides = new(StringComparer.Ordinal)
    {
        ["training.early_stopping.patience"] = ResumeOverride.Patience,
        ["run.checkpoint_every"] = ResumeOverride.Checkpoint,
        ["run.keep_checkpoints"] = ResumeOverride.Checkpoint,
        ["run.on_non_finite"] = ResumeOverride.Recovery,
        ["run.spike_factor"] = ResumeOverride.Recovery,
    };

    private ResumeChanges(Recipe recipe, IReadOnlyList<RecipeDifference> differences) => (Recipe, Differences) = (recipe, differences);

    /// <summary>The recipe from now on.</summary>
    public Recipe Recipe { get; }

    /// <summary>The fields that differ from before.</summary>
    public IReadOnlyList<RecipeDifference> Differences { get; }

    /// <summary>Whether learning rates change, and with them the text of the optimizer.</summary>
    public bool HasOtherRates { get; private init; }

    /// <summary>What is to be known of the changes, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>The recipe of a run with the changes that its options ask for.</summary>
    /// <param name="old">The recipe so far.</param>
    /// <param name="options">Ask for changes.</param>
    /// <param name="folder">Where the run lies.</param>
    /// <exception cref="ThalwegException">A field differs that must not: the message lists all that do, old and new.</exception>
    public static ResumeChanges Of(Recipe old, RunOptions options, RunFolder folder)
    {
        Recipe recipe = options.Change?.Invoke(old) ?? old;
        IReadOnlyList<RecipeDifference> all = old.Diff(recipe);
        string[] fixedFields = [.. all.Where(item => item.Path is not (Epochs or Threads) && !s_overrides.ContainsKey(item.Path)).Select(Text)];
        if (fixedFields.Length > 0)
        {
            throw new ThalwegException($"{Prefix}the run in {folder.Location} was started with other settings: {string.Join("; ", fixedFields)}; "
                + "leave them out, or start a new run");
        }

        foreach (RecipeDifference item in all)
        {
            if (s_overrides.TryGetValue(item.Path, out ResumeOverride needed))
                Require(options, [needed], $"{Text(item)}");
        }

        return new ResumeChanges(recipe, all);
    }

    /// <summary>The same with what follows once the data are known.</summary>
    /// <param name="old">The full recipe so far.</param>
    /// <param name="now">The full recipe from now on.</param>
    /// <param name="options">Ask for changes.</param>
    /// <param name="at">Training samples, steps that were taken, and whether the run is finished.</param>
    /// <exception cref="ThalwegException">The number of epochs changes the learning rates, and that was not asked for.</exception>
    public ResumeChanges Check(Recipe old, Recipe now, RunOptions options, (int Samples, long Step, bool IsFinished) at)
    {
        if (Differences.FirstOrDefault(item => item.Path == Epochs) is not { } epochs)
            return this;
        TrainerOptions before = OptimizerBuilder.Options(old, at.Samples), after = OptimizerBuilder.Options(now, at.Samples);
        if (before.Minimizer is not null || before.Optimizer.Equals(after.Optimizer))
        {
            if (!at.IsFinished)
                Require(options, [ResumeOverride.Epochs, ResumeOverride.Schedule], Text(epochs));
            return this;
        }

        string rates = Rates(old, now, (before, after), at);
        Require(options, [ResumeOverride.Schedule], $"{Text(epochs)} changes the learning rates ({rates})");
        return new ResumeChanges(Recipe, Differences)
        {
            HasOtherRates = true,
            Notes = [$"{Text(epochs)} changes the learning rates ({rates}): from here on it is another run, not equal to one of "
                + $"{epochs.New} epochs from the start"],
        };
    }

    private static void Require(RunOptions options, ResumeOverride[] needed, string what)
    {
        if (!needed.Any(options.Overrides.Contains))
        {
            throw new ThalwegException($"{Prefix}{what}, which is no part of the run as it was started; "
                + $"allow it with RunOptions.Overrides {SettingsText.Snake(needed[0].ToString())}, or leave it out");
        }
    }

    private static string Text(RecipeDifference item) => item.ToString();

    /// <summary>The next learning rates, before and after the change.</summary>
    private static string Rates(Recipe old, Recipe now, (TrainerOptions Before, TrainerOptions After) options, (int Samples, long Step, bool) at)
    {
        Hyperparameter? first = RateOf(old, options.Before, at.Samples), second = RateOf(now, options.After, at.Samples);
        if (first is not { } was || second is not { } rate)
            return $"{options.Before.Optimizer} -> {options.After.Optimizer}";
        long last = Math.Max(at.Step + 1, options.After.StepsFor(at.Samples) - 1);
        return string.Join(", ", Enumerable.Range(0, ShownRates).Select(i => at.Step + ((last - at.Step) * i / (ShownRates - 1))).Select(step =>
            string.Create(CultureInfo.InvariantCulture, $"step {step}: {was.At(step):g3} -> {rate.At(step):g3}")));
    }

    private static Hyperparameter? RateOf(Recipe recipe, TrainerOptions options, int samples) =>
        OptimizerBuilder.Named(recipe) is not null && recipe.Training.Optimizer.LearningRate is not null
            ? recipe.Training.Optimizer.RateOver(options.StepsFor(samples))
            : (Hyperparameter?)null;
}
