using System.Globalization;
using Thalweg.Catalogues;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>What a rule or an optimizer multiplies, adds or compares with may follow a schedule.</summary>
public sealed class HyperparameterTests
{
    /// <summary>Where state starts, powers of the step, orders of norms, and numbers that a rule reads before or between updates.</summary>
    private static readonly string[] s_fixed =
    [
        "adafactor.decay_power", "adafactor.epsilon", "adagrad.rate_decay", "adagrad.start", "asgd.alpha", "asgd.lambda", "ftrl.rate_power",
        "ftrl.start", "kfac.retain",
        "nadam.momentum_decay", "prodigy.start", "radam.threshold", "rmsprop.start", "shampoo.epsilon", "shampoo.retain", "sophia.b2",
        "yogi.start",
    ];

    /// <summary>Optimizers that change the rate by themselves, and a correction that is part of the rate.</summary>
    private static readonly string[] s_own =
        ["asgd.learning_rate", "delta_bar_delta.learning_rate", "rprop.learning_rate", "schedule_free_adamw.b2"];

    public static TheoryData<string> Optimizers => [.. Settings.Names<NamedOptimizer>()];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Every_number_but_a_few_may_be_a_schedule(string name)
    {
        CatalogueEntry entry = Catalogue.Optimizer(name);
        foreach (CatalogueParameter parameter in entry.Parameters.Where(candidate =>
            double.TryParse(candidate.Default, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
        {
            string text = $"{name}({parameter.Name}=constant({parameter.Default}))", place = $"{name}.{parameter.Name}";
            if (int.TryParse(parameter.Default, out _) && IsWholeNumber(name, parameter))
                continue;
            if (s_fixed.Contains(place))
            {
                Should.Throw<ThalwegException>(() => ChainText.Parse(text), place).Message.ShouldContain("to be a number");
                continue;
            }

            if (s_own.Contains(place))
            {
                Should.Throw<ThalwegException>(() => ChainText.Parse(text), place).Message.ShouldContain("expected one number");
                continue;
            }

            Flat.Train<double>(ChainText.Parse(text), 40, 3).ShouldBe(Flat.Train<double>(ChainText.Parse(name), 40, 3), place);
        }
    }

    private static bool IsWholeNumber(string name, CatalogueParameter parameter)
    {
        try
        {
            _ = Settings.Parse<NamedOptimizer>($"{name}({parameter.Name}=1.5)");
            return false;
        }
        catch (ThalwegException refusal)
        {
            return refusal.Message.Contains("a whole number", StringComparison.Ordinal);
        }
    }
}
