using System.Globalization;
using System.Text.Json;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Tests.Shared;
using Thalweg.Training;

namespace Thalweg.Tests.Models;

/// <summary>Answers for raw rows: objects, dictionaries, lines, numbers and files agree to the bit.</summary>
public sealed class ServingTests : IDisposable
{
    private const string Header = "age,job,since,member,score,label";
    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-serving-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void All_ways_to_ask_for_a_row_give_the_bits_of_the_file()
    {
        Model model = Table(out string[] lines);
        File.WriteAllLines(At("new.csv"), [Header, .. lines]);
        Prediction[] expected = [.. model.PredictFile(At("new.csv"))];
        expected.Length.ShouldBe(lines.Length);
        double[] probabilities = new double[model.Classes.Count];
        for (int i = 0; i < lines.Length; i++)
        {
            string[] cells = lines[i].Split(',');
            model.PredictCsv(lines[i], probabilities: probabilities).ShouldBe(expected[i], lines[i]);
            probabilities[expected[i].Class].ShouldBe(expected[i].Probability);
            probabilities.Sum().ShouldBe(1, 1e-12);
            model.PredictCsv(string.Join(',', cells[..^1])).ShouldBe(expected[i]);
            model.Predict(Cells(cells)).ShouldBe(expected[i]);
            model.Predict(Row(cells)).ShouldBe(expected[i]);
            JsonElement json = JsonSerializer.SerializeToElement(Row(cells));
            model.Predict(json.EnumerateObject().ToDictionary(item => item.Name.ToLowerInvariant(), item => (object?)item.Value))
                .ShouldBe(expected[i]);
        }
    }

    [Fact]
    public void Numbers_give_the_bits_of_the_file()
    {
        Model model = Numbers(out string[] lines);
        File.WriteAllLines(At("new.csv"), ["a,b,y", .. lines]);
        Prediction[] expected = [.. model.PredictFile(At("new.csv"))];
        for (int i = 0; i < lines.Length; i++)
        {
            double[] cells = [.. lines[i].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            model.Predict(cells.AsSpan(0, 2)).ShouldBe(expected[i]);
            model.Predict(cells[..2]).ShouldBe(expected[i]);
            expected[i].Label.ShouldBeNull();
            double.IsFinite(expected[i].Number).ShouldBeTrue();
        }
    }

    [Fact]
    public void Images_give_the_bits_of_the_set()
    {
        DataSplit split = DataSource.Open("glyphs", new DataOptions { SampleCount = 60 }).Split();
        Module network = new Sequential(new Flatten(), new Dense(split.Training.Data.FeatureWidth, 4, Activation.Relu), new Dense(4, 10));
        TrainedModel trained = new(network.Initialize(3), split.Preprocessing);
        Model model = new(trained);
        Dataset data = split.Training.Data;
        float[] row = new float[data.FeatureWidth];
        double[] results = new double[10], probabilities = new double[10];
        ImageEncoding encoding = split.Preprocessing.Image!;
        for (int i = 0; i < 5; i++)
        {
            data.Gather<float>([i], row);
            new Predictor(trained).Predict(row, 1, results);
            byte[] pixels = [.. row.Select(value => (byte)Math.Round(((value * encoding.Deviation) + encoding.Mean) / encoding.Scale))];
            model.Predict(pixels, probabilities);
            probabilities.ShouldBe(results);
        }

        Should.Throw<ThalwegException>(() => model.Predict(new byte[3])).Message.ShouldContain("an image of [1, ");
        Should.Throw<ThalwegException>(() => model.Predict(new { a = 1 })).Message.ShouldContain("as a span");
    }

    [Fact]
    public void An_answer_takes_no_memory_after_the_first_calls()
    {
        Model model = Table(out string[] lines);
        string[] cells = lines[0].Split(',');
        Dictionary<string, object?> dictionary = Cells(cells);
        Person person = Row(cells);
        double[] probabilities = new double[model.Classes.Count];
        for (int i = 0; i < 50; i++)
            Ask();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            Ask();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Ask()
        {
            model.Predict(person, probabilities);
            model.Predict(dictionary, probabilities);
            model.PredictCsv(lines[0], probabilities: probabilities);
        }
    }

    [Fact]
    public void Threads_get_the_bits_of_one()
    {
        Model model = Table(out string[] lines);
        Prediction[] expected = [.. lines.Select(line => model.PredictCsv(line))];
        int wrong = 0;
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (model.PredictCsv(lines[i % lines.Length]) != expected[i % lines.Length])
                Interlocked.Increment(ref wrong);
        });
        wrong.ShouldBe(0);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_its_column()
    {
        Model model = Table(out _);
        Should.Throw<ThalwegException>(() => model.PredictCsv("1,2")).Message.ShouldContain("expected 5 cells");
        Should.Throw<ThalwegException>(() => model.PredictCsv("old,clerk,2020-01-02,true,3")).Message.ShouldContain("column 'age'");
        Should.Throw<ThalwegException>(() => model.Predict(new Dictionary<string, object?> { ["age"] = 3 })).Message.ShouldContain("'job'");
        Should.Throw<ThalwegException>(() => model.Predict(new { Age = 3 })).Message.ShouldContain("column 'job'");
        Should.Throw<ThalwegException>(() => model.Predict(new { Age = 3, Job = new object(), Since = "2020-01-01", Member = true, Score = 1 }))
            .Message.ShouldContain("a Object");
        Should.Throw<ThalwegException>(() => model.PredictCsv("1,clerk,2020-01-02,true,3", probabilities: new double[1]))
            .Message.ShouldContain("expected room for");
    }

