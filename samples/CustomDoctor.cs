using Thalweg.Data;
using Thalweg.Diagnosis;
using Thalweg.Layers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Samples;

/// <summary>x / (1 + |x|) as an operation of your own, whose derivative is 1 / (1 + |x|)^2; the wrong one forgets the square.</summary>
internal sealed class SoftSignOp(bool isWrong) : Op
{
    public override string Name => "soft_sign";

    protected override Tensor Forward(ref OpCall call) => call[0].Detach() / (call[0].Detach().Abs() + 1);

    protected override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor slope = 1 - y.Abs();
        gx.Add(0, isWrong ? gy * slope.Multiply(-1) : gy * slope * slope);
    }
}

internal sealed class SoftSign(bool isWrong) : Module
{
    private readonly SoftSignOp _op = new(isWrong);

    protected override Tensor ForwardCore(Tensor x) => _op.Apply(default, x);
}

internal static class CustomDoctor
{
    public static void Run(TextWriter output)
    {
        // Neither the modules, nor the loss (instruments), nor the rule (own-optimizer), nor the source of the data is registered.
        foreach (bool isWrong in (bool[])[false, true])
        {
            Dataset data = Dataset.From(new Rings(400), LearningTask.Classification("inside", "outside"));
            Sequential network = new(new Dense(2, 16), new SoftSign(isWrong), new ScaledSkip(16), new Dense(16, 2));
            DoctorObserver doctor = new();
            Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(data), new TrainerOptions
            {
                Epochs = 10,
                Optimizer = [new Signum(), new ScaleByLearningRate(0.003)],
                Loss = new BrierLoss(),
                Observers = [doctor],
            });
            trainer.Fit();
            Finding? gradient = doctor.Examine().Confident.FirstOrDefault(finding => finding.Cause == Cause.WrongGradient);
            output.WriteLine(gradient is null ? "the gradient is right" : $"{gradient.Cause.Name()}: {gradient.Note}");
        }
    }
}
