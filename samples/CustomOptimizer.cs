using Thalweg.Rules;
using Thalweg.Runs;

namespace Thalweg.Samples;

/// <summary>v = mu v + (1 - mu) g, u = sign(v).</summary>
public sealed record Signum : CustomRule
{
    public double Mu { get; init => field = Within(value, 0, 1, isHighIncluded: false); } = 0.9;

    public override IReadOnlyList<string> Slots => ["v"];

    public override string Formula => "v = mu v + (1-mu) g, u = sign(v)";

    public override string Source => "Bernstein et al., 2018, algorithm 2";

    protected override void Update<T>(RuleStep<T> step)
    {
        Span<T> v = step.Slot("v");
        T mu = T.CreateTruncating(Mu);
        for (int i = 0; i < v.Length; i++)
        {
            v[i] = (mu * v[i]) + ((T.One - mu) * step.Gradient[i]);
            step.Update[i] = T.CreateTruncating(T.Sign(v[i]));
        }
    }
}

internal static class CustomOptimizer
{
    public static void Run(TextWriter output)
    {
        Settings.Register<Signum>();
        Recipe recipe = Recipe.Parse("""
            data: moons
            network: mlp:16
            training:
              epochs: 20
              optimizer: chain(signum(mu=0.95), scale_by_learning_rate(0.003))
            """);
        PreparedRecipe run = recipe.Prepare();
        output.WriteLine($"{run.Recipe.GetText("training.optimizer.name")}");
        output.WriteLine($"accuracy on validation data {run.Trainer.Fit().Best!.Validation.Accuracy:P1}");
    }
}
