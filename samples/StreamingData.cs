using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Samples;

internal static class StreamingData
{
    public static void Run(TextWriter output)
    {
        // Without end: an epoch is 50 steps of it.
        static IEnumerable<Data.Sample> ReadLog()
        {
            for (int i = 0; ; i++)
                yield return new Data.Sample { ["features"] = new float[] { i % 7, i % 5 }, ["target"] = i % 7 > i % 5 ? 1 : 0 };
        }

        SampleStream stream = new(ReadLog(), LearningTask.Classification("no", "yes"), new TensorSpec("features", 2))
        {
            StepsPerEpoch = 50,
        };
        Sequential network = new(new Dense(2, 16, Activation.Relu), new Dense(16, 2));
        Trainer trainer = new(network, new TrainingSet(stream), new TrainerOptions { Epochs = 6, BatchSize = 32 });
        output.WriteLine($"accuracy on the stream {trainer.Fit().Epochs[^1].Training.Accuracy:P1}");
    }
}
