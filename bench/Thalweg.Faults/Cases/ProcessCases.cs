namespace Thalweg.Faults;

/// <summary>Faults of how a run is ended and judged.</summary>
internal static class ProcessCases
{
    public static void Add(CaseList list)
    {
        ProblemSet all = list.Problems;
        const string Slow = "rate=0.002; epochs=80; patience=0";
        list.Cause("early_stopping_too_early", "too_few_epochs rate_too_low gradient_noise plateau")
            .On(all.Moons, "patience=1", Slow)
            .On(all.Friedman, "patience=1; rate=0.02; batch=4", "epochs=40")
            .On(all.Bars, "patience=1", "rate=0.0004; epochs=25")
            .On(all.Sums, "patience=1", "rate=0.004; epochs=40")
            .On(all.Spirals, "patience=1", Slow)
            .On(all.Waves, "patience=1; rate=0.02; batch=4", "epochs=40")
            .On(all.Blots, "patience=1", "rate=0.0005; epochs=25")
            .On(all.Orders, "patience=1", "rate=0.004; epochs=40");

        list.Cause("validation_missing", "overfitting overconfidence", Symptom.Trust)
            .On(all.Moons, "validation=none").On(all.Clouds, "validation=none").On(all.Friedman, "validation=none").On(all.Bars, "validation=none")
            .On(all.Spirals, "validation=none").On(all.Shells, "validation=none").On(all.Waves, "validation=none").On(all.Blots, "validation=none");

        list.Cause("validation_too_small", "overfitting overconfidence", Symptom.Trust)
            .On(all.Moons, "validation=0.015").On(all.Clouds, "validation=0.015").On(all.Friedman, "validation=0.012").On(all.Bars, "validation=0.015")
            .On(all.Sums, setup => Plant.Sequences(setup, () => ProblemSet.SumSamples(), 0.012))
            .On(all.Spirals, "validation=0.012").On(all.Shells, "validation=0.012").On(all.Waves, "validation=0.01").On(all.Blots, "validation=0.012")
            .On(all.Orders, setup => Plant.Sequences(setup, () => ProblemSet.OrderSamples(), 0.012));

        CauseCases reads = list.Cause("test_read_too_often", "", Symptom.Trust);
        foreach (Problem problem in new[] { all.Moons, all.Clouds, all.Friedman, all.Bars, all.Spirals, all.Shells, all.Waves, all.Blots })
            reads.On(problem, setup => setup with { TestReads = 12 }, "data.split.test=0.2");
    }
}
