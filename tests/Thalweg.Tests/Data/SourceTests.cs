using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Tests.Data;

/// <summary>Sources, streams and samplers of one's own.</summary>
public sealed class SourceTests : IDisposable
{
    private static readonly TrainerOptions s_options = new() { Optimizer = new Adam(0.01), Epochs = 3, BatchSize = 16, Patience = 0 };

    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-sources").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_source_gives_the_bits_of_the_same_samples_in_memory()
    {
        Dataset memory = Samples.Clusters(100);
        Dataset read = Dataset.From(new ClusterSource(memory), memory.Task);
        read.CountClasses().ShouldBe(memory.CountClasses());
        float[] left = new float[200], right = new float[200];
        memory.Gather(Dataset.AllRows(100), left.AsSpan());
        read.Gather(Dataset.AllRows(100), right.AsSpan());
        right.ShouldBe(left);
        TrainerOptions options = s_options with { MicroBatchSize = 5 };
        Fitted(read, options).ShouldBe(Fitted(memory, options));
    }

    [Fact]
    public void A_source_that_throws_is_named_with_the_sample_and_the_run_goes_on()
    {
        Dataset memory = Samples.Clusters(100);
        ClusterSource source = new(memory);
        Trainer trainer = new(Samples.Network(), new TrainingSet(Dataset.From(source, memory.Task)), s_options);
        using CancellationTokenSource stop = new();
        trainer.StepEnded += step => source.Broken = step.Step == 8 ? null : source.Broken;
        source.Broken = 17;
        string message = Should.Throw<ThalwegException>(() => trainer.Fit()).Message;
        message.ShouldContain("sample 17");
        message.ShouldContain("'clusters'");
        message.ShouldContain("IOException: the disk is gone");
        source.Broken = null;
        TrainingReport report = trainer.Fit();
        report.Reason.ShouldBe(EndReason.Completed);
        Samples.Weights(trainer.Module).ShouldBe(Fitted(memory, s_options));
    }

    [Fact]
    public void What_a_source_forgets_or_mistakes_is_said()
    {
        Dataset memory = Samples.Clusters(10);
        ErrorOf((_, writer) => writer.Write("features", [1f, 2])).ShouldContain("write 'target'");
        ErrorOf((_, writer) => writer.Write("feature", [1f, 2])).ShouldContain("features, target");
        ErrorOf((_, writer) => writer.Write("features", [1f])).ShouldContain("2 numbers");

        string ErrorOf(Action<int, SampleWriter> read) => Should.Throw<ThalwegException>(
            () => Dataset.From(new ClusterSource(memory) { Replacement = read }, memory.Task).Take([0])).Message;
    }

    [Fact]
    public void A_stream_gives_the_bits_of_the_same_samples_in_order()
    {
        Dataset memory = Samples.Clusters(100);
        TrainerOptions ordered = s_options with { Sampler = new SequentialSampler() };
        float[] expected = Fitted(memory, ordered);
        Fitted(new TrainingSet(Stream(memory)), s_options).ShouldBe(expected);
        Fitted(new TrainingSet(new SampleStream(Later(Enumerate(memory)), memory.Task, memory.Inputs)), s_options).ShouldBe(expected);

        // 97 samples: the last one of a pass is alone, and left out.
        Dataset odd = Samples.Clusters(97);
        Fitted(new TrainingSet(Stream(odd)), s_options).ShouldBe(Fitted(odd, ordered));
        TrainerOptions dropped = s_options with { LastBatch = LastBatch.Dropped };
        Fitted(new TrainingSet(Stream(memory)), dropped).ShouldBe(Fitted(memory, dropped with { Sampler = new SequentialSampler() }));
    }

