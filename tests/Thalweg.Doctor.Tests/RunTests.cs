using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis.Tests;

/// <summary>Runs in folders, their models, and proofs.</summary>
public sealed class RunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    [Fact]
    public void A_run_is_examined_by_a_replay_and_its_findings_are_those_of_the_recipe_after_a_resume_too()
    {
        Recipe recipe = Planted.All["rate_too_low"];
        Run.Start(recipe, new RunOptions { Folder = At("whole") });
        using CancellationTokenSource cancellation = new();
        Run.Start(recipe, new RunOptions
        {
            Folder = At("cut"),
            StepEnded = step =>
            {
                if (step.Step == 20)
                    cancellation.Cancel();
            },
        }, cancellation: cancellation.Token);
        Run.Resume(At("cut"));
        DoctorOptions options = new() { Experiments = false };
        Examination whole = Doctor.ExamineRun(At("whole"), options), cut = Doctor.ExaminePath(At("cut"), options: options);
        (cut with { Folder = null }).ToJson().ShouldBe((whole with { Folder = null }).ToJson());
        whole.Findings.ShouldBe(Doctor.Examine(recipe, options).Findings);
        whole.Unavailable.ShouldNotContain(text => text.StartsWith("bits of the run", StringComparison.Ordinal));
    }

    [Fact]
    public void Findings_enter_the_events_of_a_run()
    {
        DoctorObserver doctor = new();
        Run run = Run.Create(Planted.All["dead_relu"], new RunOptions { Folder = At("run"), Observers = [doctor] });
        doctor.Attach(run);
        run.Execute();
        RunEvent.Custom[] found = [.. EventLog.Read(At("run")).OfType<RunEvent.Custom>()];
        found.Select(item => item.Kind).Distinct().ShouldBe(["doctor.finding"]);
        found.Length.ShouldBe(doctor.Findings.Count);
        found.ShouldContain(item => item.Json.Contains("dead_relu", StringComparison.Ordinal)
            && item.Json.Contains("network.bias_initializer", StringComparison.Ordinal));
    }

    [Fact]
    public void A_doctor_that_watches_a_resumed_run_finds_what_it_finds_in_one_that_never_stopped()
    {
        Recipe recipe = Planted.All["dead_relu"];
        DoctorObserver whole = Watch(Run.Create(recipe, Options("whole", out DoctorObserver first)), first);
        using CancellationTokenSource cancellation = new();
        RunOptions cut = Options("cut", out DoctorObserver before) with
        {
            StepEnded = step =>
            {
                if (step.Step == 40)
                    cancellation.Cancel();
            },
        };
        Watch(Run.Create(recipe, cut), before, cancellation.Token);
        DoctorObserver resumed = Watch(Run.Reopen(At("cut"), Options("cut", out DoctorObserver after)), after);
        (resumed.Failure, before.Failure).ShouldBe((null, null));
        resumed.Findings.ShouldNotBeEmpty();
        Texts(resumed.Findings).ShouldBe(Texts(whole.Findings));
        Texts(resumed.Examine().Findings).ShouldBe(Texts(whole.Examine().Findings));
        resumed.Examine().Readings.Count.ShouldBe(whole.Examine().Readings.Count);

        RunOptions Options(string name, out DoctorObserver doctor)
        {
            doctor = new DoctorObserver();
            return new RunOptions { Folder = At(name), Observers = [doctor] };
        }

        static DoctorObserver Watch(Run run, DoctorObserver doctor, CancellationToken cancellation = default)
        {
            doctor.Attach(run);
            run.Execute(cancellation: cancellation);
            return doctor;
        }

        static string[] Texts(IEnumerable<Finding> findings) => [.. findings.Select(finding => finding.ToJson())];
    }

    [Fact]
    public void A_memory_that_cannot_be_read_ends_the_watch_and_not_the_run()
    {
        DoctorObserver doctor = new();
        doctor.LoadMemory("{ \"Version\": 9 }");
        doctor.Failure.ShouldNotBeNull().ShouldContain("version 1");
        doctor.SaveMemory().ShouldBeEmpty();
    }

    [Fact]
    public void A_proof_of_an_interrupted_run_begins_at_the_checkpoint_before_the_finding_where_the_fix_may()
    {
        Recipe recipe = Planted.All["rate_too_high"].With("run.checkpoint_every", "10steps").With("run.keep_checkpoints", 20);
        using CancellationTokenSource cancellation = new();
        Run.Start(recipe, new RunOptions
        {
            Folder = At("run"),
            WaitsForCheckpoints = true,
            StepEnded = step =>
            {
                if (step.Step == 35)
                    cancellation.Cancel();
            },
        }, cancellation: cancellation.Token);
        Examination examination = Doctor.ExamineRun(At("run"), new DoctorOptions { Experiments = false });
        Fix fix = Fix.Of("lower_rate", examination.Recipe!, ("training.optimizer.learning_rate", "0.01"));
        Finding late = Finding.Of(Cause.RateTooHigh, Evidence.Fact("loss_not_finite", true)) with
        {
            Step = 25,
            Fixes = ValueList.Of<Fix>([fix with { IsFromStart = false }]),
        };
        ProofAttempt attempt = Doctor.Prove(examination, late).Attempts.ShouldHaveSingleItem();
        attempt.FromStep.ShouldBe(20);
        attempt.Cost.ShouldBe((double)(attempt.After!.Steps - 20) / examination.Outcome!.Steps, 1e-2);
        Finding whole = late with { Fixes = ValueList.Of<Fix>([fix]) };
        Doctor.Prove(examination, whole).Attempts.ShouldHaveSingleItem().FromStep.ShouldBe(0);
    }

    [Fact]
    public void A_proof_spends_no_more_than_its_budget()
    {
        Recipe recipe = Planted.Healthy.With("training.epochs", 2);
        Examination examination = Doctor.Examine(recipe, new DoctorOptions { Experiments = false });
        Finding few = Finding.Of(Cause.TooFewEpochs, Evidence.Fact("loss_not_finite", true)) with
        {
            Fixes = ValueList.Of<Fix>([Fix.Of("more_epochs", examination.Recipe!, ("training.epochs", "20"))]),
        };
        ProofAttempt shorter = Doctor.Prove(examination, few, new DoctorOptions { Budget = 3 }).Attempts.ShouldHaveSingleItem();
        shorter.Cost.ShouldBeLessThanOrEqualTo(3);
        shorter.Fix.Changes.ShouldHaveSingleItem().New.ShouldBe("6");
        Doctor.Prove(examination, few, new DoctorOptions { Budget = 0.5 }).Attempts.ShouldBeEmpty();
    }

    [Fact]
    public void A_proof_says_what_helped_and_writes_the_repaired_recipe_once()
    {
        Examination examination = Doctor.Examine(Planted.All["rate_too_high"]);
        Proof proof = Doctor.Prove(examination);
        proof.IsRepaired.ShouldBeTrue(ExaminationText.Of(proof));
        proof.Cost.ShouldBeInRange(0.5, 4);
        proof.Best!.After!.Metric.ShouldBeGreaterThan(examination.Outcome!.Metric + 0.05);
        ExaminationText.Of(proof).ShouldContain("training.optimizer.learning_rate: 1 ->");
        proof.Apply(At("fixed.yaml"));
        Recipe.Load(At("fixed.yaml")).Training.Optimizer.LearningRate.ShouldNotBe(1);
        Should.Throw<ThalwegException>(() => proof.Apply(At("fixed.yaml"))).Message.ShouldContain("fixed.yaml");
    }

    [Fact]
    public void A_fix_that_does_not_help_is_said_to_have_failed()
    {
        Examination healthy = Doctor.Examine(Planted.Healthy);
        Finding wrong = Finding.Of(Cause.DropoutTooStrong, Evidence.Fact("loss_not_finite", true)) with
        {
            Fixes = ValueList.Of<Fix>([Fix.Of("less_dropout", healthy.Recipe!, ("network.dropout", "0.8"))]),
        };
        Proof proof = Doctor.Prove(healthy, wrong);
        (proof.IsRepaired, proof.Attempts.Count, proof.Attempts[0].Helps, proof.Repaired).ShouldBe((false, 1, false, null));
        ExaminationText.Of(proof).ShouldContain("does not help");
        Should.Throw<ThalwegException>(() => proof.Apply(At("none.yaml")));
        File.Exists(At("none.yaml")).ShouldBeFalse();
    }

    [Fact]
    public void A_model_is_examined_with_its_data()
    {
        Run.Start(Planted.All["dead_relu"], new RunOptions { Folder = At("run") });
        Examination examination = Doctor.ExaminePath(At("run/model.safetensors"));
        examination.Confident.Select(finding => finding.Cause).ShouldContain(Cause.DeadRelu);
        examination.Unavailable.ShouldContain(text => text.Contains("history", StringComparison.Ordinal));
        Should.Throw<ThalwegException>(() => Doctor.Prove(examination)).Message.ShouldContain("recipe");
    }

    [Fact]
    public void What_cannot_be_examined_is_refused_in_one_line()
    {
        Refused(() => Doctor.ExaminePath(At("absent")), "absent");
        Refused(() => Doctor.ExamineRun(At("absent")), "absent");
        Directory.CreateDirectory(At("empty"));
        Refused(() => Doctor.ExaminePath(At("empty")), "model.safetensors");
        Run.Start(Planted.Healthy.With("training.epochs", 1), new RunOptions
        {
            Folder = At("coded"),
            Network = preprocessing => new Sequential(new Dense(preprocessing.FeatureWidth, 2)),
        });
        Refused(() => Doctor.ExamineRun(At("coded")), "made in code");

        Table(At("data.csv"), 200);
        Run.Start(Planted.Healthy.With("data.source", At("data.csv")).With("data.samples", null).With("training.epochs", 1),
            new RunOptions { Folder = At("moved") });
        Table(At("data.csv"), 201);
        Refused(() => Doctor.ExamineRun(At("moved")), "found others");
        Refused(() => Cause.Parse("nonsense"), "nonsense");
        Refused(() => Doctor.Examine(Planted.Healthy, new DoctorOptions { Experiments = false }).Find("leakage_"), "leakage");

        static void Refused(Action action, string fact)
        {
            string message = Should.Throw<ThalwegException>(action).Message;
            message.ShouldContain(fact);
            message.ShouldNotContain("\n");
        }
    }

    private static void Table(string path, int rows) => File.WriteAllLines(
        path, ["x,y,target", .. Enumerable.Range(0, rows).Select(i => $"{i % 7},{i % 11},{(i % 7 > 3 ? "a" : "b")}")]);
}
