using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Columns of new data by name, and what new data hold that training did not.</summary>
public sealed class ColumnMatchTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Columns_that_differ_in_case_are_two()
    {
        Preprocessing stored = Train("x,X,y");
        float[] features = Read(stored, "X,x\n3,4\n");
        features.ShouldBe(Read(stored, "x,X\n4,3\n"));
        features.ShouldNotBe(Read(stored, "x,X\n3,4\n"));
        TestFiles.ErrorOf(() => Read(stored, "x\n3\n")).ShouldContain("the column 'X' of the training data is missing");
        TestFiles.ErrorOf(() => Read(stored, "X\n3\n")).ShouldContain("the column 'x' of the training data is missing");
    }

    [Fact]
    public void Another_case_is_taken_where_it_is_clear_and_reported()
    {
        Preprocessing stored = Train("width,height,y");
        string path = _files.Text("case.csv", " HEIGHT ,Width\n3,4\n");
        using PreparedReader reader = PreparedReader.Open(path, stored, requireTarget: false);
        reader.Read()!.Features.ToArray().ShouldBe(Read(stored, "width,height\n4,3\n"));
        reader.Notes.Select(note => note.Kind).ShouldBe(["case", "case"]);
        TestFiles.ErrorOf(() => PreparedReader.Open(path, stored, false, new DataOptions { Strict = true })).ShouldContain("'width'");
        TestFiles.ErrorOf(() => Read(stored, "Width,WIDTH,height\n1,2,3\n")).ShouldContain("'width' of the training data is missing");
    }

    [Fact]
    public void A_target_in_another_case_is_no_feature()
    {
        Preprocessing stored = Train("x,z,X");
        TestFiles.ErrorOf(() => Read(stored, "z,X\n1,2\n")).ShouldContain("the column 'x' of the training data is missing");
    }

    [Fact]
    public void What_training_never_saw_is_counted_by_column()
    {
        string train = _files.Text("t.csv", "k,x,y\n" + string.Concat(Enumerable.Range(0, 400)
            .Select(i => $"{(i == 7 ? "rare" : i % 2 == 0 ? "male" : "female")},{i},{i % 3}\n")));
        Preprocessing stored = Preprocessing.FromJson(DataSource.Open(train).Split().Preprocessing.ToJson());
        string path = _files.Text(
            "new.csv", "k,x,extra\n" + string.Concat(Enumerable.Repeat("MALE,1,0\nmale,2,0\n,,0\nrare,1,0\nMale,inf,0\n", 900)));
        using PreparedReader reader = PreparedReader.Open(path, stored, requireTarget: false);
        while (reader.Read() is not null)
        {
        }

        UnseenCategories unseen = reader.UnseenCategories.ShouldHaveSingleItem();
        (unseen.Column, unseen.Rows).ShouldBe(("k", 1800));
        unseen.Examples.ShouldBe(["MALE", "Male"]);
        string[] notes = [.. reader.Notes.Select(note => note.Text)];
        notes.ShouldContain("column 'k': 1,800 rows have a category that training never saw, such as 'MALE', 'Male'");
        notes.ShouldContain("column 'k': 900 rows have no value, which training always had");
        notes.ShouldContain("column 'x': 1,800 rows have no value, which training always had");
        notes.ShouldContain(note => note.Contains("900 infinite values", StringComparison.Ordinal));
        notes.ShouldContain("a column that the model does not know: 'extra'");
    }

    [Fact]
    public void Models_of_version_1_are_read_by_their_rules()
    {
        Preprocessing first = Train("x,z,y", task: LearningTask.Classification()) with { Version = 1, Reading = null };
        Preprocessing stored = Preprocessing.FromJson(first.ToJson());
        using PreparedReader reader = PreparedReader.Open(_files.Text("n.csv", "x,z,y\nNA,1,1.0\n2,?,02\n"), stored, requireTarget: true);
        PreparedBlock block = reader.Read()!;
        block.Labels.ToArray().ShouldBe([1, 2]);
        block.Features[0].ShouldBe(0);
    }

    private Preprocessing Train(string header, LearningTask? task = null)
    {
        string path = _files.Text(
            "train.csv", header + "\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i * 7) % 60},{i % 3}\n")));
        return Preprocessing.FromJson(DataSource.Open(path, new DataOptions { Task = task }).Split().Preprocessing.ToJson());
    }

    private float[] Read(Preprocessing stored, string text)
    {
        using PreparedReader reader = PreparedReader.Open(_files.Text("new.csv", text), stored, requireTarget: false);
        return reader.Read()!.Features.ToArray();
    }
}
