using Thalweg.Initializers;
using Thalweg.Tuning;

namespace Thalweg.Labs.Tests;

/// <summary>Kinds that do not do what they should, registered as any user could.</summary>
internal static class BrokenKinds
{
    private static readonly Lazy<bool> s_registered = new(() =>
    {
        Settings.Register<HalfXavierInitializer>("labs_half_xavier");
        Settings.Register<UnscaledHeInitializer>("labs_unscaled_he");
        Settings.Register<NearlyEqualInitializer>("labs_nearly_equal");
        Settings.Register<TimidInitializer>("labs_timid");
        Settings.Register<StubbornSampler>("labs_stubborn");
        return true;
    });

    /// <summary>Makes them known, once.</summary>
    public static void Register() => _ = s_registered.Value;

    /// <summary>Fills with N(0, deviation^2).</summary>
    public static void Normal(Tensor target, double deviation, ref RandomStream stream) =>
        Initializer.Normal(deviation).Fill(target, ref stream);
}

/// <summary>Xavier without its factor: a third of the deviation.</summary>
internal sealed record HalfXavierInitializer : Initializer
{
    public override void Fill(Tensor target, ref RandomStream stream) =>
        BrokenKinds.Normal(target, 1 / Math.Sqrt(9.0 * target.Shape[0]), ref stream);
}

/// <summary>He without its 2.</summary>
internal sealed record UnscaledHeInitializer : Initializer
{
    public override void Fill(Tensor target, ref RandomStream stream) =>
        BrokenKinds.Normal(target, 1 / Math.Sqrt(target.Shape[0]), ref stream);
}

/// <summary>Equal but for a little noise: units that can part.</summary>
internal sealed record NearlyEqualInitializer : Initializer
{
    public override void Fill(Tensor target, ref RandomStream stream) => Initializer.Normal(0.5, 0.2).Fill(target, ref stream);
}

/// <summary>Weights that neither saturate nor vanish.</summary>
internal sealed record TimidInitializer : Initializer
{
    public override void Fill(Tensor target, ref RandomStream stream) =>
        BrokenKinds.Normal(target, 3 / Math.Sqrt(target.Shape[0]), ref stream);
}

/// <summary>A sampler that tries one point again and again.</summary>
internal sealed record StubbornSampler : Sampler
{
    public override TrialPoint Suggest(SuggestionContext context) => new GridSampler(2).Suggest(context with { Number = 0 });
}
