namespace Thalweg.Cli.Tests;

/// <summary>Options that are refused before anything is read or written.</summary>
public sealed class BadOptionTests
{
    [Theory]
    [InlineData("--activation", "rleu", "relu", "did you mean relu")]
    [InlineData("--init", "hee", "xavier_uniform", "did you mean he")]
    [InlineData("--norm", "bath", "none, batch", "did you mean batch")]
    [InlineData("--optimizer", "adma", "nesterov", "did you mean adam")]
    [InlineData("--schedule", "cosin", "constant, cosine, linear", "did you mean cosine")]
    [InlineData("--lr", "-1", "above 0", "'-1'")]
    [InlineData("--lr", "nan", "above 0", "'nan'")]
    [InlineData("--batch", "1000000", "batch size from 1 to", "1000000")]
    [InlineData("--model", "rnn:3", "mlp:", "linear")]
    [InlineData("--dropout", "1", "--dropout", "'1'")]
    public void A_bad_value_is_refused_with_the_choices(string option, string value, string expected, string found)
    {
        using Shell shell = new();
        shell.Refuses(["train", "--data", "blobs", option, value], expected, found);
    }

    [Theory]
    [InlineData("train --epoch 3", "unknown option '--epoch'", "--epochs")]
    [InlineData("trian", "unknown command 'trian'", "train")]
    [InlineData("train --lr", "--lr", "--help")]
    [InlineData("eval --data x.csv", "--model", "required")]
    [InlineData("train --header --no-header", "--header", "--no-header")]
    [InlineData("train --optimizer chain(scale_by_learning_rate(0.1)) --clip 1", "--clip", "chain(...)")]
    [InlineData("train --data blobs --warmup 1000000", "--warmup", "1000000")]
    public void Words_that_make_no_sense_are_refused(string line, string expected, string remedy)
    {
        using Shell shell = new();
        shell.Refuses(line.Split(' '), expected, remedy);
    }

    [Fact]
    public void A_folder_that_holds_a_model_is_not_overwritten_unless_forced()
    {
        using Shell shell = new();
        string[] train = ["train", "--data", "blobs", "--epochs", "1", "--out", "run"];
        shell.Run(train).Succeeded();
        byte[] before = File.ReadAllBytes(shell.At("run/model.safetensors"));
        shell.Refuses([.. train, "--seed", "2"], "run", "--force");
        shell.Refuses([.. train, "--resume"], "finished");
        File.ReadAllBytes(shell.At("run/model.safetensors")).ShouldBe(before);
        shell.Run([.. train, "--seed", "2", "--force"]).Succeeded();
        File.ReadAllBytes(shell.At("run/model.safetensors")).ShouldNotBe(before);
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_refused_before_training()
    {
        using Shell shell = new();
        File.WriteAllText(shell.At("file"), "");
        shell.Refuses(["train", "--data", "blobs", "--out", "file"], "file", "folder");
        shell.Refuses(["train", "--data", "blobs", "--out", "file/run"], "file/run", "cannot write");
    }
}
