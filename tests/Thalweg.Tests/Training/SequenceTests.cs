using System.Text;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>Sequences with lengths, labels for each step, and networks that carry their state.</summary>
public sealed class SequenceTests : IDisposable
{
    private static readonly TrainerOptions s_options = new() { Optimizer = new Adam(0.02), Epochs = 12, BatchSize = 16, Patience = 0 };

    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-sequences").FullName;

    public static TheoryData<string> Bodies => ["lstm", "gru", "rnn", "attention", "mean"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Padding_changes_no_result(string body)
    {
        int[][] sequences = [[1, 2, 3], [4, 5], [6], [1, 2, 3, 4, 5, 6]];
        Dataset together = Labelled(sequences, [0, 1, 0, 1]);
        Module network = Classifier(body);
        network.Initialize(3, DType.Float64);
        network.SetTraining(false);
        Batch padded = together.Take([0, 1, 2, 3], DType.Float64);
        padded.Lengths.ShouldBe([3, 2, 1, 6]);
        Tensor all = network.Forward(padded.Inputs).Single;
        for (int i = 0; i < sequences.Length; i++)
        {
            Tensor alone = network.Forward(Tensor.From(sequences[i], [1, sequences[i].Length]));
            for (int c = 0; c < 2; c++)
                all.Read((2 * i) + c).ShouldBe(alone.Read(c), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Sequences_of_any_length_are_classified(string body)
    {
        Dataset training = MostOnes(300, 1), validation = MostOnes(100, 2);
        Trainer trainer = new(Classifier(body), new TrainingSet(training), new ValidationSet(validation), s_options with
        {
            Sampler = new LengthSampler(),
        });
        trainer.Fit().Best!.Validation.Accuracy.ShouldBeGreaterThan(0.85);
    }

    [Fact]
    public void Each_step_has_a_label_and_padding_counts_nothing()
    {
        Dataset training = Parities(200, 1), validation = Parities(60, 2);
        Sequential network = new(new Embedding(2, 4), new Lstm(4, 12), new Dense(12, 2));
        Trainer trainer = new(network, new TrainingSet(training), new ValidationSet(validation), s_options with { Epochs = 40 });
        Evaluation best = trainer.Fit().Best!.Validation;
        best.Accuracy.ShouldBeGreaterThan(0.97);

        // One sequence at a time has no padding at all: the loss is that of the steps.
        double sum = 0;
        int steps = 0;
        for (int i = 0; i < validation.Count; i++)
        {
            Batch one = validation.Take([i]);
            Tensor y = network.Forward(one.Inputs).Single.Reshape([-1, 2]);
            int count = y.Shape[0];
            sum += y.SoftmaxCrossEntropy(one.Targets.Single.Reshape([count])).Item() * count;
            steps += count;
        }

        new Evaluator(network, trainer.Loss).Evaluate(validation).Loss.ShouldBe(sum / steps, 1e-5);
        double[] results = new double[2 * 9];
        new Thalweg.Models.Predictor(new(network, Preprocessing.Of(training))).Predict(Parities(1, 3), results);
        training.Task.ToWords(results).ShouldMatch("^(even|odd)( even| odd)*$");
    }

    [Fact]
    public void A_language_model_carries_its_state_over_windows_and_generates()
    {
        const string Text = "abcabdabcabd";
        (Dataset data, string symbols) = Windows(string.Concat(Enumerable.Repeat(Text, 40)), 5);
        TrainerOptions options = s_options with { BatchSize = 8, Epochs = 30, Sampler = new SequentialSampler { Streams = 8 } };
        Lstm lstm = new(4, 24, new RecurrentOptions { StatefulBatch = 8 });
        Sequential network = new(new Embedding(4, 4), lstm, new Dense(24, 4));
        Trainer trainer = new(network, new TrainingSet(data), options);
        double loss = trainer.Fit().Epochs[^1].Training.Loss;
        loss.ShouldBeLessThan(0.1);
        Generate(network, symbols, "abcab", 13).ShouldBe("dabcabdabcabd");

        // Windows of 5 cannot tell c from d without what was before them.
        Sequential forgets = new(new Embedding(4, 4), new Lstm(4, 24), new Dense(24, 4));
        new Trainer(forgets, new TrainingSet(data), options).Fit().Epochs[^1].Training.Loss.ShouldBeGreaterThan(loss + 0.05);
    }

    [Fact]
    public void A_stateful_run_resumes_with_equal_bits()
    {
        (Dataset data, _) = Windows(string.Concat(Enumerable.Repeat("hello world ", 40)), 6);
        string path = Path.Combine(_folder, "run.safetensors");
        Trainer whole = Make(), first = Make(), second = Make();
        using CancellationTokenSource stop = new();
        first.StepEnded += step => { if (step.Step == 12) stop.Cancel(); };
        first.Fit(stop.Token);
        TrainingCheckpoint.Save(first, path);
        TrainingCheckpoint.Restore(second, path);
        second.Fit();
        whole.Fit();
        Samples.Weights(second.Module).ShouldBe(Samples.Weights(whole.Module));

        Trainer Make() => new(
            new Sequential(new Embedding(8, 6), new Gru(6, 12, new RecurrentOptions { StatefulBatch = 4, Layers = 2 }), new Dense(12, 8)),
            new TrainingSet(data), s_options with { BatchSize = 4, Epochs = 2, Sampler = new SequentialSampler { Streams = 4 } });
    }

    [Fact]
    public void State_is_that_of_one_long_sequence()
    {
        Gru stateful = new(2, 3, new RecurrentOptions { StatefulBatch = 2 }), plain = new(2, 3);
        stateful.Initialize(5);
        plain.Initialize(5);
        RandomStream stream = new(1, RandomPurpose.User);
        Tensor x = Tensor.Normal([2, 8, 2], 0, 1, ref stream);
        Tensor whole = plain.Forward(x);
        for (int round = 0; round < 2; round++)
        {
            Tensor[] parts = [.. Enumerable.Range(0, 2).Select(i => stateful.Forward(x.Slice(1, 4 * i, 4)))];
            Tensor joined = Tensor.Concatenate(1, parts);
            for (int i = 0; i < whole.Length; i++)
                joined.Read(i).ShouldBe(whole.Read(i), 1e-6);
            stateful.ResetState();
        }

        stateful.SetTraining(false);
        stateful.Forward(x.Slice(1, 0, 4));
        stateful.NamedBuffers().Single().Value.AsSpan<double>().ToArray().ShouldAllBe(v => v == 0);
    }

    [Fact]
    public void Stateful_networks_refuse_what_breaks_their_order()
    {
        (Dataset data, _) = Windows(string.Concat(Enumerable.Repeat("hello world ", 20)), 6);
        Sequential network = new(new Embedding(8, 6), new Gru(6, 12, new RecurrentOptions { StatefulBatch = 4 }), new Dense(12, 8));
        Should.Throw<ThalwegException>(() =>
            new Trainer(network, new TrainingSet(data), s_options with { BatchSize = 4, MicroBatchSize = 2 }))
            .Message.ShouldContain("micro-batch");
        Should.Throw<ThalwegException>(() => new Trainer(network, new TrainingSet(data), s_options with { BatchSize = 8 }).Fit())
            .Message.ShouldContain("at most 4 sequences");
        Should.Throw<ThalwegException>(() => new Trainer(
            network, new TrainingSet(data), s_options with { BatchSize = 4, Sampler = new SequentialSampler { Streams = 3 } }).Fit())
            .Message.ShouldContain("batch size of 3");
    }

    private static string Generate(Sequential network, string symbols, string start, int count)
    {
        (Module embedding, Lstm lstm, Module head) =
            (network.Modules[0].Module, (Lstm)network.Modules[1].Module, network.Modules[2].Module);
        StringBuilder text = new();
        RecurrentState? state = null;
        string next = start;
        for (int i = 0; i < count; i++)
        {
            Tensor x = Tensor.From(next.Select(c => symbols.IndexOf(c)).ToArray(), [1, next.Length]);
            Tensor y = head.Forward(lstm.Run(embedding.Forward(x), state, out RecurrentState final)).Select(1, next.Length - 1);
            int best = Enumerable.Range(0, symbols.Length).MaxBy(c => y.Read(c));
            (next, state) = (symbols[best].ToString(), final);
            text.Append(symbols[best]);
        }

        return text.ToString();
    }

    /// <summary>A text in windows, each with the next symbols as labels.</summary>
    private static (Dataset Data, string Symbols) Windows(string text, int length)
    {
        string symbols = string.Concat(text.Distinct().Order());
        int[] all = [.. text.Select(c => symbols.IndexOf(c))];
        int count = (all.Length - 1) / length;
        return (Dataset.From(
            LearningTask.TokenClassification(length, [.. symbols.Select(c => c.ToString())]),
            [DataColumn.Of("text", all[..(count * length)], length)],
            [DataColumn.Of(LearningTask.TargetName, all[1..((count * length) + 1)], length)]), symbols);
    }

    private static Sequential Classifier(string body) => body switch
    {
        "attention" => new(new Embedding(7, 8), new TransformerEncoder(1, 8, 2), new Mean(), new Dense(8, 2)),
        "mean" => new(new Embedding(7, 8), new Mean(), new Dense(8, 2)),
        "lstm" => new(new Embedding(7, 8), new Lstm(8, 12, new RecurrentOptions { AllSteps = false }), new Dense(12, 2)),
        "gru" => new(new Embedding(7, 8), new Gru(8, 12, new RecurrentOptions { AllSteps = false, Bidirectional = true }),
            new Dense(24, 2)),
        _ => new(new Embedding(7, 8), new Rnn(8, 12, options: new RecurrentOptions { AllSteps = false }), new Dense(12, 2)),
    };

    private static Dataset Labelled(int[][] sequences, int[] labels) => Dataset.From(
        LearningTask.Classification("no", "yes"), [DataColumn.OfSequences("symbols", sequences)],
        [DataColumn.Of(LearningTask.TargetName, labels)]);

    /// <summary>Whether more than half of the symbols are 1.</summary>
    private static Dataset MostOnes(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        int[][] sequences = [.. Enumerable.Range(0, count).Select(_ => Draw(1 + (2 * stream.NextInt32(5)), 2, ref stream))];
        return Labelled(sequences, [.. sequences.Select(s => 2 * s.Sum() > s.Length ? 1 : 0)]);
    }

    /// <summary>The parity of the ones so far, at each step.</summary>
    private static Dataset Parities(int count, ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        int[][] sequences = [.. Enumerable.Range(0, count).Select(_ => Draw(1 + stream.NextInt32(9), 2, ref stream))];
        int[][] labels = [.. sequences.Select(s => s.Select((_, i) => s.Take(i + 1).Sum() % 2).ToArray())];
        return Dataset.From(
            LearningTask.TokenClassification(9, "even", "odd"), [DataColumn.OfSequences("bits", sequences)],
            [DataColumn.OfSequences(LearningTask.TargetName, labels, TokenClassificationTask.IgnoredLabel)]);
    }

    private static int[] Draw(int length, int symbols, ref RandomStream stream)
    {
        int[] drawn = new int[length];
        for (int i = 0; i < length; i++)
            drawn[i] = stream.NextInt32(symbols);
        return drawn;
    }
}
