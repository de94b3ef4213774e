using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Samples;

/// <summary>From the size and the color of a thing to its kind and its price.</summary>
internal sealed class Shop : TensorDictionaryModule
{
    private readonly Module _color, _body, _kind, _price;

    public Shop()
    {
        _color = AddModule("color", new Embedding(3, 4));
        _body = AddModule("body", new Dense(6, 16, Activation.Relu));
        _kind = AddModule("kind", new Dense(16, 2));
        _price = AddModule("price", new Dense(16, 1));
    }

    protected override TensorDictionary ForwardCore(TensorDictionary inputs)
    {
        Tensor body = _body.Forward(Tensor.Concatenate(-1, inputs["size"], _color.Forward(inputs["color"])));
        return new TensorDictionary(("kind", _kind.Forward(body)), ("price", _price.Forward(body)));
    }
}

internal static class TwoInputsTwoOutputs
{
    public static void Run(TextWriter output)
    {
        float[] sizes = [.. Enumerable.Range(0, 400).Select(i => i * 37 % 100 / 100f)];
        int[] colors = [.. Enumerable.Range(0, 200).Select(i => i % 3)];
        int[] kinds = [.. colors.Select((color, i) => color + sizes[2 * i] > 1.5 ? 1 : 0)];
        float[] prices = [.. colors.Select((color, i) => color - sizes[(2 * i) + 1])];
        LearningTask task = LearningTask.Composite(
            new TaskPart("kind", LearningTask.Classification("low", "high")),
            new TaskPart("price", LearningTask.Regression()) { Weight = 0.5 });
        Dataset data = Dataset.From(
            task,
            [DataColumn.Of("size", sizes, 2), DataColumn.Of("color", colors)],
            [DataColumn.Of("kind", kinds), DataColumn.Of("price", prices, 1)]);
        Trainer trainer = new(new Shop(), new TrainingSet(data), new TrainerOptions { Epochs = 20 });
        IReadOnlyDictionary<string, Evaluation> last = trainer.Fit().Epochs[^1].Training.Outputs!;
        output.WriteLine($"kind {last["kind"].Accuracy:P1}, price R2 {last["price"].R2:f3}");
    }
}
