namespace Thalweg.Diagnostics.Tests.Instruments;

public sealed class InstrumentScheduleTests
{
    [Theory]
    [InlineData("every(1)")]
    [InlineData("every(7)")]
    [InlineData("every(7, until=20)")]
    [InlineData("log_spaced(1)")]
    [InlineData("log_spaced(10)")]
    [InlineData("log_spaced(100, until=333)")]
    public void Occasions_are_counted_as_they_come(string text)
    {
        InstrumentSchedule schedule = InstrumentSchedule.Parse(text);
        Settings.Parse<InstrumentSchedule>(schedule.ToString()).ShouldBe(schedule);
        long count = 0, last = -1;
        for (long step = 0; step < 2000; step++)
        {
            schedule.CountIn(step).ShouldBe(count);
            long occasion = schedule.OccasionAt(step);
            if (occasion >= 0)
            {
                occasion.ShouldBeGreaterThan(last);
                (count, last) = (count + 1, occasion);
            }
        }
    }

    [Fact]
    public void Steps_of_a_logarithmic_schedule_lie_evenly_in_the_logarithm()
    {
        LogSpacedSteps schedule = new(2);
        Enumerable.Range(0, 2000).Where(step => schedule.OccasionAt(step) >= 0).ShouldBe([0, 1, 3, 10, 32, 100, 316, 1000]);
        new EverySteps(5) { Until = 11 }.CountIn(100).ShouldBe(3);
    }

    [Fact]
    public void All_instruments_read_back_from_their_text_and_say_what_they_are()
    {
        _ = Instrument.ParseAll("");
        foreach (string name in Settings.Names<Instrument>())
        {
            Instrument instrument = Instrument.ParseAll($"{name}(when=log_spaced(5, until=100))")[0];
            Instrument.ParseAll(instrument.ToString())[0].ShouldBe(instrument);
            instrument.Name.ShouldBe(name);
            instrument.Definition.ShouldNotBeNullOrWhiteSpace();
            instrument.Source.ShouldMatch("[0-9]{4}");
            instrument.Unit.ShouldNotBeNullOrWhiteSpace();
            instrument.When.Until.ShouldBe(100);
        }

        Settings.Names<Instrument>().Count.ShouldBe(34);
        Should.Throw<ThalwegException>(() => Instrument.ParseAll("gradient_nrm")).Message.ShouldContain("gradient_norm");
        Should.Throw<ThalwegException>(() => new EverySteps(0)).Message.ShouldContain("at least 1");
    }
}
