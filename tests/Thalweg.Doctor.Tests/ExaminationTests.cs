using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis.Tests;

/// <summary>What the doctor says of planted faults, and of trainings in which nothing is wrong.</summary>
public sealed class ExaminationTests
{
    /// <summary>Enough for these trainings, and soon done.</summary>
    private static readonly DoctorOptions s_brief = new() { Budget = 3 };

    public static TheoryData<string> Causes => [.. Planted.All.Keys];

    [Theory]
    [MemberData(nameof(Causes))]
    public void A_planted_cause_is_among_the_first_two_findings_with_evidence_and_a_fix(string cause)
    {
        Examination examination = Doctor.Examine(Planted.All[cause], s_brief);
        Finding[] first = [.. examination.Confident.Take(2)];
        first.Select(finding => finding.Cause.Id).ShouldContain(cause, ExaminationText.Of(examination));
        Finding finding = first.First(item => item.Cause.Id == cause);
        finding.Evidence.ShouldNotBeEmpty();
        finding.Evidence.ShouldAllBe(evidence => evidence.Strength > 0 && evidence.Text("en").Length > 0);
        finding.Fixes.ShouldNotBeEmpty();
        finding.Fixes.ShouldAllBe(fix => fix.Text("en").Length > 0);
        foreach (Fix fix in finding.Fixes.Where(fix => fix.IsReplayable))
            fix.ApplyTo(examination.Recipe!).Check();
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is_wrong()
    {
        Doctor.Examine(Planted.Healthy, s_brief).Confident.ShouldBeEmpty();
        Doctor.Examine(Planted.Healthy.With("data.source", "blobs"), s_brief).Confident.ShouldBeEmpty();
    }

    [Fact]
    public void Experiments_stay_within_their_budget_and_can_be_left_out()
    {
        DoctorOptions none = new() { Experiments = false };
        Doctor.Examine(Planted.All["rate_too_low"], none).Cost.ShouldBe(0);
        Doctor.Examine(Planted.All["rate_too_low"], new DoctorOptions { Budget = 1.5 }).Cost.ShouldBeLessThan(2.6);
        Should.Throw<ThalwegException>(() => new DoctorOptions { Budget = -1 }).Message.ShouldContain("-1");
    }

    [Fact]
    public void A_wrong_gradient_names_the_operation()
    {
        static Module Network(bool isWrong) => new Sequential(new Dense(2, 16), new OwnTanh(isWrong), new Dense(16, 2));
        DoctorOptions options = new() { Budget = 1, Network = _ => Network(isWrong: true) };
        Finding finding = Doctor.Examine(Planted.Healthy, options).Confident.First();
        (finding.Cause, finding.Experiment).ShouldBe((Cause.WrongGradient, "gradient_check"));
        finding.Note.ShouldNotBeNull().ShouldContain("own_tanh");
        finding.Layer.ShouldStartWith("0.");
        Doctor.Examine(Planted.Healthy, options with { Network = _ => Network(isWrong: false) }).Confident
            .ShouldNotContain(item => item.Cause == Cause.WrongGradient);
    }

    [Fact]
    public void Findings_are_equal_for_any_number_of_threads_and_on_every_replay()
    {
        string first = Json(1), second = Json(3), third = Json(3);
        second.ShouldBe(first);
        third.ShouldBe(first);

        static string Json(int threads)
        {
            using ThreadLimit limit = Threads.Limit(threads);
            return Doctor.Examine(Planted.All["clipping_every_step"], s_brief).ToJson();
        }
    }

    [Fact]
    public void Weights_are_equal_to_the_bit_with_and_without_the_doctor_which_never_ends_a_training()
    {
        float[] without = Train(null);
        DoctorObserver watching = new() { Found = _ => { } };
        Train(watching).ShouldBe(without);
        watching.Failure.ShouldBeNull();
        watching.Findings.ShouldNotBeEmpty();

        DoctorObserver failing = new() { Found = _ => throw new InvalidOperationException("cannot print") };
        Train(failing).ShouldBe(without);
        failing.Failure.ShouldNotBeNull().ShouldContain("cannot print");
        failing.Examine().Unavailable.ShouldContain(failing.Failure);

        static float[] Train(DoctorObserver? doctor)
        {
            PreparedRecipe prepared = Planted.All["dead_relu"].Prepare();
            Trainer trainer = new(
                prepared.Network, prepared.Split.Training, prepared.Split.Validation,
                prepared.Options with { Observers = doctor is null ? [] : [doctor] });
            trainer.Fit();
            return [.. trainer.Parameters.Values.AsSpan<float>()];
        }
    }

    [Fact]
    public void An_observer_that_saw_no_run_says_so() =>
        Should.Throw<ThalwegException>(() => new DoctorObserver().Examine()).Message.ShouldContain("TrainerOptions.Observers");

    /// <summary>tanh with a derivative that may have the wrong sign.</summary>
    private sealed class OwnTanhOp(bool isWrong) : Op
    {
        public override string Name => "own_tanh";

        protected override Tensor Forward(ref OpCall call) => call[0].Detach().Tanh();

        protected override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
            gx.Add(0, (gy - (gy * y * y)).Multiply(isWrong ? -1 : 1));
    }

    private sealed class OwnTanh(bool isWrong) : Module
    {
        private readonly OwnTanhOp _op = new(isWrong);

        protected override Tensor ForwardCore(Tensor x) => _op.Apply(default, x);
    }
}
