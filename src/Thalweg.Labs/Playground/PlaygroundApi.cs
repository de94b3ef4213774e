using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Thalweg.Catalogues;
using Thalweg.Optimizers;

namespace Thalweg.Labs.Playground;

/// <summary>What the page asks the library: a name and a request as JSON give an answer as JSON.</summary>
internal static class PlaygroundApi
{
    private static PlaygroundJson Json => PlaygroundJson.Default;

    /// <summary>Answers a request; what is wrong with it comes back as <c>{"error": "..."}</c>.</summary>
    /// <param name="name">What is asked: catalogue, surface, race, step, map, schedule, points, entry, signals.</param>
    /// <param name="request">The request.</param>
    public static string Call(string name, string request)
    {
        try
        {
            return name switch
            {
                "catalogue" => JsonSerializer.Serialize(Catalogue(), Json.CatalogueAnswer),
                "entry" => JsonSerializer.Serialize(Rule(Catalogues.Catalogue.Optimizer(Read(request, Json.String))), Json.RuleEntry),
                "surface" => JsonSerializer.Serialize(Draw(Read(request, Json.SurfaceRequest)), Json.SurfaceAnswer),
                "race" => JsonSerializer.Serialize(Race.Run(Read(request, Json.RaceRequest)), Json.RaceAnswer),
                "step" => JsonSerializer.Serialize(UpdateParts.Of(Read(request, Json.StepRequest)), Json.StepAnswer),
                "map" => JsonSerializer.Serialize(ConvergenceMap.Make(Read(request, Json.MapRequest)), Json.MapAnswer),
                "schedule" => JsonSerializer.Serialize(Follow(Read(request, Json.ScheduleRequest)), Json.ScheduleAnswer),
                "points" => JsonSerializer.Serialize(Join(Read(request, Json.PointsRequest)), Json.PointsAnswer),
                "signals" => JsonSerializer.Serialize(Signals.Measure(Read(request, Json.SignalRequest)), Json.SignalAnswer),
                _ => throw new ThalwegException($"[playground] expected a request that is known, got '{name}'; reload the page"),
            };
        }
        catch (Exception error) when (error is ThalwegException or JsonException or ArgumentException)
        {
            return JsonSerializer.Serialize(new ErrorAnswer(error.Message), Json.ErrorAnswer);
        }
    }

    private static T Read<T>(string text, JsonTypeInfo<T> type)
        where T : class => JsonSerializer.Deserialize(text, type)
        ?? throw new ThalwegException("[playground] expected a request, got null; reload the page");

    private static SurfaceAnswer Draw(SurfaceRequest request)
    {
        if (request.Columns is < 2 or > 400 || request.Rows is < 2 or > 400)
        {
            throw new ThalwegException(
                $"[playground] expected a grid of 2 to 400 points a side, got {request.Columns} by {request.Rows}; correct it");
        }

        Surface surface = Surfaces.Of(request.Surface, request.Condition);
        return new(surface.Bounds, surface.Grid(request.Columns, request.Rows), surface.Formula);
    }

    private static ScheduleAnswer Follow(ScheduleRequest request) =>
        new(Values(Settings.Parse<Schedule>(request.Text), request.Steps));

    private static PointsAnswer Join(PointsRequest request)
    {
        Schedule schedule = PointSchedule.Of(request.Points);
        return new(schedule.ToString(), Values(schedule, request.Steps));
    }

    private static double[] Values(Schedule schedule, int steps) =>
        [.. Enumerable.Range(0, Math.Clamp(steps, 1, 2000)).Select(step => schedule.At(step))];

    private static CatalogueAnswer Catalogue() => new(
        [.. Catalogues.Catalogue.Optimizers.Select(Rule)],
        [.. Catalogues.Catalogue.Schedules.Select(Rule)],
        [.. Catalogues.Catalogue.Initializers.Where(entry => entry.Parameters.All(parameter => parameter.Default is not null))
            .Select(Rule)],
        ActivationNames.All,
        [.. Surfaces.All.Select(surface => new SurfaceEntry(surface.Name, surface.Title, surface.Start, surface.Noise,
            surface.IsQuadratic))]);

    private static RuleEntry Rule(CatalogueEntry entry) => new(entry.Name, entry.Text, entry.Formula, entry.Source, entry.Use)
    {
        Parameters = [.. entry.Parameters.Select(parameter => new ParameterEntry(
            parameter.Name, parameter.Default, [.. parameter.Choices.Select(choice => choice.Name)]))],
        Variants = [.. entry.Variants.Select(variant => new VariantEntry(variant.Text, variant.Formula, variant.Source))],
        NeedsLayers = entry.Cost is not null
            && new OptimizerRun(ChainText.Parse(entry.Text), ParameterSegments.Single(2), DType.Float64).Needs.FactorsEvery is not null,
    };
}

/// <summary>What is wrong with a request, in one line.</summary>
internal sealed record ErrorAnswer(string Error);

/// <summary>All that has a name.</summary>
internal sealed record CatalogueAnswer(IReadOnlyList<RuleEntry> Optimizers, IReadOnlyList<RuleEntry> Schedules,
    IReadOnlyList<RuleEntry> Initializers, IReadOnlyList<string> Activations, IReadOnlyList<SurfaceEntry> Surfaces);

/// <summary>An entry of the catalogue.</summary>
internal sealed record RuleEntry(string Name, string Text, string Formula, string Source, string Use)
{
    public required IReadOnlyList<ParameterEntry> Parameters { get; init; }

    public required IReadOnlyList<VariantEntry> Variants { get; init; }

    /// <summary>Whether it needs the layers of a network, and so cannot run on a surface.</summary>
    public required bool NeedsLayers { get; init; }
}

/// <summary>A parameter of an entry.</summary>
internal sealed record ParameterEntry(string Name, string? Default, IReadOnlyList<string> Choices);

/// <summary>A published variant of an entry.</summary>
internal sealed record VariantEntry(string Text, string Formula, string Source);

/// <summary>A surface.</summary>
internal sealed record SurfaceEntry(string Name, LabText Title, IReadOnlyList<double> Start, double Noise, bool IsQuadratic);

/// <summary>The JSON code of requests and answers, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(CatalogueAnswer))]
[JsonSerializable(typeof(SurfaceRequest))]
[JsonSerializable(typeof(SurfaceAnswer))]
[JsonSerializable(typeof(RaceRequest))]
[JsonSerializable(typeof(RaceAnswer))]
[JsonSerializable(typeof(StepRequest))]
[JsonSerializable(typeof(StepAnswer))]
[JsonSerializable(typeof(MapRequest))]
[JsonSerializable(typeof(MapAnswer))]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(ScheduleAnswer))]
[JsonSerializable(typeof(PointsRequest))]
[JsonSerializable(typeof(PointsAnswer))]
[JsonSerializable(typeof(SignalRequest))]
[JsonSerializable(typeof(SignalAnswer))]
internal sealed partial class PlaygroundJson : JsonSerializerContext;
