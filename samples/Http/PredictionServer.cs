using Thalweg.Models;

namespace Thalweg.Samples.Http;

/// <summary>A model behind HTTP: POST /predict takes a row as JSON, GET /model says what it reads.</summary>
public static class PredictionServer
{
    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        string path = builder.Configuration["model"] ?? throw new ThalwegException("expected --model PATH, got none; give a model or a run");

        // One model for all requests: it needs no lock and no pool.
        Model model = Model.Load(path);
        WebApplication app = builder.Build();
        app.MapGet("/model", () => new { model.Columns, model.Classes });
        app.MapPost("/predict", (Dictionary<string, object?> row) =>
        {
            try
            {
                double[] probabilities = new double[Math.Max(1, model.Classes.Count)];
                Prediction answer = model.Predict(row, probabilities);
                return answer.Label is null
                    ? Results.Ok(new { answer.Number })
                    : Results.Ok(new { answer.Label, answer.Probability, Probabilities = probabilities });
            }
            catch (ThalwegException error)
            {
                return Results.Problem(error.Message, statusCode: StatusCodes.Status400BadRequest);
            }
        });
        return app;
    }
}
