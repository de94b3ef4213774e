using Thalweg.Checkpoints;

namespace Thalweg.Tests.Checkpoints;

public sealed class AtomicFileTests
{
    [Fact]
    public void A_write_replaces_the_file_and_leaves_nothing_beside_it()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a"], "old and longer");

        AtomicFile.Write(folder["a"], stream => stream.Write("new"u8));

        File.ReadAllText(folder["a"]).ShouldBe("new");
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder["a"]]);
    }

    [Fact]
    public void A_write_that_fails_on_the_way_leaves_the_old_file_and_no_other()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a"], "old");

        Should.Throw<InvalidDataException>(() => AtomicFile.Write(folder["a"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidDataException();
        }));
        Should.Throw<ThalwegException>(() => AtomicFile.Write(folder["a"], stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        })).Message.ShouldContain("cannot write the file (No space left on device)");

        File.ReadAllText(folder["a"]).ShouldBe("old");
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder["a"]]);
    }

    [Fact]
    public void Two_that_write_one_file_at_once_do_not_mix()
    {
        using TemporaryFolder folder = new();

        AtomicFile.Write(folder["a"], outer =>
        {
            outer.Write("out"u8);
            AtomicFile.Write(folder["a"], inner => inner.Write("inner"u8));
            File.ReadAllText(folder["a"]).ShouldBe("inner");
            outer.Write("er"u8);
        });

        File.ReadAllText(folder["a"]).ShouldBe("outer");
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder["a"]]);
    }

    [Fact]
    public void A_missing_folder_or_a_folder_in_the_place_of_the_file_is_one_clear_line()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["here"]);

        foreach (string path in new[] { folder["none/a"], folder["here"] })
        {
            ThalwegException error = Should.Throw<ThalwegException>(() => AtomicFile.Write(path, stream => stream.WriteByte(1)));
            error.Message.ShouldStartWith($"[checkpoint] {path}: cannot write the file (");
            error.Message.ShouldNotContain('\n');
            error.InnerException.ShouldNotBeNull();
        }

        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder["here"]]);
    }
}
