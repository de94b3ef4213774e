using Thalweg.Layers;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

public sealed class InstrumentPanelTests
{
    [Theory]
    [MemberData(nameof(Runs.Networks), MemberType = typeof(Runs))]
    public void Weights_are_equal_to_the_bit_with_all_instruments_on(string network)
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            Trainer plain = Runs.New(network, Runs.Options(), dtype);
            plain.Fit();
            InstrumentPanel panel = Runs.Panel(Runs.Everything(every: 5));
            Trainer watched = Runs.New(network, Runs.Options(), dtype, panel);
            watched.Fit();
            Runs.Bytes(watched).ShouldBe(Runs.Bytes(plain));
            panel.Readings.Count.ShouldBeGreaterThan(150);
            Failures(panel).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Weights_are_equal_with_dropout_momentum_and_micro_batches_too()
    {
        TrainerOptions options = Runs.Options(optimizer: new Momentum(0.05)) with { MicroBatchSize = 5 };
        Trainer Make(params IReadOnlyList<ITrainingObserver> observers) => new(
            new Sequential(new Dense(6, 12, Activation.Relu), new Dropout(0.3), new BatchNorm1d(12), new Dense(12, 3)).Initialize(3),
            new Thalweg.Data.TrainingSet(Runs.Data("dense")), options with { BatchSize = 12, Observers = observers });
        Trainer plain = Make();
        plain.Fit();
        InstrumentPanel panel = Runs.Panel(Runs.Everything(every: 4));
        Trainer watched = Make(panel);
        watched.Fit();
        Runs.Bytes(watched).ShouldBe(Runs.Bytes(plain));
        Failures(panel).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Runs.Networks), MemberType = typeof(Runs))]
    public void Readings_are_equal_for_any_number_of_threads(string network)
    {
        InstrumentReading[] one = ReadingsWith(network, 1);
        ReadingsWith(network, 3).ShouldBe(one);
    }

    [Theory]
    [MemberData(nameof(Runs.Networks), MemberType = typeof(Runs))]
    public void Readings_go_on_after_a_resume_as_if_nothing_had_happened(string network)
    {
        string folder = Directory.CreateTempSubdirectory("instruments").FullName;
        try
        {
            string run = Path.Combine(folder, "run.thalweg"), state = Path.Combine(folder, "state.safetensors");
            InstrumentPanel whole = Runs.Panel(Runs.Everything(every: 3));
            Runs.New(network, Runs.Options(), DType.Float64, whole).Fit();

            InstrumentPanel first = Runs.Panel(Runs.Everything(every: 3));
            Trainer cut = Runs.New(network, Runs.Options(), DType.Float64, first);
            foreach (StepReport step in cut.Steps())
            {
                if (step.Step == 3)
                    break;
            }

            TrainingCheckpoint.Save(cut, run);
            first.Save(state);
            InstrumentPanel second = Runs.Panel(Runs.Everything(every: 3));
            second.Load(state);
            Trainer resumed = Runs.New(network, Runs.Options(), DType.Float64, second);
            TrainingCheckpoint.Restore(resumed, run);
            resumed.Fit();

            InstrumentReading[] expected = Runs.Exact(whole),
                found = [.. Runs.Exact(first), .. Runs.Exact(second).Where(reading => !reading.IsOff)];
            found.ShouldBe(expected);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_step_at_which_nothing_is_due_allocates_nothing()
    {
        InstrumentPanel panel = Runs.Panel(new GradientNorm { When = new EverySteps(1_000_000) },
            new ActivationMoments { When = new EverySteps(1_000_000) });
        BytesOf(panel).ShouldBe(BytesOf(new Idle()));
        panel.Readings.Select(reading => reading.Step).ShouldAllBe(step => step == 0);
    }

    [Fact]
    public void An_instrument_that_fails_is_switched_off_and_training_goes_on()
    {
        InstrumentPanel panel = Runs.Panel(new Broken { When = new EverySteps(1) }, new GradientNorm { When = new EverySteps(1) });
        TrainingReport report = Runs.New("dense", Runs.Options(), DType.Float64, panel).Fit();
        report.Reason.ShouldBe(EndReason.Completed);
        InstrumentReading off = panel.Readings.Single(reading => reading.IsOff);
        off.Note!.ShouldContain("does not work");
        off.Instrument.ShouldBe("broken");
        panel.Readings.Count(reading => reading is { Instrument: "gradient_norm", Layer: "" }).ShouldBe((int)report.Steps);
    }

    [Fact]
    public void What_cannot_be_had_says_why_in_one_line()
    {
        InstrumentPanel panel = Runs.Panel(
            new RecurrentSpectrum(), new ClippedShare(), new EdgeOfStability(),
                new CurvatureEigenvalues { Matrix = CurvatureMatrix.Fisher });
        Runs.New("dense", Runs.Options(1, new Sgd(0.1)) with { Loss = new Thalweg.Losses.MultiMarginLoss() }, DType.Float64, panel).Fit();
        Off(panel, "recurrent_spectrum").ShouldContain("no recurrent layer");
        Off(panel, "clipped_share").ShouldContain("clips nothing");
        Off(panel, "curvature_eigenvalues").ShouldContain("gauss_newton");
        panel.Readings.ShouldAllBe(reading => reading.Note == null || !reading.Note.Contains('\n'));

        InstrumentPanel searching = Runs.Panel(new GradientNorm(), new ActivationMoments());
        Trainer minimized = Runs.New(
            "dense", new TrainerOptions { Epochs = 1, Minimizer = new Lbfgs(), AllowMiniBatches = true }, DType.Float64, searching);
        minimized.Fit();
        Off(searching, "gradient_norm").ShouldContain("minimizer");
        searching.Readings.ShouldContain(reading => reading.Instrument == "activation_moments" && !reading.IsOff);
    }

    [Fact]
    public void The_budget_thins_out_by_counted_work()
    {
        InstrumentPanelOptions options = new()
        {
            Instruments =
            [
                new GradientNorm { When = new EverySteps(2) }, new CurvatureEigenvalues { When = new EverySteps(1) },
                new SpectralDensity { When = new LogSpacedSteps(100) },
            ],
        };
        InstrumentPanel panel = new(options);
        Runs.New("dense", Runs.Options(200), DType.Float32, panel).Fit();
        InstrumentPlan plan = panel.Plan!;
        plan.Share.ShouldBeInRange(0, 0.05);
        plan.Instruments[1].Thinning.ShouldBeGreaterThan(plan.Instruments[0].Thinning);
        long[] measured = [.. panel.Readings.Where(reading => reading.Quantity == "largest").Select(reading => reading.Step)];
        measured.ShouldBe([.. Enumerable.Range(0, measured.Length).Select(i => (long)i * plan.Instruments[1].Thinning)]);
        InstrumentPanel again = new(options);
        using (Threads.Limit(1))
            Runs.New("dense", Runs.Options(200), DType.Float32, again).Fit();

        Runs.Exact(again).ShouldBe(Runs.Exact(panel));
        (again.Spent, again.Plan!.Share).ShouldBe((panel.Spent, plan.Share));
    }

    [Fact]
    public void Shards_are_measured_by_a_pass_of_their_own()
    {
        InstrumentPanel panel = Runs.Panel(Runs.Everything(every: 2));
        TrainerOptions options = Runs.Options() with { Shards = 3 };
        Trainer plain = Runs.New("dense", options);
        plain.Fit();
        Trainer watched = Runs.New("dense", options, DType.Float64, panel);
        watched.Fit();
        Runs.Bytes(watched).ShouldBe(Runs.Bytes(plain));
        Failures(panel).ShouldBeEmpty();
        panel.Readings.ShouldContain(reading => reading.Instrument == "gradient_noise" && reading.Quantity == "noise_scale");
    }

    [Fact]
    public void Saved_states_of_other_instruments_are_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            Runs.Panel(new GradientNorm()).Save(path);
            Should.Throw<ThalwegException>(() => Runs.Panel(new WeightNorm()).Load(path)).Message.ShouldContain("gradient_norm");
            Runs.Panel(new GradientNorm()).Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Bytes of two steps within an epoch.</summary>
    private static long BytesOf(ITrainingObserver observer)
    {
        Thalweg.Data.TrainingSet data = new(Runs.Data("dense", 480));
        Trainer trainer = new(
            Runs.Make("dense").Initialize(3), data, new TrainerOptions
            {
                Optimizer = new AdamW(0.01),
                BatchSize = 12,
                Observers = [observer]
            });
        using IEnumerator<StepReport> steps = trainer.Steps().GetEnumerator();
        for (int step = 0; step < 8; step++)
            steps.MoveNext();

        return Allocations.Fewest(() => steps.MoveNext(), 2);
    }

    private static InstrumentReading[] ReadingsWith(string network, int threads)
    {
        using ThreadLimit limit = Threads.Limit(threads);
        InstrumentPanel panel = Runs.Panel(Runs.Everything(every: 5));
        Runs.New(network, Runs.Options(), DType.Float32, panel).Fit();
        return Runs.Exact(panel);
    }

    private static string Off(InstrumentPanel panel, string instrument) =>
        panel.Readings.Single(reading => reading.IsOff && reading.Instrument == instrument).Note!;

    private static IEnumerable<string> Failures(InstrumentPanel panel) => panel.Readings
        .Where(reading => reading.IsOff && reading.Note!.StartsWith("failed", StringComparison.Ordinal))
        .Select(reading => $"{reading.Instrument}: {reading.Note}");

    private sealed class Idle : ITrainingObserver;

    private sealed record Broken : Instrument
    {
        public override string Definition => "nothing";

        public override string Source => "none";

        public override InstrumentCost Cost => InstrumentCost.Free;

        public override InstrumentNeeds Needs => InstrumentNeeds.Gradient;

        public override InstrumentWork Work(InstrumentRun run) => default;

        public override void MeasureGradient(InstrumentMoment moment) => throw new InvalidOperationException("this one does not work");
    }
}
