using Thalweg.Rules;

namespace Thalweg.Minimizers;

/// <summary>The minimizers that texts name.</summary>
internal static class MinimizerSettings
{
    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Minimizer), "minimizer")
    {
        Family = RuleSettings.Family,
        PrintsNumbers = true,
        Values = [LineSearch.Text],
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<Bfgs>(),
        SettingsForm.Of<CoordinateDescent>(),
        SettingsForm.Of<GaussNewton>(),
        SettingsForm.Of<Lbfgs>(),
        SettingsForm.Of<LevenbergMarquardt>(),
        SettingsForm.Of<Newton>(),
        SettingsForm.Of<NewtonCg>(),
        SettingsForm.Of<NonlinearCg>(),
        SettingsForm.Of<TrustRegion>(),
    ];
}
