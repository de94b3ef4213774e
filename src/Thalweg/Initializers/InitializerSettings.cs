using System.Globalization;

namespace Thalweg.Initializers;

/// <summary>The initializers that texts name.</summary>
internal static class InitializerSettings
{
    private static readonly SettingsValue s_fan = SettingsValue.Choice<Fan>(
        ("fan_in", Fan.In), ("fan_out", Fan.Out), ("fan_average", Fan.Average));

    /// <summary>Makes the kind known.</summary>
    public static void Register() => Settings.Add(new SettingsKind(typeof(Initializer), "initializer")
    {
        ShortNames = new Dictionary<string, string> { ["he"] = "he_normal", ["xavier"] = "xavier_uniform" },
        Values = [s_fan, SettingsValue.Of<double>("a number, or the name of an activation", ReadGain, WriteGain).For("gain")],
        BuiltIn = Forms,
    });

    private static SettingsForm[] Forms() =>
    [
        SettingsForm.Of<ZerosInitializer>(),
        SettingsForm.Of<OnesInitializer>(),
        SettingsForm.Of<ConstantInitializer>(),
        SettingsForm.Of<NormalInitializer>(),
        SettingsForm.Of<UniformInitializer>(),
        SettingsForm.Of<TruncatedNormalInitializer>(),
        SettingsForm.Of<XavierUniformInitializer>(),
        SettingsForm.Of<XavierNormalInitializer>(),
        SettingsForm.Of<XavierTruncatedInitializer>(),
        SettingsForm.Of<HeUniformInitializer>(),
        SettingsForm.Of<HeNormalInitializer>(),
        SettingsForm.Of<HeTruncatedInitializer>(),
        SettingsForm.Of<LeCunUniformInitializer>("lecun_uniform"),
        SettingsForm.Of<LeCunNormalInitializer>("lecun_normal"),
        SettingsForm.Of<LeCunTruncatedInitializer>("lecun_truncated"),
        SettingsForm.Of<VarianceScalingInitializer>(),
        SettingsForm.Of<FanInUniformInitializer>(),
        SettingsForm.Of<OrthogonalInitializer>(),
        SettingsForm.Of<SparseInitializer>(),
        SettingsForm.Of<SparseFractionInitializer>(),
        SettingsForm.Of<IdentityInitializer>(),
        SettingsForm.Of<DiracInitializer>(),
    ];

    private static bool ReadGain(SettingsNode node, out double value)
    {
        value = 0;
        if (node.Arguments.Count > 0)
            return false;
        if (double.TryParse(node.Name, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return true;
        if (!ActivationNames.TryParse(node.Name, out Activation activation))
            return false;
        value = Gain.Of(activation);
        return true;
    }

    private static SettingsNode WriteGain(double value) => new(SettingsText.Number(value));
}
