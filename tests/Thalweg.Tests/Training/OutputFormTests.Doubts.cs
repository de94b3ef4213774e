using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Training;
using static Thalweg.Tests.Training.OutputSamples;

namespace Thalweg.Tests.Training;

/// <content>Combinations that train with a warning.</content>
public sealed partial class OutputFormTests
{
    [Theory]
    [InlineData("softmax_cross_entropy", "softmax", 2, "applied twice")]
    [InlineData("softmax_cross_entropy", "sigmoid", 2, "leave the output activation sigmoid out")]
    [InlineData("softmax_cross_entropy", "log_softmax", 2, null)]
    [InlineData("softmax_cross_entropy", "none", 2, null)]
    [InlineData("binary_cross_entropy", "none", 1, null)]
    [InlineData("binary_cross_entropy", "sigmoid", 1, "applied twice")]
    [InlineData("binary_cross_entropy", "softmax", 1, "same number for every sample")]
    [InlineData("binary_cross_entropy", "none", 2, "independent")]
    [InlineData("probability_cross_entropy", "sigmoid", 1, null)]
    [InlineData("negative_log_likelihood", "none", 2, "add log_softmax")]
    [InlineData("mean_squared_error", "softmax", 2, "cross-entropy is usual")]
    [InlineData("huber", "none", 1, "cross-entropy is usual")]
    public void Doubtful_combinations_train_with_a_warning(string text, string activation, int outputs, string? expected)
    {
        Trainer trainer = Make(Settings.Parse<Loss>(text), activation, Halves(60), outputs);
        if (expected is null)
            trainer.Warnings.ShouldBeEmpty();
        else
            trainer.Warnings.ShouldContain(warning => warning.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("poisson", "none", "of 0 or more")]
    [InlineData("binary_cross_entropy", "none", "between 0 and 1")]
    [InlineData("mean_squared_error", "relu", "relu gives numbers of 0 or more")]
    [InlineData("mean_squared_error", "none", null)]
    public void Numbers_outside_of_what_loss_or_activation_take_are_reported(string text, string activation, string? expected)
    {
        Trainer trainer = Make(Settings.Parse<Loss>(text), activation, Samples.Wave(60), 1);
        (trainer.Warnings.Count == 0).ShouldBe(expected is null);
        trainer.Warnings.ShouldAllBe(warning => warning.Contains(expected!, StringComparison.Ordinal));
    }
}