    [Fact]
    public void An_epoch_of_a_stream_may_be_a_number_of_steps()
    {
        Dataset memory = Samples.Clusters(100);
        SampleStream stream = new(Enumerate(memory), memory.Task, memory.Inputs) { StepsPerEpoch = 5 };
        Trainer trainer = new(Samples.Network(), new TrainingSet(stream), s_options);
        (trainer.StepsPerEpoch, trainer.TotalSteps).ShouldBe((5, 15));
        TrainingReport report = trainer.Fit();
        report.Steps.ShouldBe(15);
        report.Epochs.Select(epoch => epoch.Training.Samples).ShouldBe([80, 68, 68]);
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData(null, 7)]
    [InlineData(null, 9)]
    [InlineData(5, 8)]
    [InlineData(5, 10)]
    public void A_run_on_a_stream_resumes_with_equal_bits(int? steps, int at)
    {
        Dataset memory = Samples.Clusters(100);
        List<(int, long)> opened = [];
        string path = Path.Combine(_folder, "run.safetensors");
        Trainer whole = Make(), first = Make(), second = Make();
        TrainingReport straight = whole.Fit();
        using CancellationTokenSource stop = new();
        first.StepEnded += step => { if (step.Step + 1 == at) stop.Cancel(); };
        first.Fit(stop.Token);
        TrainingCheckpoint.Save(first, path);
        opened.Clear();
        TrainingCheckpoint.Restore(second, path);
        TrainingReport resumed = second.Fit();
        Samples.Weights(second.Module).ShouldBe(Samples.Weights(whole.Module));
        resumed.Steps.ShouldBe(straight.Steps);
        resumed.Epochs[^1].Training.ShouldBe(straight.Epochs[^1].Training);
        resumed.Epochs[0].Training.ShouldBe(straight.Epochs[^resumed.Epochs.Count].Training);
        opened.ShouldContain(place => place.Item2 > 0 || place.Item1 > 0);

        Trainer Make() => new(
            Samples.Network(), new TrainingSet(new SampleStream(Open, memory.Task, memory.Inputs) { StepsPerEpoch = steps }), s_options);

        IEnumerable<Sample> Open(int pass, long skip)
        {
            opened.Add((pass, skip));
            return Enumerate(memory).Skip((int)skip);
        }
    }

    [Fact]
    public void A_stream_that_throws_is_named_with_the_sample_and_the_run_goes_on()
    {
        Dataset memory = Samples.Clusters(100);
        bool isBroken = true;
        SampleStream stream = new((_, skip) => Enumerate(memory).Select((sample, i) => isBroken && i == 40
            ? throw new IOException("the line is down")
            : sample).Skip((int)skip), memory.Task, memory.Inputs)
        { Name = "queue" };
        Trainer trainer = new(Samples.Network(), new TrainingSet(stream), s_options);
        string message = Should.Throw<ThalwegException>(() => trainer.Fit()).Message;
        message.ShouldContain("sample 40");
        message.ShouldContain("'queue'");
        message.ShouldContain("the line is down");
        isBroken = false;
        trainer.Fit().Reason.ShouldBe(EndReason.Completed);
        Samples.Weights(trainer.Module).ShouldBe(Fitted(memory, s_options with { Sampler = new SequentialSampler() }));
    }

    [Fact]
    public void What_a_stream_cannot_do_is_refused()
    {
        Dataset memory = Samples.Clusters(40);
        Refused(new SampleStream([], memory.Task, memory.Inputs), s_options).ShouldContain("got none");
        Refused(Stream(memory), s_options with { BatchSize = TrainerOptions.FullBatch }).ShouldContain("batch size of 1 or more");
        IEnumerator<Sample> once = Enumerate(memory).GetEnumerator();
        Refused(new SampleStream(Once(once), memory.Task, memory.Inputs), s_options).ShouldContain("pass 1");

        static string Refused(SampleStream stream, TrainerOptions options) =>
            Should.Throw<ThalwegException>(() => new Trainer(Samples.Network(), new TrainingSet(stream), options).Fit()).Message;
    }

    [Fact]
    public void Sequences_and_weights_come_from_streams_too()
    {
        SampleStream stream = new(
            Enumerable.Range(0, 64).Select(i => new Sample
            {
                ["symbols"] = Enumerable.Range(0, 1 + (i % 5)).Select(k => (i + k) % 3).ToArray(),
                [LearningTask.TargetName] = i % 2,
                Weight = i % 4,
            }),
            LearningTask.Classification("a", "b"), new TensorSpec("symbols", 5) { IsInteger = true, IsSequence = true })
        { HasWeights = true };
        Sequential network = new(new Embedding(3, 4), new Gru(4, 6, new RecurrentOptions { AllSteps = false }), new Dense(6, 2));
        TrainingReport report = new Trainer(network, new TrainingSet(stream), s_options).Fit();
        report.Steps.ShouldBe(12);
        double.IsFinite(report.Epochs[^1].Training.Loss).ShouldBeTrue();
    }

