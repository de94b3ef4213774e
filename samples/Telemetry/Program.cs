using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Thalweg.Runs;

// dotnet run -c Release --project samples/Telemetry -- FOLDER: trains, and exports what OpenTelemetry sees of it to the console.
// An exporter for OTLP in place of the console sends the same to Prometheus, Jaeger, Grafana and others.
using MeterProvider metrics = Sdk.CreateMeterProviderBuilder().AddMeter(RunTelemetry.Name).AddConsoleExporter().Build();
using TracerProvider traces = Sdk.CreateTracerProviderBuilder().AddSource(RunTelemetry.Name).AddConsoleExporter().Build();

Recipe recipe = Recipe.Parse("""
    data: moons
    network: mlp:16
    training: { epochs: 3 }
    """);
RunResult result = Run.Start(recipe, new RunOptions { Folder = args.Length > 0 ? args[0] : "runs/telemetry", Replaces = true });
metrics.ForceFlush();
Console.WriteLine($"{result.Reason} after {result.Steps} steps");
