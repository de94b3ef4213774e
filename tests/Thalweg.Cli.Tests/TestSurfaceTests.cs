using System.Reflection;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Runs;
using Thalweg.Training;
using Thalweg.Tuning;

namespace Thalweg.Cli.Tests;

/// <summary>What a program can do with test data through the public surface of all assemblies: nothing without an entry in the ledger, and
/// nothing that belongs to training or validation data.</summary>
public sealed class TestSurfaceTests
{
    /// <summary>Public members that take samples or a test set, and what becomes of test data there. A new one is put here only with its
    /// line, and with a test where that says so.</summary>
    private static readonly Dictionary<string, string> s_takers = new()
    {
        ["Baseline.Of"] = "what the trivial answer scores: no model is judged",
        ["ClassificationTask.BaselineOf"] = "as Baseline.Of",
        ["LearningTask.TrivialAnswer"] = "takes the answer from the training data",
        ["ReportOptions.set_Training"] = "the trivial answer is taken from the training data",
        ["LearningTask.BaselineOf"] = "as Baseline.Of",
        ["RegressionTask.BaselineOf"] = "as Baseline.Of",
        ["DataSplit..ctor"] = "keeps the test set closed",
        ["DataSplit.set_Test"] = "keeps the test set closed",
        ["DataSplit.Deconstruct"] = "gives the test set closed",
        ["Evaluator.Evaluate"] = "makes an entry, see the test",
        ["TrainedModel.Evaluate"] = "makes an entry, see the test",
        ["TestJudgment.Of"] = "makes an entry, see the test",
        ["TestJudgment.OfSaved"] = "makes an entry, see the test",
        ["TestReuse.Of"] = "reads the ledger alone",
        ["TestSet..ctor"] = "closes the samples",
        ["TrainingSet..ctor"] = "refuses them, see the test",
        ["TrainingSet.set_Data"] = "refuses them, see the test",
        ["TrainingSet.Deconstruct"] = "gives training data",
        ["ValidationSet..ctor"] = "refuses them, see the test",
        ["ValidationSet.set_Data"] = "refuses them, see the test",
        ["ValidationSet.Deconstruct"] = "gives validation data",
        ["Predictor.Predict"] = "predictions for samples whose reading has an entry",
        ["Preprocessing.Of"] = "the shapes of samples alone",
        ["Sampler.CountIn"] = "samplers get the samples of a TrainingSet",
        ["SamplerContext..ctor"] = "samplers get the samples of a TrainingSet",
        ["SamplerContext.set_Data"] = "samplers get the samples of a TrainingSet",
        ["SamplerContext.Deconstruct"] = "samplers get the samples of a TrainingSet",
    };

    private static readonly Assembly[] s_assemblies =
    [
        typeof(Layers.Module).Assembly, typeof(Run).Assembly, typeof(Comparison).Assembly, typeof(Storage.RunIndexes).Assembly,
        typeof(Diagnostics.InitializationAudit).Assembly,
    ];

    private static readonly DataSplit s_split = DataSource.Open("moons", new DataOptions { SampleCount = 60 }).Split();

