using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Thalweg.Tuning;

/// <summary>Makes the kinds of this library known before any text is read.</summary>
internal static class TuningSettings
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Texts must read the same whichever class a program touches first.")]
    internal static void Register()
    {
        RegisterDistributions();
        RegisterSamplers();
        RegisterPruners();
    }

    private static void RegisterDistributions()
    {
        Settings.RegisterKind<Distribution>("distribution", SettingsValue.Of<ValueList<string>>(
            "values as in a, b",
            (SettingsNode node, [MaybeNullWhen(false)] out ValueList<string> values) =>
            {
                values = node.Elements is { } elements ? [.. elements.Select(element => TrialValue.Of(element).Text)] : null;
                return values is not null;
            },
            values => SettingsNode.List(values.Select(value => new TrialValue(value).ToNode())),
            () => ["a"]));
        Settings.Register<ChoiceDistribution>();
        Settings.Register<IntDistribution>();
        Settings.Register<LogDistribution>();
        Settings.Register<LogIntDistribution>("logint");
        Settings.Register<StepsDistribution>();
        Settings.Register<UniformDistribution>();
    }

    private static void RegisterSamplers()
    {
        Settings.RegisterKind<Sampler>("sampler");
        Settings.Register<AutoSampler>();
        Settings.Register<CmaEsSampler>();
        Settings.Register<GpSampler>();
        Settings.Register<GridSampler>();
        Settings.Register<RandomSampler>();
        Settings.Register<SobolSampler>();
        Settings.Register<TpeSampler>();
    }

    private static void RegisterPruners()
    {
        Settings.RegisterKind<Pruner>("pruner");
        Settings.Register<AshaPruner>();
        Settings.Register<HalvingPruner>();
        Settings.Register<HyperbandPruner>();
        Settings.Register<MedianPruner>();
        Settings.Register<NoPruner>("none");
        Settings.Register<PatiencePruner>();
        Settings.Register<PercentilePruner>();
        Settings.Register<ScreenPruner>();
        Settings.Register<ThresholdPruner>();
    }
}
