using System.Diagnostics;
using Thalweg.Data;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Bench.Peers;

/// <summary>Whole epochs on a folder of IDX files, 784-256-128-10 with Adam; one step is one epoch, shuffling
/// and gathering included.</summary>
/// <param name="options">Folder and batch size.</param>
internal sealed class FilesCase(PeerOptions options) : IPeerCase
{
    private Trainer? _trainer;
    private TrainingSet? _data;
    private int[] _order = [];
    private int _epoch;

    public string Name => "fashion-mlp";

    public int StepsPerRound => 1;

    public Trainer? Trained => _trainer;

    public void Prepare()
    {
        string folder = options.DataFolder ?? throw new ThalwegException(
            "[peer] expected --data FOLDER with IDX files for fashion-mlp, got none");
        DataSplit split = DataSource.Open(folder).Split(new SplitOptions { ValidationFraction = 0.001 });
        _data = split.Training;
        _order = new int[_data.Data.Count];
        TrainerOptions training = new() { Optimizer = new Adam(1e-3), BatchSize = options.Batch };
        _trainer = new Trainer(
            new NetworkSpec { HiddenUnits = [256, 128] }.Build(_data.Data.FeatureShape, 10), _data, split.Validation, training);
        Train(100);
    }

    public double SecondsPerStep(int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int epoch = 0; epoch < steps; epoch++)
            Train(int.MaxValue);

        return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
    }

    private void Train(int batches)
    {
        _data!.FillOrder(1, _epoch++, _order);
        for (int start = 0; start < _order.Length && batches-- > 0; start += options.Batch)
            _trainer!.TakeStep(_order.AsSpan(start, Math.Min(options.Batch, _order.Length - start)));
    }
}
