using Thalweg.Conformance.Golden;

namespace Thalweg.Tests.Rules;

/// <summary>Trajectories of the reference implementation, reproduced in double by the tables of the conformance runner.</summary>
public sealed class ReferenceFileTests
{
    [Theory]
    [InlineData("optim_sgd.json", 18)]
    [InlineData("optim_adam.json", 18)]
    [InlineData("optim_adamw.json", 14)]
    [InlineData("optim_adagrad.json", 14)]
    [InlineData("optim_adadelta.json", 13)]
    [InlineData("optim_rmsprop.json", 18)]
    [InlineData("optim_adamax.json", 9)]
    [InlineData("optim_nadam.json", 12)]
    [InlineData("optim_radam.json", 8)]
    [InlineData("optim_rprop.json", 9)]
    [InlineData("optim_asgd.json", 9)]
    [InlineData("optim_lbfgs.json", 1)]
    [InlineData("optim_with_scheduler.json", 2)]
    [InlineData("schedulers.json", 26)]
    [InlineData("clipping.json", 6)]
    [InlineData("batchnorm.json", 1)]
    [InlineData("training/cnn_example.json", 1)]
    [InlineData("training/regression_example.json", 2)]
    [InlineData("training/lbfgs_training_example.json", 1)]
    [InlineData("training/char_rnn_example.json", 1)]
    public void Every_case_of_the_file_holds(string file, int atLeast)
    {
        using StringWriter output = new();
        (int passed, int failed) = GoldenFile.Run(PathOf(file), output);
        failed.ShouldBe(0, output.ToString());
        passed.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    private static string PathOf(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "conformance", file);
            if (File.Exists(path))
                return path;
        }

        Assert.Skip($"shared/conformance/{file} is not here: it lies beside the repository only where the reference files were fetched");
        return "";
    }
}
