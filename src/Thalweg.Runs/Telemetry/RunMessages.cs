using Microsoft.Extensions.Logging;

namespace Thalweg.Runs;

/// <summary>Log messages of runs.</summary>
internal static partial class RunMessages
{
    [LoggerMessage(1, LogLevel.Information, "Run {Run} starts at step {Step}: {Epochs} epochs with {Optimizer}")]
    public static partial void Started(this ILogger logger, string run, int epochs, string optimizer, long step);

    [LoggerMessage(2, LogLevel.Warning, "Run {Run}: {Warning}")]
    public static partial void Warned(this ILogger logger, string run, string warning);

    [LoggerMessage(3, LogLevel.Information,
        "Run {Run}, epoch {Epoch}: training loss {TrainingLoss}, validation loss {ValidationLoss}, {Seconds} s")]
    public static partial void EndedEpoch(
        this ILogger logger, string run, int epoch, double trainingLoss, double validationLoss, double seconds);

    [LoggerMessage(4, LogLevel.Debug, "Run {Run}: saved at step {Step}")]
    public static partial void Saved(this ILogger logger, string run, long step);

    [LoggerMessage(5, LogLevel.Information, "Run {Run}: test data read, {Metric} {Value}")]
    public static partial void ReadTest(this ILogger logger, string run, string metric, double value);

    [LoggerMessage(6, LogLevel.Error, "Run {Run} failed: {Failure}")]
    public static partial void Failed(this ILogger logger, string run, string failure);

    [LoggerMessage(7, LogLevel.Information, "Run {Run} is over ({Status}): {Steps} steps in {Seconds} s")]
    public static partial void Ended(this ILogger logger, string run, string status, long steps, double seconds);

    [LoggerMessage(8, LogLevel.Warning, "Run {Run}, step {Step}: {Recovery}")]
    public static partial void RecoveredFrom(this ILogger logger, string run, long step, string recovery);

    [LoggerMessage(9, LogLevel.Warning, "Run {Run} continues: {Fault}")]
    public static partial void Survived(this ILogger logger, string run, string fault);
}
