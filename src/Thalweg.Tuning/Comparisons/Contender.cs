using Thalweg.Minimizers;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>One way to train that is compared with others: an optimizer, and how the network starts and is normalized.</summary>
/// <param name="Optimizer">Name or text of an optimizer, as in <c>adam(b2=0.99)</c>, or a chain with <c>scale_by_learning_rate</c>; its
/// rate is tuned.</param>
/// <param name="Initializer">Text of an initializer; null, the default, chooses by activation.</param>
/// <param name="Normalization">Text of the normalization of hidden layers, see <see cref="NormalizationText"/>; null, the
/// default, for none.</param>
public sealed record Contender(string Optimizer, string? Initializer = null, string? Normalization = null)
{
    /// <summary>What distinguishes it in tables and pictures, as in <c>adam, he_normal, batch norm</c>.</summary>
    public string Name => string.Join(
        ", ", new[] { Optimizer, Initializer, Normalization is null ? null : Normalization + " norm" }.OfType<string>());

    /// <summary>The formula of the updates at a learning rate.</summary>
    /// <param name="rate">The rate.</param>
    /// <exception cref="ThalwegException">As for <see cref="At"/>.</exception>
    public string FormulaAt(double rate) =>
        (Named() is { } optimizer ? (optimizer with { LearningRate = rate }).Chain : Replaced(ChainText.Parse(Optimizer), rate)).Formula;

    /// <summary>The optimizer of a recipe at a learning rate.</summary>
    /// <param name="fields">Rate and schedule; the schedule is constant for optimizers that change the rate by themselves.</param>
    /// <param name="steps">Steps of the run.</param>
    /// <exception cref="ThalwegException">The text is not known, or a chain has no learning rate to tune: the message says
    /// what to do.</exception>
    public OptimizerRecipe At(OptimizerRecipe fields, long steps)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (Named() is not { } optimizer)
            return new OptimizerRecipe { Name = Replaced(ChainText.Parse(Optimizer), fields.RateOver(steps)).ToString() };
        return fields with
        {
            Name = optimizer.LearningRate.Schedule is null ? Optimizer
                : (optimizer with { LearningRate = fields.LearningRate!.Value }).ToString(),
            Schedule = optimizer.WantsSchedule ? fields.Schedule : "constant",
        };
    }

    /// <summary>The named optimizer; null for a chain.</summary>
    private NamedOptimizer? Named()
    {
        string name = Optimizer.Split('(')[0].Trim();
        if (Settings.Names<Minimizer>().Contains(name))
        {
            throw new ThalwegException(
                $"[compare] expected optimizers, whose learning rates can be tuned, got the minimizer '{name}'; train with " +
                "TrainerOptions.Minimizer, without a comparison");
        }

        return Settings.Names<NamedOptimizer>().Contains(name) ? Settings.Parse<NamedOptimizer>(Optimizer) : null;
    }

    private Chain Replaced(Chain chain, Hyperparameter rate) => chain.Any(rule => rule is ScaleByLearningRate)
        ? [.. chain.Select(rule => rule is ScaleByLearningRate scale ? scale with { LearningRate = rate } : rule)]
        : throw new ThalwegException(
            $"[compare] expected a chain with scale_by_learning_rate, whose rate can be tuned, got '{Optimizer}'; "
            + "add scale_by_learning_rate(0.01)");
}
