using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Thalweg.Samples.Tests;

/// <summary>Every sample does what it says, on the public API alone.</summary>
public sealed class SampleTests
{
    /// <summary>What each sample must write: facts, and least values of figures.</summary>
    private static readonly Dictionary<string, (string Fact, double Least)[]> s_expected = new()
    {
        ["own-module"] = [("accuracy on validation data (.+) %", 85), ("after saving and loading (.+) %", 85)],
        ["own-loss"] = [("R2 on validation data (.+),", 0.5)],
        ["own-optimizer"] = [("signum\\(mu=0.95()\\)", 0), ("accuracy on validation data (.+) %", 85)],
        ["own-metric"] = [("EarlyStopping after (.+) epochs", 5), ("weights (.+), least of all epochs \\1()", 0)],
        ["own-observer"] = [("step (.+): ", 0), ("Requested after (.+) epochs: good enough", 1)],
        ["streaming-data"] = [("accuracy on the stream (.+) %", 90)],
        ["hand-written-loop"] = [("loss after 100 steps 0.0()", 0)],
        ["two-inputs-two-outputs"] = [("kind (.+) %", 90), ("price R2 (.+)", 0.5)],
        ["character-model"] = [("'the cat sat on the mat. ()", 0)],
        ["serve"] = [("8 threads, (.+) answers of 8000 equal", 8000)],
        ["transfer"] = [("(.+) tensors taken over", 2), ("validation data (.+) %", 85), ("the bits it came with()", 0)],
        ["random-against-grid"] = [("grid of 2 x 2 x 2 x 2: (.+)", 0.25), (@"random over log scales: 0\.1().* in the middle", 0)],
        ["instruments"] =
        [
            ("(.+) instruments read", 30), ("off: clipped_share: .* clips nothing()", 0), ("off: recurrent_spectrum: .*no recurrent layer()", 0),
            ("share of large activations in layer 1: (.+)", 0), ("single gradients cover (.+) %", 100),
        ],
        ["doctor"] = [("the gradient is right()", 0), ("wrong gradient: .*soft_sign()", 0)],
        ["newton"] = [("curvature along .*: (.+)", 1), ("GradientSmall|ValueSettled|StepSmall()", 0), (@"x\[0\] = (.+)", 0.999)],
    };

    public static TheoryData<string> Names => [.. Sample.All.Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_runs_and_finds_what_it_should(string name)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        Sample.All.Single(sample => sample.Name == name).Run(output);
        foreach ((string fact, double least) in s_expected[name])
        {
            Match match = Regex.Match(output.ToString(), fact);
            match.Success.ShouldBeTrue($"{fact}\n{output}");
            if (match.Groups[1].Length > 0)
                double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(least, output.ToString());
        }
    }

    [Fact]
    public void Samples_are_no_friends_of_the_library() =>
        new[] { "Thalweg", "Thalweg.Core", "Thalweg.Runs", "Thalweg.Diagnostics", "Thalweg.Doctor", "Thalweg.Tuning" }
            .SelectMany(name => Assembly.Load(name).GetCustomAttributes<InternalsVisibleToAttribute>())
            .ShouldNotContain(friend => friend.AssemblyName.Contains("Samples", StringComparison.Ordinal));
}
