using System.Text.Json;
using System.Text.RegularExpressions;
using Thalweg.Data;
using Thalweg.Metrics;

namespace Thalweg.Runs.Tests;

/// <summary>The page of a run shows what the run recorded and what its model does on validation data, and opens no test data.</summary>
public sealed partial class ReportTests
{
    private const string Hostile = "</script><script>alert(1)</script>";

    [Fact]
    public void The_report_of_classes_has_what_the_run_recorded()
    {
        using TemporaryFolder files = new();
        RunResult result = Run.Start(files.Recipe(), new RunOptions { Folder = files.At("run") });
        RunReport report = RunReport.Open(files.At("run"));
        report.Notes.ShouldBeEmpty();
        report.Evaluation!.Metrics.ShouldBe(result.ValidationReport!.Metrics);
        report.Figures!.Accuracy.ShouldBe(result.Kept!.Validation.Accuracy);
        (report.Trivial, report.Linear, report.Kept!.Epoch).ShouldBe((result.Trivial, result.Linear, result.Kept.Epoch));
        report.Reasons.Keys.ShouldContain("training.optimizer.learning_rate");
        string page = RunReportPage.Make(report, withCharts: false);
        foreach (string id in (string[])["metrics", "curves", "classes", "calibration", "data-facts", "settings", "environment", "history"])
            page.ShouldContain($"<h2 id=\"{id}\">");
        page.ShouldNotContain("<h2 id=\"residuals\">");
        page.ShouldContain("roc auc");
        page.ShouldContain("mlp:8");
        Words(page).ShouldContain($"accuracy {PageText.Share(result.Kept.Validation.Accuracy)}");
        page.ShouldContain($"{result.Kept.Epoch + 1}, kept");
    }

    [Fact]
    public void The_report_of_numbers_has_residuals_by_prediction()
    {
        using TemporaryFolder files = new();
        RunReport report = Numbers(files);
        report.Residuals.Count.ShouldBe(report.Evaluation!.Samples);
        report.Residuals.Average(point => point.Residual).ShouldBe(report.Evaluation.Residuals!.Mean, 1e-9);
        double square = report.Residuals.Average(point => point.Residual * point.Residual);
        Math.Sqrt(square).ShouldBe(report.Figures!.RootMeanSquaredError, 1e-4 * report.Figures.RootMeanSquaredError);
        string page = RunReportPage.Make(report, withCharts: false);
        page.ShouldContain("<h2 id=\"residuals\">");
        page.ShouldContain("Quantiles of the residuals");
        page.ShouldNotContain("<h2 id=\"classes\">");
        Data(page).GetProperty("residuals").GetArrayLength().ShouldBe(report.Residuals.Count);
    }

    [Fact]
    public void Test_data_are_not_opened_and_a_recorded_reading_is_shown()
    {
        using TemporaryFolder files = new();
        Recipe recipe = files.Recipe();
        recipe = recipe with { Data = recipe.Data with { Split = recipe.Data.Split with { Test = "0.2" } } };
        _ = Run.Start(recipe, new RunOptions { Folder = files.At("closed") });
        RunReport closed = RunReport.Open(files.At("closed"));
        RunReportPage.Make(closed, withCharts: false).ShouldContain("Not read yet.");
        RunResult opened = Run.Start(recipe, new RunOptions { Folder = files.At("open"), OpensTest = true });
        string page = RunReportPage.Make(RunReport.Open(files.At("open")), withCharts: false);
        Words(page).ShouldContain($"accuracy {PageText.Share(opened.Test!.Accuracy)} (");
        TestReadLog.Load(files.At("closed")).ShouldBeEmpty();
        TestReadLog.Load(files.At("open")).Count.ShouldBe(1);
    }

    [Fact]
    public void Without_the_data_the_recorded_figures_are_shown_with_the_reason()
    {
        using TemporaryFolder files = new();
        RunResult result = Run.Start(files.Recipe(), new RunOptions { Folder = files.At("run") });
        File.Move(files.At("data.csv"), files.At("moved.csv"));
        RunReport report = RunReport.Open(files.At("run"));
        report.Notes.Single().ShouldContain("data.csv");
        report.Figures.ShouldBeNull();
        report.Evaluation!.Metrics.ShouldBe(result.ValidationReport!.Metrics);
        RunReportPage.Make(report, withCharts: false).ShouldContain("<h2 id=\"classes\">");

        RunReport moved = RunReport.Open(files.At("run"), new RunReportOptions { Data = files.At("moved.csv") });
        (moved.Notes.Count, moved.Figures!.Samples).ShouldBe((0, report.Evaluation.Samples));
        Should.Throw<ThalwegException>(() => RunReport.Open(files.At("run"), new RunReportOptions { Data = files.At("none.csv") }));
        Should.Throw<ThalwegException>(() => RunReport.Open(files.At("none"))).Message.ShouldContain("none");
    }

