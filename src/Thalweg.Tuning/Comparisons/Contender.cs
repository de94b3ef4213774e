using Thalweg.Initializers;
using Thalweg.Minimizers;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tuning;

/// <summary>One way to train that is compared with others: an optimizer, and how the network starts and is normalized.</summary>
/// <param name="Optimizer">Name or text of an optimizer, as in <c>adam(b2=0.99)</c>, or a chain with <c>scale_by_learning_rate</c>; its
/// rate is tuned.</param>
/// <param name="Initializer">Text of an initializer; null, the default, chooses by activation.</param>
/// <param name="Normalization">Text of the normalization of hidden layers, see <see cref="NormalizationText"/>; null, the default, for
/// none.</param>
public sealed record Contender(string Optimizer, string? Initializer = null, string? Normalization = null)
{
    /// <summary>What tells it apart in tables and pictures, as in <c>adam, he_normal, batch norm</c>.</summary>
    public string Name => string.Join(
        ", ", new[] { Optimizer, Initializer, Normalization is null ? null : Normalization + " norm" }.OfType<string>());

    /// <summary>The chain of rules at a learning rate.</summary>
    /// <param name="rate">The rate, or a schedule of it.</param>
    /// <param name="start">The number that the schedule starts from, for optimizers that want one number.</param>
    /// <exception cref="ThalwegException">The text is not known, or a chain has no learning rate to tune: the message says what to
    /// do.</exception>
    public Chain Build(Hyperparameter rate, double start)
    {
        string name = Optimizer.Split('(')[0].Trim();
        if (Settings.Names<Minimizer>().Contains(name))
            throw new ThalwegException(
                $"[compare] expected optimizers, whose learning rates can be tuned, got the minimizer '{name}'; train with " +
                "TrainerOptions.Minimizer, without a comparison");
        if (!Settings.Names<NamedOptimizer>().Contains(name))
            return Replaced(ChainText.Parse(Optimizer), rate);
        NamedOptimizer optimizer = Settings.Parse<NamedOptimizer>(Optimizer);
        return (optimizer with { LearningRate = optimizer.WantsSchedule ? rate : start }).Chain;
    }

    /// <summary>The initializer, or null to choose by activation.</summary>
    /// <exception cref="ThalwegException">The text is not known: the message gives the choices.</exception>
    public Initializer? Start() => Initializer is null ? null : Initializers.Initializer.Parse(Initializer);

    private Chain Replaced(Chain chain, Hyperparameter rate) => chain.Any(rule => rule is ScaleByLearningRate)
        ? [.. chain.Select(rule => rule is ScaleByLearningRate scale ? scale with { LearningRate = rate } : rule)]
        : throw new ThalwegException(
            $"[compare] expected a chain with scale_by_learning_rate, whose rate can be tuned, got '{Optimizer}'; "
            + "add scale_by_learning_rate(0.01)");
}
