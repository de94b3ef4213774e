namespace Thalweg.Cli.Tests;

/// <summary>Data that is refused, each with one line that names place and remedy, and nothing written.</summary>
public sealed class BadDataTests
{
    [Fact]
    public void Missing_file()
    {
        using Shell shell = new();
        shell.Refuses(["train", "--data", "nope.csv"], "nope.csv", "no such file", "glyphs");
    }

    [Fact]
    public void Empty_file()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("empty.csv"), "");
        shell.Refuses(["train", "--data", "empty.csv"], "empty.csv", "empty");
    }

    [Fact]
    public void Ragged_table()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("ragged.csv"), TestData.Classes(60) + "1,2,red\n");
        shell.Refuses(["train", "--data", "ragged.csv"], "ragged.csv", "line 62", "3", "4");
    }

    [Fact]
    public void Unknown_target_column()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(60));
        shell.Refuses(["train", "--data", "data.csv", "--target", "colour"], "data.csv", "'colour'", "nearest: color");
    }

    [Fact]
    public void Single_class()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("one.csv"), TestData.Classes(60).Replace(",yes\n", ",no\n", StringComparison.Ordinal));
        shell.Refuses(["train", "--data", "one.csv"], "one.csv", "'kind'", "class");
    }

    [Fact]
    public void Wrong_magic_number()
    {
        using Shell shell = new();
        (byte[] images, byte[] labels) = TestData.Halves(50);
        images[0] = 7;
        WriteImages(shell, images, labels);
        shell.Refuses(["train", "--data", "images"], "train-images-idx3-ubyte", "magic");
    }

    [Fact]
    public void Truncated_gzip()
    {
        using Shell shell = new();
        (byte[] images, byte[] labels) = TestData.Halves(50);
        byte[] packed = TestData.Gzip(images);
        WriteImages(shell, packed[..(packed.Length / 2)], labels, ".gz");
        shell.Refuses(["train", "--data", "images"], "train-images-idx3-ubyte.gz");
    }

    [Fact]
    public void Count_that_disagrees_with_the_length()
    {
        using Shell shell = new();
        (byte[] images, byte[] labels) = TestData.Halves(50);
        WriteImages(shell, images[..^9], labels);
        shell.Refuses(["train", "--data", "images"], "train-images-idx3-ubyte", "800", "791");
    }

    [Fact]
    public void Labels_and_images_of_different_count()
    {
        using Shell shell = new();
        WriteImages(shell, TestData.Halves(50).Images, TestData.Halves(49).Labels);
        shell.Refuses(["train", "--data", "images"], "images", "50", "49");
    }

    [Fact]
    public void Columns_and_cells_that_do_not_fit_the_model()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("data.csv"), TestData.Classes(60));
        shell.Run("train", "--data", "data.csv", "--epochs", "1", "--out", "run").Succeeded();
        File.WriteAllText(shell.At("text.csv"), "x,y,color\n1,2,red\n1,two,red\n");
        shell.Refuses(["predict", "--model", "run", "--data", "text.csv", "--out", "p.csv"], "text.csv", "line 3", "'y'", "two");
        shell.Refuses(["predict", "--model", "run", "--data", "text.csv"], "line 3");
        File.WriteAllText(shell.At("few.csv"), "x,color\n1,red\n");
        shell.Refuses(["predict", "--model", "run", "--data", "few.csv"], "few.csv", "'y'", "missing");
        File.WriteAllText(shell.At("blind.csv"), "x,y,color\n1,2,red\n");
        shell.Refuses(["eval", "--model", "run", "--data", "blind.csv"], "'kind'");
        shell.Refuses(["eval", "--model", "run", "--data", "glyphs"], "glyphs", "table");
    }

    private static void WriteImages(Shell shell, byte[] images, byte[] labels, string ending = "")
    {
        Directory.CreateDirectory(shell.At("images"));
        File.WriteAllBytes(shell.At("images/train-images-idx3-ubyte" + ending), images);
        File.WriteAllBytes(shell.At("images/train-labels-idx1-ubyte"), labels);
    }
}
