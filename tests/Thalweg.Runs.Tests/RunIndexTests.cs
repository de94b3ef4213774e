using System.Text;
using System.Text.Json;

namespace Thalweg.Runs.Tests;

/// <summary>Runs found in folders, filters, deletion, and what is not to be stored.</summary>
public sealed class RunIndexTests
{
    private static readonly RunFields s_fields = new(
        ["validation_accuracy"], new Dictionary<string, string> { ["lr"] = "training.optimizer.learning_rate" });

    [Fact]
    public void Runs_are_found_in_folders_by_settings_figures_names_and_tags()
    {
        using TemporaryFolder temp = new();
        Recipe recipe = temp.Recipe(epochs: 1);
        Run.Start(recipe, new RunOptions { Folder = temp.At("runs/a"), Name = "first", Tags = ["x", "y"], Note = "try; password=hunter2" });
        Run.Start(recipe.With("seed", 2UL).With("training.optimizer.name", "sgd"), new RunOptions { Folder = temp.At("runs/group/b") });
        FolderIndex index = new(temp.At("runs"));
        Find("optimizer=sgd").ShouldBe(["b"]);
        Find("accuracy>=0 and accuracy<=1").ShouldBe(["a", "b"]);
        Find("tag=y and name=first and status=finished").ShouldBe(["a"]);
        Find("lr>0").ShouldBe(["a", "b"]);
        RunSummary run = index.Query(new RunQuery { Where = RunFilter.Parse("seed=1", s_fields) }).Single();
        run.Note.ShouldBe("try; password=***");
        File.ReadAllText(temp.At("runs/a/run.json")).ShouldNotContain("hunter2");
        run.Settings["training.batch_size"].ShouldBe("32");
        RunIndexing.Find(index, "first").Folder.ShouldBe(temp.At("runs/a"));
        RunIndexing.Find(index, "b").Folder.ShouldBe(temp.At("runs/group/b"));
        RunIndexing.Find(index, temp.At("runs/a")).Name.ShouldBe("first");
        Should.Throw<ThalwegException>(() => RunIndexing.Find(index, "c")).Message.ShouldContain("none called 'c'");
        RunTable.Diff(RunIndexing.Find(index, "first"), RunIndexing.Find(index, "b")).Select(item => item.Path)
            .ShouldContain("training.optimizer.name");

        IEnumerable<string> Find(string filter) => index.Query(new RunQuery { Where = RunFilter.Parse(filter, s_fields) })
            .Select(item => Path.GetFileName(item.Folder)).Order();
    }

    [Fact]
    public void A_record_says_why_each_default_and_on_what_it_ran()
    {
        using TemporaryFolder temp = new();
        Run.Start(temp.Recipe(epochs: 1), new RunOptions { Folder = temp.At("run") });
        RunRecord record = RunRecord.Load(temp.At("run"));
        record.Defaults!.Single(item => item.Path == "training.batch_size").Reason.ShouldNotBeEmpty();
        record.Environment!.Version.ShouldNotBeEmpty();
        record.Outcome!.KeptEpoch.ShouldBe(0);
        (DateTimeOffset.UtcNow - record.Started!.Value).ShouldBeLessThan(TimeSpan.FromMinutes(5));
        RunEnvironment.Current().Variables.Keys.ShouldBeSubsetOf(
        [
            "DOTNET_EnableAVX2", "DOTNET_EnableAVX512", "DOTNET_EnableHWIntrinsic", "DOTNET_TieredCompilation", "DOTNET_TieredPGO",
            "DOTNET_gcServer", "THALWEG_THREADS",
        ]);
    }

    [Theory]
    [InlineData("", "column 1", "name of a field")]
    [InlineData("accuracy", "column 9", "expected one of")]
    [InlineData("accuracy>", "column 10", "a value")]
    [InlineData("accuracy>good", "column 10", "a number")]
    [InlineData("acuracy>1", "column 1", "did you mean accuracy?")]
    [InlineData("seed=1 seed=2", "column 8", "and, or")]
    [InlineData("(seed=1", "column 8", "expected )")]
    [InlineData("seed=1)", "column 7", "and, or")]
    [InlineData("name='x", "column 6", "closing '")]
    [InlineData("seed=1 and", "column 11", "name of a field")]
    [InlineData("seed=1; DROP TABLE runs", "column 9", "and, or")]
    public void A_filter_that_does_not_read_names_the_column(string filter, params string[] parts)
    {
        string message = Should.Throw<ThalwegException>(() => RunFilter.Parse(filter, s_fields)).Message;
        foreach (string part in parts)
            message.ShouldContain(part);
    }