    [Fact]
    public void An_interrupted_run_has_a_report_and_so_have_the_training_data()
    {
        using TemporaryFolder files = new();
        using CancellationTokenSource stop = new();
        RunOptions options = new() { Folder = files.At("run"), StepEnded = step => { if (step.Step == 6) stop.Cancel(); } };
        _ = Run.Start(files.Recipe(), options, null, stop.Token);
        RunReport half = RunReport.Open(files.At("run"));
        half.Record.Status.ShouldBe("interrupted");
        Words(RunReportPage.Make(half, withCharts: false)).ShouldContain("interrupted");

        RunReport training = RunReport.Open(files.At("run"), new RunReportOptions { Part = ReportPart.Training });
        training.Figures!.Samples.ShouldBe(training.Origin!.TrainingCount);
        training.Linear.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Names_are_escaped_and_nothing_is_loaded(bool withCharts)
    {
        if (withCharts && !RunReportPage.HasCharts)
            Assert.Skip("the page was built without Node.js");
        using TemporaryFolder files = new();
        Recipe recipe = files.Recipe();
        File.WriteAllText(files.At("data.csv"), File.ReadAllText(files.At("data.csv"))
            .Replace("x,y,color,kind", $"x,{Hostile},color,\"<b> & 'kind'\"", StringComparison.Ordinal)
            .Replace(",yes\n", ",\"<i>\"\"yes\"\"</i>\"\n", StringComparison.Ordinal));
        _ = Run.Start(recipe, new RunOptions { Folder = files.At("run"), Name = "<u>run", Tags = ["<s>"], Note = "password=secret" });
        string page = RunReportPage.Make(RunReport.Open(files.At("run")), withCharts);
        page.ShouldContain("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
        page.ShouldContain("&lt;i&gt;&quot;yes&quot;&lt;/i&gt;");
        page.ShouldContain("&lt;u&gt;run");
        page.ShouldContain("&lt;b&gt; &amp; &#x27;kind&#x27;");
        foreach (string markup in (string[])["<script>alert", "<i>", "<b>", "<u>", "<s>", "=secret"])
            page.ShouldNotContain(markup);
        page.ShouldNotContain("<!--thalweg");
        Loads().IsMatch(page).ShouldBeFalse();
        Data(page).GetProperty("target").GetString().ShouldBe("<b> & 'kind'");
        page.Length.ShouldBeLessThan(750_000);
    }

    /// <summary>The page's types are written by hand: each field of the data must be among them.</summary>
    [Fact]
    public void The_types_of_the_page_are_those_of_the_data()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Thalweg.slnx")))
            folder = Path.GetDirectoryName(folder);
        if (folder is null)
            Assert.Skip("the sources are not beside the tests");
        string types = File.ReadAllText(Path.Combine(folder, "web", "src", "report", "types.ts"));
        using TemporaryFolder files = new();
        RunReport report = Numbers(files);
        CalibrationBin bin = new(0, 0.1, 1, 0.05, 1);
        JsonElement data = Data(RunReportPage.Make(report with { Evaluation = report.Evaluation! with { Calibration = [bin] } }, withCharts: false));
        JsonElement[] objects = [data, data.GetProperty("epochs")[0], data.GetProperty("calibration")[0]];
        string[] names = [.. objects.SelectMany(item => item.EnumerateObject()).Select(field => field.Name)];
        Fields().Matches(types).Select(match => match.Groups[1].Value).ShouldBe(names, ignoreOrder: true);
    }

    internal static RunReport Numbers(TemporaryFolder files)
    {
        Recipe recipe = files.Recipe();
        recipe = recipe with { Data = recipe.Data with { Target = "y" } };
        _ = Run.Start(recipe, new RunOptions { Folder = files.At("numbers") });
        return RunReport.Open(files.At("numbers"));
    }

    /// <summary>The text of a page without its tags.</summary>
    private static string Words(string page) => Spaces().Replace(System.Net.WebUtility.HtmlDecode(Tags().Replace(page, "")), " ");

    private static JsonElement Data(string page) => JsonDocument.Parse(Json().Match(page).Groups[1].Value).RootElement;

    [GeneratedRegex("""<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex Json();

    /// <summary>Scripts, styles and pictures from elsewhere.</summary>
    [GeneratedRegex("""<(script|img|link|iframe)[^>]*(src|href)="(?!data:)""")]
    private static partial Regex Loads();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^  (\w+): ", RegexOptions.Multiline)]
    private static partial Regex Fields();
}
