using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Thalweg.Data;
using Thalweg.Models;
using Thalweg.Runs;
using Thalweg.Samples.Http;

namespace Thalweg.Samples.Tests;

/// <summary>The model behind HTTP gives the answers of <c>thalweg predict</c>, to many clients at once.</summary>
public sealed class HttpTests(ITestOutputHelper log) : IDisposable
{
    /// <summary>Environment variable with the seconds that the clients ask for; 2 by default, 60 for the figures in the documents.</summary>
    private const string SecondsVariable = "THALWEG_HTTP_SECONDS";

    private const int Clients = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-http-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Clients_get_the_answers_of_predict()
    {
        (Model model, Dictionary<string, double>[] rows, Prediction[] expected) = Train();
        await using WebApplication app = PredictionServer.Build(["--model", Path.Combine(_folder, "run"), "--urls", "http://127.0.0.1:0"]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        TimeSpan time = TimeSpan.FromSeconds(int.Parse(
            Environment.GetEnvironmentVariable(SecondsVariable) ?? "2", CultureInfo.InvariantCulture));
        (long right, long wrong) = (0, 0);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            using HttpClient http = new() { BaseAddress = new Uri(app.Urls.First()) };
            for (int i = client; i < client + 5 || Stopwatch.GetElapsedTime(start) < time; i++)
            {
                using HttpResponseMessage answer = await http.PostAsJsonAsync("/predict", rows[i % rows.Length]);
                JsonElement said = await answer.Content.ReadFromJsonAsync<JsonElement>();
                bool isRight = answer.StatusCode == HttpStatusCode.OK && said.GetProperty("label").GetString() == expected[i % rows.Length].Label
                    && said.GetProperty("probability").GetDouble() == expected[i % rows.Length].Probability;
                Interlocked.Increment(ref isRight ? ref right : ref wrong);
            }
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        wrong.ShouldBe(0);
        right.ShouldBeGreaterThanOrEqualTo(5 * Clients);
        log.WriteLine($"{right / seconds:F0} requests/s by {Clients} clients in {seconds:F0} s, {wrong} wrong");
        log.WriteLine($"{InLoop(model, rows):F0} calls/s in a loop without HTTP");
    }

    [Fact]
    public async Task A_row_that_does_not_fit_is_refused_with_its_reason()
    {
        _ = Train();
        await using WebApplication app = PredictionServer.Build(["--model", Path.Combine(_folder, "run"), "--urls", "http://127.0.0.1:0"]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using HttpClient http = new() { BaseAddress = new Uri(app.Urls.First()) };
        using HttpResponseMessage answer = await http.PostAsJsonAsync(
            "/predict", new { x = "far" }, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("column");
        JsonElement about = await http.GetFromJsonAsync<JsonElement>("/model", TestContext.Current.CancellationToken);
        about.GetProperty("columns").GetArrayLength().ShouldBe(2);
    }

    private static double InLoop(Model model, Dictionary<string, double>[] rows)
    {
        Dictionary<string, object?>[] cells = [.. rows.Select(row => row.ToDictionary(cell => cell.Key, cell => (object?)cell.Value))];
        long start = Stopwatch.GetTimestamp(), calls = 0;
        for (; Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1); calls++)
            model.Predict(cells[calls % cells.Length]);
        return calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private (Model Model, Dictionary<string, double>[] Rows, Prediction[] Expected) Train()
    {
        string data = Path.Combine(_folder, "data.csv"), run = Path.Combine(_folder, "run");
        Random random = new(3);
        double[][] points = [.. Enumerable.Range(0, 200).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
        File.WriteAllLines(data, ["x,y,side", .. points.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{point[0]:R},{point[1]:R},{(point[0] > point[1] ? "below" : "above")}"))]);
        Run.Start(Recipe.Parse($"data: {{ source: '{data}' }}\nnetwork: mlp:8\ntraining: {{ epochs: 2 }}"), new RunOptions { Folder = run });
        Model model = Model.Load(run);
        return (model, [.. points.Select(point => new Dictionary<string, double> { ["x"] = point[0], ["y"] = point[1] })],
            [.. model.PredictFile(data)]);
    }
}
