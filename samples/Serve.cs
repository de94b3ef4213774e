using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Samples;

internal static class Serve
{
    public static void Run(TextWriter output)
    {
        DataSplit data = DataSource.Open("blobs").Split();
        Sequential network = new(new Dense(2, 32, Activation.Relu), new Dense(32, data.Preprocessing.Target.ClassNames.Count));
        new Trainer(network, data.Training, data.Validation, new TrainerOptions { Epochs = 5 }).Fit();
        string path = Path.GetTempFileName();
        new TrainedModel(network, data.Preprocessing).Save(path);

        // Once per service: one predictor, no lock.
        TrainedModel model = TrainedModel.Load(path);
        Predictor predictor = new(model);
        IReadOnlyList<string> classes = model.Preprocessing.Target.ClassNames;

        // For each request, on any thread.
        string Answer(float x, float y)
        {
            Span<double> chances = stackalloc double[predictor.Width];
            predictor.Predict([x, y], rows: 1, chances);
            int best = chances.IndexOf(chances.ToArray().Max());
            return classes[best];
        }

        string expected = Answer(1, -1);
        int[] right = new int[8];
        Thread[] clients = [.. Enumerable.Range(0, 8).Select(client => new Thread(() =>
        {
            for (int i = 0; i < 1000; i++)
                right[client] += Answer(1, -1) == expected ? 1 : 0;
        }))];
        Array.ForEach(clients, client => client.Start());
        Array.ForEach(clients, client => client.Join());
        output.WriteLine($"8 threads, {right.Sum()} answers of 8000 equal");
        File.Delete(path);
    }
}