    [Fact]
    public void Every_member_that_takes_test_data_has_its_line()
    {
        string[] found = [.. s_assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type == typeof(Data.Sampler) || !type.IsAssignableTo(typeof(Data.Sampler))).SelectMany(Takers).Distinct()];
        found.Except(s_takers.Keys).ShouldBeEmpty("a new member takes samples: see the dictionary of this test");
    }

    [Fact]
    public void A_test_set_gives_its_samples_by_one_member_alone() => typeof(TestSet).GetMethods()
        .Where(method => method.DeclaringType == typeof(TestSet))
        .Where(method => method.ReturnType == typeof(Dataset) || method.ReturnType == typeof(Batch) || method.ReturnType == typeof(Tensor))
        .Select(method => method.Name).ShouldBe([nameof(TestSet.Read)]);

    [Fact]
    public void Each_model_that_is_judged_leaves_an_entry()
    {
        MemoryTestLedger ledger = new();
        TestSet test = new(s_split.Validation.Data) { Ledger = ledger };
        ledger.ReadsOf(test.Fingerprint).ShouldBeEmpty();
        Dataset samples = test.Read("a test");
        ledger.ReadsOf(test.Fingerprint).Count.ShouldBe(1);
        TestReuse.Of(test).Models.ShouldBe(1);
        Sequential[] models = [.. Enumerable.Range(1, 3).Select(seed => Network((ulong)seed))];
        new Evaluator(models[0], null).Evaluate(samples);
        new Evaluator(models[0], null).Evaluate(samples);
        TestReuse.Of(test).ShouldBe(new TestReuse(test.Count, 1, 1));
        new Evaluator(models[1], null).Evaluate(samples);
        new TrainedModel(models[2], s_split.Preprocessing).Evaluate(samples.WithWeights([.. Enumerable.Repeat(1f, samples.Count)]));
        TestReuse.Of(test).ShouldBe(new TestReuse(test.Count, 3, 3));
        test.Reads.ShouldAllBe(read => read.Metric == "accuracy" && read.Value >= 0);

        string folder = Directory.CreateTempSubdirectory("thalweg-").FullName;
        try
        {
            TestJudgment.Of(new TrainedModel(models[0], s_split.Preprocessing), test, new RunTestLedger(folder, null), "again");
            TestReadLog.Load(folder).Count.ShouldBe(1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Test_data_are_refused_where_training_or_validation_data_belong()
    {
        Dataset samples = new TestSet(s_split.Validation.Data).Read("a test");
        Should.Throw<ThalwegException>(() => new TrainingSet(samples)).Message.ShouldContain("test set");
        Should.Throw<ThalwegException>(() => new ValidationSet(samples)).Message.ShouldContain("test set");
        Should.Throw<ThalwegException>(() => s_split.Training with { Data = samples });
        Dataset weighted = samples.WithWeights([.. Enumerable.Repeat(1f, samples.Count)]);
        Should.Throw<ThalwegException>(() => s_split.Validation with { Data = weighted });
    }

    [Fact]
    public void The_fingerprint_does_not_depend_on_order_split_or_preprocessing()
    {
        string folder = Directory.CreateTempSubdirectory("thalweg-").FullName;
        try
        {
            string[] lines = TestData.Classes(60).TrimEnd().Split('\n');
            string a = Path.Combine(folder, "a.csv"), b = Path.Combine(folder, "b.csv"), train = Path.Combine(folder, "train.csv");
            File.WriteAllText(train, TestData.Classes(200));
            File.WriteAllLines(a, lines);
            File.WriteAllLines(b, [lines[0], .. lines.Skip(1).Reverse()]);
            string first = Of(a, 1);
            Of(b, 1).ShouldBe(first);
            Of(a, 7).ShouldBe(first);
            Of(a, 1, "x").ShouldBe(first);
            using (PreparedReader reader = PreparedReader.Open(b, DataSource.Open(train).Split().Preprocessing, requireTarget: true))
                reader.ReadTestSet().Fingerprint.ShouldBe(first);
            File.WriteAllLines(b, [.. lines.SkipLast(1), lines[1]]);
            Of(b, 1).ShouldNotBe(first);

            string Of(string test, ulong seed, params string[] ignored) =>
                DataSource.Open(train, new DataOptions { TestPath = test, IgnoredColumns = ignored })
                    .Split(new SplitOptions { Seed = seed }).Test!.Fingerprint;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Sequential Network(ulong seed)
    {
        Sequential network = new(new Dense(2, 2));
        network.Initialize(seed);
        return network;
    }

    private static IEnumerable<string> Takers(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).OfType<MethodBase>()
        .Where(method => method.GetParameters().Select(parameter => parameter.ParameterType)
            .Any(taken => (taken.GetElementType() ?? taken) is var plain && (plain == typeof(TestSet) || plain == typeof(Dataset))))
        .Select(method => $"{type.Name}.{method.Name}");
}