    [Fact]
    public void Quoted_cells_are_read_without_their_quotes()
    {
        Model model = Table(out _);
        model.PredictCsv("31,\"clerk\",2020-01-02,true,\"1.5\"").ShouldBe(model.PredictCsv("31,clerk,2020-01-02,true,1.5"));
        model.PredictCsv("31,\"a \"\"b\"\", c\",2020-01-02,true,1.5").ShouldBe(model.PredictCsv("31,unknown,2020-01-02,true,1.5"));
    }

    [Fact]
    public void Temperature_has_the_least_loss_and_is_saved()
    {
        DataSplit split = DataSource.Open("moons", new DataOptions { SampleCount = 400 }).Split(new SplitOptions { ValidationFraction = 0.4 });
        Module network = new Sequential(new Dense(2, 64, Activation.Relu), new Dense(64, 2));
        Trainer trainer = new(network, split.Training, split.Validation, new TrainerOptions
        {
            Optimizer = new Adam(0.05), Epochs = 60, RestoreBest = false,
        });
        trainer.Fit();
        TrainedModel model = new(network, split.Preprocessing);
        CalibrationResult result = TemperatureScaling.Fit(model, split.Validation);
        result.LossAfter.ShouldBeLessThanOrEqualTo(result.LossBefore);
        foreach (double factor in (double[])[0.9, 1.1])
            LossOf(model with { Temperature = factor * result.Temperature }).ShouldBeGreaterThan(result.LossAfter);
        LossOf(result.Apply()).ShouldBe(result.LossAfter, 1e-12);
        LossOf(model).ShouldBe(result.LossBefore, 1e-12);

        result.Apply().Save(At("model.safetensors"));
        TrainedModel loaded = TrainedModel.Load(At("model.safetensors"));
        loaded.Temperature.ShouldBe(result.Temperature);
        LossOf(loaded).ShouldBe(result.LossAfter, 1e-12);
        Should.Throw<ThalwegException>(() => model with { Temperature = 0 }).Message.ShouldContain("above 0");

        double LossOf(TrainedModel some)
        {
            Dataset data = split.Validation.Data;
            double[] results = new double[2 * data.Count];
            new Predictor(some).Predict(data, results);
            int[] labels = new int[data.Count];
            data.GatherLabels([.. Enumerable.Range(0, data.Count)], labels);
            return labels.Select((label, i) => -Math.Log(results[(2 * i) + label])).Average();
        }
    }

    [Fact]
    public void Speed_is_measured_for_each_way_of_calling()
    {
        IReadOnlyList<ModelSpeed> figures = ModelBenchmark.Run(Numbers(out _).Trained, callers: 2);
        figures.Select(figure => (figure.Batch, figure.Callers)).ShouldBe([(1, 1), (16, 1), (64, 1), (256, 1), (1024, 1), (1, 2)]);
        figures.ShouldAllBe(figure => figure.Median > 0 && figure.Slowest >= figure.Median && figure.SamplesPerSecond > 0);
    }

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>A model of numbers, categories, dates and flags, with missing values.</summary>
    private Model Table(out string[] lines)
    {
        Random random = new(5);
        string[] jobs = ["clerk", "smith", "cook", ""];
        lines = [.. Enumerable.Range(0, 120).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{(i % 11 == 0 ? "" : random.Next(18, 80).ToString(CultureInfo.InvariantCulture))},{jobs[random.Next(4)]},{2000 + random.Next(20)}-0{random.Next(1, 9)}-1{random.Next(9)},{(random.Next(2) == 0 ? "true" : "false")},{random.NextDouble():R},{(random.Next(2) == 0 ? "yes" : "no")}"))];
        File.WriteAllLines(At("train.csv"), [Header, .. lines]);
        return Untrained(At("train.csv"));
    }

    private Model Numbers(out string[] lines)
    {
        Random random = new(6);
        lines = [.. Enumerable.Range(0, 60).Select(_ => string.Create(
            CultureInfo.InvariantCulture, $"{random.NextDouble():R},{random.NextDouble():R},{random.NextDouble():R}"))];
        File.WriteAllLines(At("numbers.csv"), ["a,b,y", .. lines]);
        return Untrained(At("numbers.csv"));
    }

    private static Model Untrained(string path)
    {
        DataSplit split = DataSource.Open(path).Split();
        int outputs = split.Preprocessing.Task.HasClasses ? split.Preprocessing.Task.ClassNames.Count : 1;
        Module network = new Sequential(new Dense(split.Preprocessing.FeatureWidth, 8, Activation.Tanh), new Dense(8, outputs));
        return new Model(new TrainedModel(network.Initialize(2), split.Preprocessing));
    }

    private static Dictionary<string, object?> Cells(string[] cells) => new()
    {
        ["age"] = cells[0].Length == 0 ? null : int.Parse(cells[0], CultureInfo.InvariantCulture),
        ["job"] = cells[1].Length == 0 ? null : cells[1],
        ["since"] = DateOnly.Parse(cells[2], CultureInfo.InvariantCulture),
        ["member"] = cells[3] == "true",
        ["score"] = double.Parse(cells[4], CultureInfo.InvariantCulture),
        ["another"] = "passed over",
    };

    private static Person Row(string[] cells) => new(
        cells[0].Length == 0 ? null : int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1].Length == 0 ? null : cells[1],
        DateTime.Parse(cells[2], CultureInfo.InvariantCulture), cells[3] == "true", double.Parse(cells[4], CultureInfo.InvariantCulture));

    private sealed record Person(int? Age, string? Job, DateTime Since, bool Member, double Score);
}
