using Microsoft.Data.Sqlite;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Storage.Tests;

public sealed class SqliteStudyStorageTests : StudyStorageTests
{
    private readonly TemporaryFolder _folder = new();

    private string File1 => _folder.At("studies.db");

    public override void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_something_else_a_damaged_and_a_newer_one_are_told()
    {
        File.WriteAllText(_folder.At("text.db"), new string('x', 5000));
        Should.Throw<ThalwegException>(() => SqliteStudyStorage.Open(_folder.At("text.db"), "a")).Message.ShouldContain("damaged or something else");
        Open("a").Dispose();
        using (SqliteConnection connection = new($"Data Source={File1};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Should.Throw<ThalwegException>(() => Open("a")).Message.ShouldContain("newer version");
        Should.Throw<ThalwegException>(() => SqliteStudyStorage.Open(_folder.At("text.db/x.db"), "a")).Message.ShouldContain("choose another place");
    }

    [Fact]
    public void An_index_of_runs_and_studies_share_a_file()
    {
        using (SqliteRunIndex index = SqliteRunIndex.Open(File1))
            index.Query(new RunQuery()).ShouldBeEmpty();
        using StudyStorage storage = Open("a");
        storage.Update(0, _ => ["one"]).Lines.ShouldBe(["one"]);
        using SqliteRunIndex again = SqliteRunIndex.Open(File1);
        again.Query(new RunQuery()).ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_says_where_its_study_is_kept()
    {
        using (StudyStorage storage = StudyStorages.Make(_folder.At("study"), File1))
            storage.Update(0, _ => ["one"]);
        using (StudyStorage storage = StudyStorages.Open(_folder.At("study")))
            storage.Read(0).Lines.ShouldBe(["one"]);
        StudyStorages.Exists(_folder.At("study")).ShouldBeTrue();
        using (StudyStorage storage = StudyStorages.Make(_folder.At("journal")))
            storage.Update(0, _ => ["two"]);
        StudyStorages.Open(_folder.At("journal")).Read(0).Lines.ShouldBe(["two"]);
        Should.Throw<ThalwegException>(() => StudyStorages.Open(_folder.At("nothing"))).Message.ShouldContain("expected the folder of a study");
        Should.Throw<ThalwegException>(() => StudyStorages.Make(_folder.At("secret"), "Host=h;Password=topsecret")).Message.ShouldSatisfyAllConditions(
            message => message.ShouldNotContain("topsecret"), message => message.ShouldContain(StudyStorages.Variable));
        File.WriteAllText(_folder.At("study/storage.json"), "{");
        Should.Throw<ThalwegException>(() => StudyStorages.Open(_folder.At("study"))).Message.ShouldContain("storage.json");
    }

    private protected override StudyStorage Open(string name) => SqliteStudyStorage.Open(File1, name);

    private protected override IReadOnlyList<string> Names() => [.. SqliteStudyStorage.NamesIn(File1)];
}
