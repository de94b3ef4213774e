namespace Thalweg.Runs;

/// <summary>A change of the recipe that a run takes when it is resumed, where it is asked for.</summary>
/// <remarks>The number of threads may be changed without, and so may the epochs of a finished run where no learning rate depends on
/// them.</remarks>
public enum ResumeOverride
{
    /// <summary>When the run ends early: <c>training.early_stopping.patience</c>.</summary>
    Patience,

    /// <summary>When checkpoints are saved, and how many are kept: <c>run.checkpoint_every</c>, <c>run.keep_checkpoints</c>.</summary>
    Checkpoint,

    /// <summary>Number of epochs, where no learning rate depends on it: <c>training.epochs</c>.</summary>
    Epochs,

    /// <summary>Number of epochs, and learning rates that depend on it: from there on it is another run.</summary>
    Schedule,

    /// <summary>What is done about failed steps: <c>run.on_non_finite</c>, <c>run.spike_factor</c>. From there on it is another
    /// run.</summary>
    Recovery,
}

/// <summary>Reads changes that a run takes when it is resumed.</summary>
public static class ResumeOverrides
{
    /// <summary>The words that there are.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<ResumeOverride>().Select(SettingsText.Snake)];

    /// <summary>Reads words separated by commas.</summary>
    /// <param name="text">As in <c>epochs,patience</c>.</param>
    /// <exception cref="ThalwegException">A word is not one of <see cref="Names"/>.</exception>
    public static IReadOnlyList<ResumeOverride> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Read)];
    }

    private static ResumeOverride Read(string word)
    {
        int index = Names.ToList().IndexOf(word);
        return index >= 0 ? Enum.GetValues<ResumeOverride>()[index] : throw new ThalwegException(
            $"RunOptions.Overrides: expected {Runs.Names.OneOf(word, Names)}, got '{word}'");
    }
}
