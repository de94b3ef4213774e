using System.Globalization;
using System.Reflection;

namespace Thalweg.Samples.Tests;

/// <summary>OpenTelemetry sees metrics and activities of a run.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public void The_sample_exports_metrics_and_activities()
    {
        string folder = Directory.CreateTempSubdirectory("thalweg-telemetry-").FullName;
        TextWriter before = Console.Out;
        using StringWriter output = new(CultureInfo.InvariantCulture);
        try
        {
            Console.SetOut(output);
            MethodInfo main = Assembly.Load("Thalweg.Samples.Telemetry").EntryPoint!;
            main.Invoke(null, [new[] { Path.Combine(folder, "run") }]);
        }
        finally
        {
            Console.SetOut(before);
            Directory.Delete(folder, recursive: true);
        }

        string text = output.ToString();
        foreach (string name in (string[])["thalweg.run.steps", "thalweg.run.epochs", "thalweg.epoch.duration", "thalweg.run.training_loss"])
            text.ShouldContain(name);
        text.ShouldContain("Activity.DisplayName:        epoch");
        text.ShouldContain("Activity.DisplayName:        run");
        text.ShouldContain(" after 75 steps");
    }
}
