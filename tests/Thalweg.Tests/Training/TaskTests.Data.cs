using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <content>Data and tasks that the tests train on.</content>
public sealed partial class TaskTests
{
    private static string Refused(Module module, Dataset data, Loss? loss, params Regularizer[] regularizers) =>
        Should.Throw<ThalwegException>(() => new Trainer(
            module, new TrainingSet(data), new ValidationSet(data), s_options with { Loss = loss, Regularizers = regularizers })).Message;

    private TrainedModel Saved(Trainer trainer, Dataset data)
    {
        string path = Path.Combine(_folder, "model.safetensors");
        new TrainedModel(trainer.Module, Preprocessing.Of(data)) { Loss = trainer.Loss }.Save(path);
        return TrainedModel.Load(path);
    }

    /// <summary>A label for each coordinate above 0.</summary>
    private static Dataset Signs(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        float[] x = new float[3 * count];
        for (int i = 0; i < x.Length; i++)
            x[i] = (float)stream.NextNormal();
        return Dataset.From(x, [3], [.. x.Select(v => v > 0 ? 1f : 0)], LearningTask.MultiLabel("x", "y", "z"));
    }

    private static Dataset Circle(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => (float)stream.NextDouble(-2, 2))];
        LearningTask task = LearningTask.Regression(new NumberOutput("width", "cm", 100, 10), new NumberOutput("height"));
        return Dataset.From(x, [1], [.. x.SelectMany(v => new[] { MathF.Cos(v), MathF.Sin(v) })], task);
    }

    private static Dataset Shop(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        float[] sizes = new float[2 * count], prices = new float[count];
        int[] colors = new int[count], kinds = new int[count];
        for (int i = 0; i < count; i++)
        {
            (sizes[2 * i], sizes[(2 * i) + 1], colors[i]) = ((float)stream.NextNormal(), (float)stream.NextNormal(), stream.NextInt32(4));
            float sum = sizes[2 * i] + colors[i] - 1.5f;
            (kinds[i], prices[i]) = (sum > 0 ? 1 : 0, (sum - sizes[(2 * i) + 1]) / 2);
        }

        LearningTask task = LearningTask.Composite(
            new TaskPart("kind", LearningTask.Classification("low", "high")),
            new TaskPart("price", LearningTask.Regression()) { Weight = 0.5 });
        return Dataset.From(
            task, [DataColumn.Of("size", sizes, 2), DataColumn.Of("color", colors)],
            [DataColumn.Of("kind", kinds), DataColumn.Of("price", prices, 1)]);
    }

    /// <summary>Vectors whose group is the sign of their first number; the others are noise.</summary>
    private static float[] Grouped(float group, ref RandomStream stream)
    {
        float[] vector = new float[6];
        for (int i = 0; i < vector.Length; i++)
            vector[i] = (float)stream.NextNormal();
        vector[0] = group * (0.5f + Math.Abs(vector[0]));
        return vector;
    }

    private static Dataset Triplets(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        List<float> anchors = [], positives = [], negatives = [];
        for (int i = 0; i < count; i++)
        {
            float group = stream.NextInt32(2) == 0 ? 1 : -1;
            anchors.AddRange(Grouped(group, ref stream));
            positives.AddRange(Grouped(group, ref stream));
            negatives.AddRange(Grouped(-group, ref stream));
        }

        return Dataset.From(LearningTask.Triplet(), [DataColumn.Of("anchor", [.. anchors], 6), DataColumn.Of("positive", [.. positives], 6),
            DataColumn.Of("negative", [.. negatives], 6)], []);
    }

    private static Dataset Pairs(int count, ulong seed, bool isRanking)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        List<float> first = [], second = [], targets = [];
        for (int i = 0; i < count; i++)
        {
            float group = stream.NextInt32(2) == 0 ? 1 : -1, other = isRanking ? -group : stream.NextInt32(2) == 0 ? 1 : -1;
            first.AddRange(Grouped(group, ref stream));
            second.AddRange(Grouped(other, ref stream));
            targets.Add(isRanking ? group : group * other);
        }

        PairLoss loss = isRanking ? new MarginRankingLoss { Margin = 1 } : new CosineEmbeddingLoss();
        return Dataset.From(LearningTask.Pair(loss), [DataColumn.Of("first", [.. first], 6), DataColumn.Of("second", [.. second], 6)],
            [DataColumn.Of(LearningTask.TargetName, [.. targets], 1)]);
    }

    private sealed class TwoInTwoOut : TensorDictionaryModule
    {
        private readonly Embedding _color;
        private readonly Dense _body, _kind, _price;

        public TwoInTwoOut() => (_color, _body, _kind, _price) = (
            AddModule("color", new Embedding(4, 3)), AddModule("body", new Dense(5, 24, Activation.Tanh)),
            AddModule("kind", new Dense(24, 2)), AddModule("price", new Dense(24, 1)));

        protected override TensorDictionary ForwardCore(TensorDictionary inputs)
        {
            Tensor body = _body.Forward(Tensor.Concatenate(-1, inputs["size"], _color.Forward(inputs["color"])));
            return new TensorDictionary(("kind", _kind.Forward(body)), ("price", _price.Forward(body)));
        }

        public override System.Text.Json.Nodes.JsonObject Describe() => new() { ["type"] = "two_in_two_out" };
    }

    /// <summary>Counts by the Poisson loss: the network gives their logarithm.</summary>
    private sealed class CountTask : LearningTask
    {
        public const string Word = "count";

        public override string Name => Word;

        public override Loss DefaultLoss { get; } = new PoissonLoss();

        public override IReadOnlyList<TensorSpec> Targets { get; } = [new TensorSpec(TargetName, 1)];

        public override int PredictionWidth => 1;

        public override OutputForm FormOf(Loss loss, Module module, Shape outputs) => new Form();

        public override int OutputsFor(Loss loss, string outputActivation) => 1;

        public override System.Text.Json.Nodes.JsonObject Describe() => new() { ["task"] = Word };

        private sealed class Form() : OutputForm(1)
        {
            public override void Predict(Tensor outputs, Span<double> results)
            {
                for (int i = 0; i < outputs.Length; i++)
                    results[i] = Math.Exp(outputs.Read(i));
            }
        }
    }
}