    [Fact]
    public void Samplers_order_as_they_say()
    {
        Dataset data = Samples.Clusters(60);
        int[] shuffled = OrderOf(new ShuffledSampler(), data, 0);
        shuffled.Order().ShouldBe(Enumerable.Range(0, 60));
        OrderOf(new ShuffledSampler(), data, 0).ShouldBe(shuffled);
        OrderOf(new ShuffledSampler(), data, 1).ShouldNotBe(shuffled);
        int[] expected = new int[60];
        new TrainingSet(data).FillOrder(7, 0, expected);
        shuffled.ShouldBe(expected);

        OrderOf(new SequentialSampler(), data, 3).ShouldBe(Enumerable.Range(0, 60));
        OrderOf(new SequentialSampler { Streams = 7 }, data, 0, 7)[..14].ShouldBe([0, 8, 16, 24, 32, 40, 48, 1, 9, 17, 25, 33, 41, 49]);

        Dataset rare = Dataset.ForClassification(
            new float[100], [1], [.. Enumerable.Range(0, 100).Select(i => i % 20 == 0 ? 1 : 0)], ["often", "rarely"]);
        int[] labels = new int[100];
        rare.GatherLabels(OrderOf(new BalancedSampler(), rare, 0), labels);
        labels.Sum().ShouldBeInRange(35, 65);

        int[][] sequences = [.. Enumerable.Range(0, 50).Select(i => new int[1 + (i * 7 % 10)])];
        Dataset ragged = Dataset.From(LearningTask.Classification("a", "b"), [DataColumn.OfSequences("s", sequences)],
            [DataColumn.Of(LearningTask.TargetName, new int[50])]);
        int[] byLength = OrderOf(new LengthSampler(), ragged, 0, 8);
        byLength.Order().ShouldBe(Enumerable.Range(0, 50));
        byLength[..48].Chunk(8).ShouldAllBe(batch => batch.Max(ragged.LengthOf) - batch.Min(ragged.LengthOf) <= 2);
        int[] shortest = [.. OrderOf(new LengthSampler { ShortestFirst = true }, ragged, 0, 8).Select(ragged.LengthOf)];
        shortest.ShouldBe(shortest.Order());
    }

    [Fact]
    public void A_sampler_of_ones_own_chooses_what_is_trained_on()
    {
        Dataset data = Samples.Clusters(60);
        TrainingReport report = new Trainer(
            Samples.Network(), new TrainingSet(data), s_options with { Sampler = new FirstSamples(32), Epochs = 1 }).Fit();
        report.Epochs[0].Training.Samples.ShouldBe(32);
        Should.Throw<ThalwegException>(() => new Trainer(
            Samples.Network(), new TrainingSet(data), s_options with { Sampler = new FirstSamples(32, 40) }).Fit())
            .Message.ShouldContain("got 60");
    }

    private static int[] OrderOf(Sampler sampler, Dataset data, int epoch, int batch = 16)
    {
        int[] order = new int[sampler.CountIn(data)];
        sampler.Fill(new SamplerContext(data, 7, epoch, batch), order);
        return order;
    }

    private static float[] Fitted(Dataset data, TrainerOptions options) => Fitted(new TrainingSet(data), options);

    private static float[] Fitted(TrainingSet data, TrainerOptions options)
    {
        Trainer trainer = new(Samples.Network(), data, options);
        trainer.Fit();
        return Samples.Weights(trainer.Module);
    }

    private static SampleStream Stream(Dataset data) => new(Enumerate(data), data.Task, data.Inputs);

    private static IEnumerable<Sample> Enumerate(Dataset data)
    {
        for (int i = 0; i < data.Count; i++)
        {
            Batch one = data.Take([i]);
            yield return new Sample
            {
                [Dataset.FeatureName] = one.Inputs.Single.ToArray<float>(),
                [LearningTask.TargetName] = one.Targets.Single.ToArray<int>(),
            };
        }
    }

    private static IEnumerable<Sample> Once(IEnumerator<Sample> samples)
    {
        while (samples.MoveNext())
            yield return samples.Current;
    }

    private static async IAsyncEnumerable<Sample> Later(IEnumerable<Sample> samples)
    {
        foreach (Sample sample in samples)
        {
            await Task.Yield();
            yield return sample;
        }
    }

    private sealed class ClusterSource(Dataset data) : ISampleSource
    {
        public string Name => "clusters";

        public int Count => data.Count;

        public IReadOnlyList<TensorSpec> Inputs { get; } = [new TensorSpec(Dataset.FeatureName, 2)];

        public int? Broken { get; set; }

        public Action<int, SampleWriter>? Replacement { get; init; }

        public void Read(int sample, SampleWriter writer)
        {
            if (sample == Broken)
                throw new IOException("the disk is gone");
            if (Replacement is not null)
            {
                Replacement(sample, writer);
                return;
            }

            Batch one = data.Take([sample]);
            writer.Write(Dataset.FeatureName, one.Inputs.Single.AsSpan<float>());
            writer.Write(LearningTask.TargetName, one.Targets.Single.AsSpan<int>());
        }
    }

    private sealed record FirstSamples(int Number, int From = 0) : Sampler
    {
        public override int CountIn(Dataset data) => Number;

        public override void Fill(in SamplerContext context, Span<int> order)
        {
            for (int i = 0; i < order.Length; i++)
                order[i] = From + i;
        }
    }
}
