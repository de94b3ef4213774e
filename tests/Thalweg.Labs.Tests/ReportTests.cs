using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Thalweg.Labs.Report;

namespace Thalweg.Labs.Tests;

/// <summary>The site: each page needs no other file, and says all in both languages.</summary>
public sealed partial class ReportTests
{
    private static readonly LabRunOptions s_tiny = new() { Mode = LabMode.Tiny };
    private static readonly Lazy<(Lab Lab, LabResult Result)[]> s_results = new(() =>
    {
        Lab[] labs = [new CountingLab(), LabCatalogue.Of("saturation")];
        return [.. labs.Zip(new LabRunner(s_tiny).Run(labs))];
    });

    public static IEnumerable<string> Pages =>
        [IndexPage.Make(s_results.Value, s_tiny), SourcesPage.Make(s_results.Value)!,
            .. s_results.Value.Select(pair => LabPage.Make(pair.Lab, pair.Result))];

    [Fact]
    public void A_page_loads_nothing()
    {
        foreach (string page in Pages)
        {
            Loading().Matches(page).Select(match => match.Value).ShouldBeEmpty();
            Addresses().Matches(page).Select(match => match.Value)
                .Where(address => address != "http://www.w3.org/2000/svg").ShouldBeEmpty();
        }
    }

    [Fact]
    public void Names_cannot_break_out_of_the_page()
    {
        foreach (string page in Pages)
        {
            page.ShouldNotContain("</script><b>");
            Scripts().Matches(page).Count.ShouldBe(Regex.Count(page, "<script"));
        }
    }

    [Fact]
    public void Every_text_has_its_other_language()
    {
        foreach (string page in Pages)
        {
            string body = page[page.IndexOf("<body>", StringComparison.Ordinal)..page.LastIndexOf("<script>", StringComparison.Ordinal)];
            Regex.Count(body, "<(span|text)[^>]* lang=\"en\"").ShouldBe(Regex.Count(body, "<(span|text)[^>]* lang=\"zh\""));
            Regex.Count(body, "data-en=").ShouldBe(Regex.Count(body, "data-zh="));
        }
    }

    [Fact]
    public void Pictures_are_well_formed_and_have_no_number_that_is_none()
    {
        foreach (LabPicture picture in s_results.Value[0].Result.Pictures.Where(picture => picture is not TablePicture))
        {
            string figure = PictureWriter.Figure(picture, "name"), svg = Drawing().Match(figure).Value;
            XElement.Parse(svg).Attribute("aria-label")!.Value.ShouldBe(picture.Title.English);
            svg.ShouldNotContain("NaN");
            svg.ShouldNotContain("Infinity");
        }
    }

    [Fact]
    public void A_page_says_what_would_have_refuted_the_claim_and_how_to_run_it_again()
    {
        string page = Pages.Last();
        page.ShouldContain(Svg.Encode(LabCatalogue.Of("saturation").Refutation.Chinese));
        page.ShouldContain("thalweg lab run saturation --quick --seeds 3");
        page.ShouldContain("internal sealed class SaturationLab");
    }

    [Fact]
    public void The_site_is_a_folder_of_small_pages()
    {
        string folder = Directory.CreateTempSubdirectory("labs").FullName;
        try
        {
            LabReport.Write(folder, s_results.Value, s_tiny);
            string[] files = [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).Order()];
            files.ShouldBe(LabPlayground.IsAvailable ? ["counting.html", "index.html", "playground.html", "saturation.html", "sources.html"]
                : ["counting.html", "index.html", "saturation.html", "sources.html"]);

            // Eight megabytes for 47 labs leave 170 kB for each.
            foreach (string file in files.Where(file => file != LabPlayground.FileName))
                Packed(Path.Combine(folder, file)).ShouldBeLessThan(120_000);
            Links().Matches(File.ReadAllText(Path.Combine(folder, "index.html"))).Select(match => match.Groups[1].Value)
                .ShouldAllBe(page => files.Contains(page));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An answer may not say more than the labs found: each figure that is judged was met, or left open.</summary>
    [Fact]
    public void Answers_rest_on_criteria_that_no_lab_has_refuted()
    {
        ReaderQuestion.All.Select(question => question.Id).Distinct().Count().ShouldBe(ReaderQuestion.All.Count);
        LabVerdicts recorded = LabVerdicts.Recorded(LabMode.Quick);
        foreach ((string lab, string figure) in ReaderQuestion.All.SelectMany(question => question.Figures))
        {
            recorded.Of(lab).ShouldNotBeNull(lab).Criteria.Where(criterion => criterion.Figure == figure)
                .ShouldAllBe(criterion => criterion.Outcome != LabOutcome.Fails, $"{lab}, {figure}");
        }
    }

    [Fact]
    public void A_question_shows_its_answer_and_the_figures_that_were_measured()
    {
        string page = IndexPage.Make(Results("random-walk"), s_tiny);
        page.ShouldContain("<details id=\"momentum\">");
        page.ShouldContain(Svg.Encode("length of the path of momentum over that of sgd"));
        page.ShouldNotContain("<details id=\"tanh-start\">");
    }

    /// <summary>Every picture that the page of the sources names is drawn by its lab, and every number measured.</summary>
    [Fact]
    public void The_pictures_of_the_sources_stand_beside_their_numbers()
    {
        foreach (SourcePicture source in SourcePicture.All)
        {
            string page = SourcesPage.Make(Results(source.Lab)).ShouldNotBeNull();
            Regex.Count(page, "<figure").ShouldBeGreaterThanOrEqualTo(source.Pictures.Count, source.Lab);
            foreach (SourceNumber number in source.Numbers)
                page.ShouldContain(PageWriter.Both(number.Given), Case.Sensitive, source.Lab);
        }

        SourcesPage.Make([s_results.Value[0]]).ShouldBeNull();
    }

    private static (Lab Lab, LabResult Result)[] Results(string name)
    {
        Lab lab = LabCatalogue.Of(name);
        return [(lab, new LabRunner(s_tiny).Run(lab))];
    }

    [Theory]
    [InlineData(0, 10, LabScale.Linear, "0 2 4 6 8 10")]
    [InlineData(-1, 1, LabScale.Linear, "-1 -0.5 0 0.5 1")]
    [InlineData(0.001, 1000, LabScale.Logarithmic, "0.001 0.01 0.1 1 10 100 1000")]
    [InlineData(1, 1, LabScale.Linear, "0.6 0.8 1 1.2 1.4")]
    public void Ticks_stand_at_round_numbers(double low, double high, LabScale scale, string expected) =>
        string.Join(' ', Axis.Over([low, high], scale, 0, 100).Ticks().Select(Axis.Label)).ShouldBe(expected);

    private static long Packed(string path)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(File.ReadAllBytes(path));
        return packed.Length;
    }

    [GeneratedRegex("""<link|<img|<iframe|<script[^>]+src|@import|url\(""")]
    private static partial Regex Loading();

    [GeneratedRegex("""https?://[^"'\s<)&]+""")]
    private static partial Regex Addresses();

    [GeneratedRegex("""<script( type="application/json")?>.*?</script>""", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex("data-page=\"([^\"]+)\"")]
    private static partial Regex Links();
}
