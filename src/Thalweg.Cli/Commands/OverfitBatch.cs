using Thalweg.Cli.Printing;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg train --overfit-batch</c>: whether one batch can be learned by heart.</summary>
internal static class OverfitBatch
{
    /// <summary>Makes the test; exit code 2 where the batch is not learned.</summary>
    public static int Run(Recipe recipe, bool json)
    {
        PreparedRecipe prepared = recipe.Prepare();
        OverfitResult result = OverfitTest.Run(
            prepared.Network, prepared.Split.Training, prepared.Options, prepared.Split.Preprocessing.Target.Scale);
        if (json)
            WriteJson(result);
        else
            PlainTable.Write(Rows(result));
        return result.IsLearned ? ExitCode.Success : ExitCode.BadInput;
    }

    private static IEnumerable<(string Label, string Text)> Rows(OverfitResult result)
    {
        yield return ("batch", $"{Figures.Plural(result.Samples, "sample")}, {Figures.Count(result.Steps)} steps");
        yield return ("loss", $"{Figures.Loss(result.Before.Loss)} -> {Figures.Loss(result.After.Loss)}");
        yield return (result.After.MetricName, $"{Figures.Metric(result.Before)} -> {Figures.Metric(result.After)}");
        if (result.Failure is { } failure)
            yield return ("failure", Options.FlagNames.In(failure));
        yield return ("learned", result.IsLearned
            ? "yes"
            : "no: before training on all data, look at the learning rate, the loss, the targets and the network");
    }

    private static void WriteJson(OverfitResult result) => JsonOutput.Write(writer =>
    {
        writer.WriteBoolean("learned", result.IsLearned);
        writer.WriteNumber("samples", result.Samples);
        writer.WriteNumber("steps", result.Steps);
        writer.WriteEvaluation("before", result.Before);
        writer.WriteEvaluation("after", result.After);
        if (result.Failure is { } failure)
            writer.WriteString("failure", failure);
    });
}
