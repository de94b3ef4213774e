using System.Text.Json;

namespace Thalweg.Labs.Tests;

public sealed class RunnerTests
{
    private static readonly LabRunOptions s_tiny = new() { Mode = LabMode.Tiny };

    [Fact]
    public void Figures_are_the_same_for_any_number_of_labs_at_a_time()
    {
        Lab[] labs = [LabCatalogue.Of("saturation"), LabCatalogue.Of("zero-init"), LabCatalogue.Of("long-term"),
            LabCatalogue.Of("bias-init")];
        IReadOnlyList<LabResult> one = new LabRunner(s_tiny).Run(labs), two = new LabRunner(s_tiny) { Parallel = 2 }.Run(labs);
        for (int i = 0; i < labs.Length; i++)
            Text(two[i]).ShouldBe(Text(one[i]));

        static string Text(LabResult result) => LabRunner.ToJson(result with { Seconds = 0 });
    }

    [Fact]
    public void A_result_is_kept_until_what_decides_it_changes()
    {
        string folder = Directory.CreateTempSubdirectory("labs").FullName;
        try
        {
            CountingLab lab = new();
            LabResult first = Run(s_tiny);
            Run(s_tiny).Figures[0].Values.ShouldBe(first.Figures[0].Values);
            lab.Runs.ShouldBe(1);
            Run(s_tiny with { Seeds = 4 }).Figures[0].Values.Count.ShouldBe(4);
            Run(s_tiny with { Settings = Change("normal(2)") }).Verdict.ShouldBe(LabVerdict.HoldsInPart);
            lab.Runs.ShouldBe(3);
            foreach (string file in Directory.GetFiles(folder))
                File.WriteAllText(file, "{");
            Run(s_tiny).Figures[0].Values.ShouldBe(first.Figures[0].Values);
            lab.Runs.ShouldBe(4);

            LabResult Run(LabRunOptions options) => new LabRunner(options) { CacheFolder = folder }.Run(lab);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_kept_result_is_the_result_to_the_digit()
    {
        LabResult result = new LabRunner(s_tiny).Run(new CountingLab());
        string json = LabRunner.ToJson(result);
        LabRunner.ToJson(JsonSerializer.Deserialize(json, LabJson.Default.LabResult)!).ShouldBe(json);
    }

    [Fact]
    public void Progress_ends_with_the_whole()
    {
        List<LabProgress> steps = [];
        LabRunner runner = new(s_tiny);
        runner.Progressed += steps.Add;
        runner.Run([new CountingLab(), LabCatalogue.Of("saturation")]);
        steps[^1].Share.ShouldBe(1);
        steps[^1].Finished.ShouldBe(2);
        steps.Select(step => step.Share).ShouldBeInOrder();
        steps.Count(step => step.Latest is not null).ShouldBe(2);
    }

    [Fact]
    public void A_run_can_be_ended()
    {
        using CancellationTokenSource source = new();
        LabRunner runner = new(s_tiny);
        runner.Progressed += _ => source.Cancel();
        Should.Throw<OperationCanceledException>(() => runner.Run([LabCatalogue.Of("zero-init")], source.Token));
    }

    [Theory]
    [InlineData("initialiser", "initializer")]
    [InlineData("initializer", "he_normal", "he_norml")]
    public void What_is_not_known_is_an_error_with_the_nearest_name(string option, string expected, string value = "normal(1)")
    {
        LabRunOptions options = s_tiny with { Settings = new Dictionary<string, string> { [option] = value } };
        Should.Throw<ThalwegException>(() => new LabRunner(options).Run(new CountingLab())).Message.ShouldContain(expected);
    }

    [Fact]
    public void An_unknown_lab_or_a_number_out_of_range_is_refused()
    {
        Should.Throw<ThalwegException>(() => LabCatalogue.Of("xaver")).Message.ShouldContain("xavier");
        Should.Throw<ThalwegException>(() => LabCatalogue.Third(4)).Message.ShouldContain("1 to 3");
        Should.Throw<ThalwegException>(() =>
            new LabRunner(s_tiny with { Seeds = 1 }).Run(new CountingLab())).Message.ShouldContain("2 to 1000");
        Should.Throw<ThalwegException>(() =>
            new LabRunner(s_tiny with { DataDirectory = "/nowhere/data" }).Run(new CountingLab())).Message.ShouldContain("/nowhere/data");
    }

    [Fact]
    public void The_thirds_are_all_labs()
    {
        Lab[] all = [.. Enumerable.Range(1, 3).SelectMany(third => LabCatalogue.Third(third))];
        all.Select(lab => lab.Name).ShouldBe(LabCatalogue.All.Select(lab => lab.Name), ignoreOrder: true);
    }

    [Fact]
    public void Verdicts_that_differ_from_the_recorded_ones_are_found()
    {
        LabResult result = new LabRunner(s_tiny).Run(new CountingLab());
        LabVerdicts recorded = new LabVerdicts { Mode = LabMode.Tiny, Labs = [] }.With([result]);
        recorded.Differences([result]).ShouldBeEmpty();
        recorded.Differences([result with { Verdict = LabVerdict.DoesNotHold }])[0].Recorded.ShouldBe(LabVerdict.Holds);
        recorded.With([result with { Verdict = LabVerdict.Undecided }]).Labs.Count.ShouldBe(1);
    }

    private static Dictionary<string, string> Change(string initializer) => new() { ["initializer"] = initializer };
}