    [Fact]
    public void Filters_of_any_length_and_depth_are_read_or_refused()
    {
        Should.Throw<ThalwegException>(() => RunFilter.Parse(new string('(', 5000), s_fields)).Message.ShouldContain("within each other");
        Should.Throw<ThalwegException>(() => RunFilter.Parse(new string('x', 20_000), s_fields)).Message.ShouldContain("characters");
        RunFilter.Parse(string.Join(" and ", Enumerable.Repeat("seed=1", 500)), s_fields).ShouldBeOfType<RunFilter.And>();
        Random random = new(1);
        const string Signs = "seed=1 and or not (accuracy>0.5) \"'~<!=";
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Signs[random.Next(Signs.Length)]));
            try
            {
                RunFilter.Parse(text, s_fields);
            }
            catch (ThalwegException)
            {
                // Refused in one line; anything else fails the test.
            }
        }
    }

    [Fact]
    public void Only_folders_that_hold_a_run_are_deleted_and_no_link_is_followed()
    {
        using TemporaryFolder temp = new();
        FolderIndex index = new(temp.Folder);
        Run.Start(temp.Recipe(epochs: 1), new RunOptions { Folder = temp.At("run") });
        Directory.CreateDirectory(temp.At("other"));
        File.WriteAllText(temp.At("other/keep"), "");
        Directory.CreateSymbolicLink(temp.At("link"), temp.At("run"));
        Directory.CreateSymbolicLink(temp.At("run/inside"), temp.At("other"));
        Directory.CreateDirectory(temp.At("damaged"));
        File.WriteAllText(temp.At("damaged/run.json"), "{}");
        foreach ((string name, string part) in ((string, string)[])
            [
                ("other", "none there"), ("link", "a link"), ("missing", "no folder"), ("damaged", "not the record"),
                ("data.csv", "no folder"),
            ])
        {
            Should.Throw<ThalwegException>(() => RunDeletion.Delete(temp.At(name), index)).Message.ShouldContain(part);
        }

        using (RunLock.Take(temp.At("run")))
            Should.Throw<ThalwegException>(() => RunDeletion.Delete(temp.At("run"), index)).Message.ShouldContain("run");
        File.Exists(temp.At("run/run.json")).ShouldBeTrue();
        RunDeletion.Delete(temp.At("run"), index);
        Directory.Exists(temp.At("run")).ShouldBeFalse();
        File.Exists(temp.At("other/keep")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Host=x;Password=abc;Port=1", "Host=x;Password=***;Port=1")]
    [InlineData("postgresql://me:ab%2Fc@host/db", "postgresql://me:***@host/db")]
    [InlineData("pwd = 'a b' and api_key=xyz", "pwd = *** and api_key=***")]
    [InlineData("accuracy=0.9 at https://host/path", "accuracy=0.9 at https://host/path")]
    public void Passwords_and_keys_are_masked(string text, string masked) => SecretText.Mask(text).ShouldBe(masked);

    [Fact]
    public void Tables_are_written_as_csv_and_json_whatever_the_names()
    {
        RunSummary run = new()
        {
            Folder = "/runs/a",
            Host = "h",
            Name = "a \"quoted\", </script>\nname",
            Tags = ["b", "c"],
            Status = "finished",
            Started = "",
            Seconds = 1.5,
            CompletedEpochs = 2,
            Metrics = new Dictionary<string, double> { ["validation_loss"] = double.NaN },
        };
        RunTable table = RunTable.Of([run]);
        using StringWriter csv = new();
        table.WriteCsv(csv);
        csv.ToString().ShouldContain("\"a \"\"quoted\"\", </script>\nname\"");
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
            table.WriteJson(writer);
        string json = Encoding.UTF8.GetString(stream.ToArray());
        json.ShouldNotContain("</script>");
        JsonElement item = JsonDocument.Parse(json).RootElement[0];
        item.GetProperty("name").GetString().ShouldBe(run.Name);
        item.GetProperty("seconds").GetDouble().ShouldBe(1.5);
        item.GetProperty("tags").GetArrayLength().ShouldBe(2);
        item.GetProperty("validation_loss").GetString().ShouldBe("NaN");
    }
}
