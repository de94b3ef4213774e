using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

/// <summary>Looks at the same moments as the instruments under test, from within, to compute plain definitions.</summary>
internal sealed record Probe : Instrument
{
    private readonly Action<InstrumentMoment, NetworkPass>? _pass;
    private readonly Action<InstrumentMoment>? _gradient;
    private readonly Action<InstrumentMoment, Tensor>? _update;

    public Probe(
        Action<InstrumentMoment, NetworkPass>? pass = null, Action<InstrumentMoment>? gradient = null,
        Action<InstrumentMoment, Tensor>? update = null)
    {
        (_pass, _gradient, _update) = (pass, gradient, update);
        When = new EverySteps(1);
    }

    public override string Definition => "plain";

    public override string Source => "2026";

    public override InstrumentCost Cost => InstrumentCost.Free;

    public override InstrumentNeeds Needs => (_pass is null ? 0 : InstrumentNeeds.Pass) | (_gradient is null ? 0 : InstrumentNeeds.Gradient)
        | (_update is null ? 0 : InstrumentNeeds.Update);

    public override InstrumentWork Work(InstrumentRun run) => default;

    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass) => _pass!(moment, pass);

    public override void MeasureGradient(InstrumentMoment moment) => _gradient!(moment);

    public override void MeasureUpdate(InstrumentMoment moment, Tensor before, in StepReport report) => _update!(moment, before);
}

/// <summary>Plain sums in double.</summary>
internal static class Plain
{
    public static double[] Values(Tensor tensor) => tensor.Detach().To(DType.Float64).Contiguous().Clone().ToArray<double>();

    public static double Dot(IEnumerable<double> left, IEnumerable<double> right) => left.Zip(right, (a, b) => a * b).Sum();

    public static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    /// <summary>Within 1e-8 of the expected value, relative to it.</summary>
    public static void Near(double found, double expected, string what = "") =>
        found.ShouldBe(expected, 1e-8 * Math.Max(1e-6, Math.Abs(expected)), what);

    public static double Of(InstrumentPanel panel, string instrument, string quantity, long step, string layer = "") => panel.Readings
        .Single(reading => reading.Instrument == instrument && reading.Quantity == quantity && reading.Step == step
            && reading.Layer == layer).Value;
}
