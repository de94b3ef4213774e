using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>What may be done about a finding: exact changes of the recipe, or advice where no recipe can say it.</summary>
/// <param name="Key">Key of its text, as in <c>lower_rate</c>.</param>
/// <param name="Changes">Fields that change, with old and new value; empty where the change lies in data or code.</param>
public sealed record Fix(string Key, ValueList<RecipeDifference> Changes)
{
    /// <summary>Whether a replay must begin at the start of the run; else it may begin at the checkpoint before the finding.</summary>
    public bool IsFromStart { get; init; } = true;

    /// <summary>Whether the recipe can say it, so that a replay can prove it.</summary>
    public bool IsReplayable => Changes.Count > 0;

    /// <summary>What to do, in a sentence.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public string Text(string language = DoctorTexts.English) => DoctorTexts.For(language)[$"fix.{Key}"];

    /// <summary>The recipe with the changes.</summary>
    /// <param name="recipe">The recipe of the run.</param>
    /// <exception cref="ThalwegException">A changed value does not fit the recipe.</exception>
    public Recipe ApplyTo(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return Changes.Aggregate(recipe, (changed, item) => changed.With(item.Path, item.New));
    }

    /// <summary>In one line, as in <c>training.optimizer.learning_rate: 10 -> 0.1</c>.</summary>
    public override string ToString() => IsReplayable ? string.Join(", ", Changes) : Key;

    /// <summary>A fix that is advice alone.</summary>
    internal static Fix Advice(string key) => new(key, ValueList.Of<RecipeDifference>([]));

    /// <summary>A fix that changes fields of a recipe.</summary>
    internal static Fix Of(string key, Recipe recipe, params (string Path, string? New)[] changes) =>
        new(key, ValueList.Of<RecipeDifference>([.. changes.Select(change => new RecipeDifference(
            change.Path, recipe.GetText(change.Path), change.New)).Where(change => change.Old != change.New)]));
}
