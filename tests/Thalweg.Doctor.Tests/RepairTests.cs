using Thalweg.Runs;

namespace Thalweg.Diagnosis.Tests;

/// <summary>Fixes as changes of recipes.</summary>
public sealed class RepairTests
{
    [Theory]
    [InlineData("adam", "epsilon", "0.1", "adam(epsilon=0.1)")]
    [InlineData("adam(b2=0.9, epsilon=10)", "epsilon", null, "adam(b2=0.9)")]
    [InlineData("adam(epsilon=10)", "epsilon", null, "adam")]
    [InlineData("momentum(mu=0.998)", "mu", "0.9", "momentum(mu=0.9)")]
    public void Settings_of_an_optimizer_are_changed_in_its_text(string text, string setting, string? value, string expected) =>
        Repairs.WithSetting(text, setting, value).ShouldBe(expected);

    [Fact]
    public void A_network_that_is_a_list_of_layers_is_changed_within_the_list()
    {
        const string Rest = "dropout(0.95), dense(16, activation=tanh), output]";
        Recipe recipe = Planted.With(("network.layers", $"[dense(16, activation=tanh, initializer=constant(0.1)), {Rest}"));
        Examination examination = Doctor.Examine(recipe, new DoctorOptions { Experiments = false });
        Fix[] fixes = [.. examination.Findings.SelectMany(finding => finding.Fixes).Where(fix => fix.IsReplayable)];
        fixes.ShouldContain(fix => fix.ToString().EndsWith($"-> [dense(16, activation=tanh), {Rest}", StringComparison.Ordinal));
        foreach (Fix fix in fixes)
            fix.ApplyTo(examination.Recipe!).Prepare().Trainer.StepsPerEpoch.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_fix_prints_the_path_with_old_and_new_value()
    {
        Fix fix = Fix.Of("lower_rate", Planted.Healthy, ("training.optimizer.learning_rate", "0.001"), ("seed", "1"));
        fix.ToString().ShouldBe("training.optimizer.learning_rate: 0.01 -> 0.001");
        fix.ApplyTo(Planted.Healthy).Training.Optimizer.LearningRate.ShouldBe(0.001);
        Fix.Advice("more_data").IsReplayable.ShouldBeFalse();
    }
}
