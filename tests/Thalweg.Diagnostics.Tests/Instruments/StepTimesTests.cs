using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

public sealed class StepTimesTests
{
    [Fact]
    public void Times_cover_the_step_and_shares_add_up()
    {
        InstrumentPanel panel = Runs.Panel(new StepTimes { When = new EverySteps(1) });
        Runs.New("dense", Runs.Options(1), DType.Float64, panel).Fit();
        panel.Readings.ShouldAllBe(reading => reading.IsTime && reading.Value >= 0);
        foreach (IGrouping<long, InstrumentReading> step in panel.Readings.GroupBy(reading => reading.Step))
        {
            step.Where(reading => reading.Quantity == "layer_share").Sum(reading => reading.Value).ShouldBe(1, 1e-9);
            step.Where(reading => reading.Quantity == "op_share").Sum(reading => reading.Value).ShouldBe(1, 1e-9);
            step.Single(reading => reading.Quantity == "forward").Value.ShouldBeGreaterThan(0);
            step.ShouldContain(reading => reading.Quantity == "op_share" && reading.Layer == "linear");
        }

        panel.Readings.Last(reading => reading.Quantity == "update").Value.ShouldBeGreaterThan(0);
    }
}
