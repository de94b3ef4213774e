using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Thalweg.Labs.Tests;

/// <summary>What every lab must have.</summary>
public sealed partial class CatalogueTests
{
    private static readonly string? s_shared = FindShared();

    public static TheoryData<string> Names => [.. LabCatalogue.All.Select(lab => lab.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lab_says_all_in_both_languages(string name)
    {
        Lab lab = LabCatalogue.Of(name);
        Name().IsMatch(lab.Name).ShouldBeTrue();
        foreach (LabText text in (LabText[])[lab.Claim.Statement, lab.Question, lab.Method, lab.Refutation])
        {
            text.English.ShouldNotBeNullOrWhiteSpace();
            text.Chinese.ShouldNotBeNullOrWhiteSpace();
            text.English.ShouldNotBe(text.Chinese);
        }

        lab.Options.ShouldAllBe(option => option.Summary.English.Length > 0 && option.Summary.Chinese.Length > 0);
        lab.Code.ShouldContain($"class {lab.GetType().Name}");
        lab.Claim.Sources.Count.ShouldBeGreaterThan(0);
        lab.Claim.Quotes.Count.ShouldBeGreaterThan(0);
        lab.Claim.Quotes.ShouldAllBe(quote => lab.Claim.Sources.Contains(quote.Source));
        XElement.Parse($"<math>{lab.Claim.Formula}</math>").Descendants().ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_quote_stands_in_its_document_word_for_word(string name)
    {
        if (s_shared is null)
            Assert.Skip("there is no ../shared/seeds");
        foreach (LabQuote quote in LabCatalogue.Of(name).Claim.Quotes)
        {
            string document = File.ReadAllText(Directory.GetFiles(Path.Combine(s_shared!, "seeds"), $"{quote.Source}_*").Single());
            Plain(document).ShouldContain(Plain(quote.Chinese), Case.Sensitive, $"{name}, document {quote.Source}");
        }

        // Line breaks and signs of markup are not part of a sentence.
        static string Plain(string text) => Spaces().Replace(text, "");
    }

    [Fact]
    public void Names_are_those_of_the_claims()
    {
        if (s_shared is null)
            Assert.Skip("there is no ../shared/CLAIMS.md");
        string[] claims = [.. File.ReadLines(Path.Combine(s_shared!, "CLAIMS.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',', StringSplitOptions.TrimEntries))];
        LabCatalogue.All.Select(lab => lab.Name).Except(claims).ShouldBeEmpty();
    }

    [Fact]
    public void The_page_of_the_documentation_is_the_recorded_table() =>
        File.ReadAllText(Path.Combine(Root(), "docs", "labs.md")).ReplaceLineEndings("\n")
            .ShouldBe(LabTable.Markdown(), "thalweg lab list --markdown > docs/labs.md");

    [Fact]
    public void Every_lab_has_a_recorded_verdict_in_quick_mode()
    {
        string[] recorded = [.. LabVerdicts.Recorded(LabMode.Quick).Labs.Select(lab => lab.Lab)],
            names = [.. LabCatalogue.All.Select(lab => lab.Name)];
        recorded.Except(names).ShouldBeEmpty();
        if (names.Except(recorded).ToArray() is { Length: > 0 } missing)
        {
            Assert.Skip($"not recorded yet: {string.Join(", ", missing)}; thalweg lab run NAME --record "
                + $"src/Thalweg.Labs/Verdicts/quick.json");
        }
    }

    private static string? FindShared() => Path.Combine(Root(), "..", "shared") is var path
        && File.Exists(Path.Combine(path, "CLAIMS.md")) ? path : null;

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Thalweg.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run outside of the repository");
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"[\s\\*]+")]
    private static partial Regex Spaces();
}
