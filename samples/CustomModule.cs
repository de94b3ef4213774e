using System.Text.Json.Nodes;
using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Samples;

/// <summary>y = relu(x W + b) + scale * x, with a learned scale for each feature: a layer with parameters and a part of its own.</summary>
internal sealed class ScaledSkip : Module
{
    private readonly int _units;
    private readonly Dense _dense;
    private readonly Parameter _scale;

    public ScaledSkip(int units)
    {
        _units = units;
        _dense = AddModule("dense", new Dense(units, units, Activation.Relu));
        _scale = AddParameter("scale", [units], ParameterRole.Normalization, Initializer.Ones);
    }

    // x: [batch, units]
    protected override Tensor ForwardCore(Tensor x) => ForwardPart(_dense, x) + (_scale.Value * x);

    // These two lines are what a model file needs.
    public override JsonObject Describe() => new() { ["type"] = "scaled_skip", ["units"] = _units };

    public static void Register() => LayerRegistry.Register("scaled_skip", json => new ScaledSkip(LayerRegistry.Read<int>(json, "units")));
}

internal static class CustomModule
{
    public static void Run(TextWriter output)
    {
        ScaledSkip.Register();
        DataSplit data = DataSource.Open("moons").Split();
        Sequential network = new(new Dense(2, 16), new ScaledSkip(16), new ScaledSkip(16), new Dense(16, 2));
        TrainingReport report = new Trainer(network, data.Training, data.Validation, new TrainerOptions { Epochs = 20 }).Fit();
        output.WriteLine($"accuracy on validation data {report.Best!.Validation.Accuracy:P1}");

        string path = Path.GetTempFileName();
        new TrainedModel(network, data.Preprocessing).Save(path);
        double again = TrainedModel.Load(path).Evaluate(data.Validation.Data).Accuracy;
        output.WriteLine($"after saving and loading {again:P1}");
        File.Delete(path);
    }
}
