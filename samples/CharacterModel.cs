using System.Text;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Samples;

internal static class CharacterModel
{
    private const int Length = 8, Streams = 8;

    public static void Run(TextWriter output)
    {
        string text = string.Concat(Enumerable.Repeat("the cat sat on the mat. ", 80));
        string symbols = string.Concat(text.Distinct().Order());
        int[] places = [.. text.Select(c => symbols.IndexOf(c))];
        int used = (places.Length - 1) / Length * Length;
        Dataset windows = Dataset.From(
            LearningTask.TokenClassification(Length, [.. symbols.Select(c => c.ToString())]),
            [DataColumn.Of("text", places[..used], Length)],
            [DataColumn.Of("target", places[1..(used + 1)], Length)]);
        Embedding embedding = new(symbols.Length, 8);
        Lstm lstm = new(8, 48, new RecurrentOptions { StatefulBatch = Streams });
        Dense head = new(48, symbols.Length);
        TrainerOptions options = new()
        {
            Optimizer = new AdamW(1e-2),
            Epochs = 20,
            BatchSize = Streams,
            Sampler = new SequentialSampler { Streams = Streams },
        };
        new Trainer(new Sequential(embedding, lstm, head), new TrainingSet(windows), options).Fit();

        // The text continues from its start, each symbol fed back with the state that it left.
        StringBuilder written = new("the cat ");
        string next = written.ToString();
        RecurrentState? state = null;
        for (int i = 0; i < 16; i++)
        {
            Tensor x = Tensor.From(next.Select(c => symbols.IndexOf(c)).ToArray(), [1, next.Length]);
            Tensor y = head.Forward(lstm.Run(embedding.Forward(x), state, out RecurrentState after)).Select(1, next.Length - 1);
            float[] scores = y.ToArray<float>();
            next = symbols[Array.IndexOf(scores, scores.Max())].ToString();
            state = after;
            written.Append(next);
        }

        output.WriteLine($"'{written}'");
    }
}
