using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Catalogues;

/// <summary>Makes the kinds of the library known before any text is read.</summary>
/// <remarks>The folders of the kinds lie above the grammar, which therefore cannot name them; each fills its own registry when it is first
/// used, so that starting costs a few allocations.</remarks>
internal static class BuiltInSettings
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Texts must read the same whichever class a program touches first.")]
    internal static void Register()
    {
        ScheduleSettings.Register();
        InitializerSettings.Register();
        LayerForms.Register();
        NormalizationForms.Register();
        LossSettings.Register();
        MetricSettings.Register();
        RegularizerSettings.Register();
        SamplerSettings.Register();
        RuleSettings.Register();
        OptimizerSettings.Register();
        MinimizerSettings.Register();
    }
}
