using System.Numerics;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Open.Tests;

/// <content>The custom records.</content>
public sealed partial class OpenKindTests
{
    public sealed record OwnMomentum : CustomRule
    {
        public double Mu { get; init => field = Within(value, 0, 1, isHighIncluded: false); } = 0.9;

        public override IReadOnlyList<string> Slots => ["v"];

        public override string Formula => "v = mu v + g, u = v";

        public override string Source => "a test";

        protected override RulePlacement Placement => RulePlacement.BeforeLearningRate;

        protected override void Update<T>(RuleStep<T> step)
        {
            Span<T> v = step.Slot("v");
            T mu = T.CreateTruncating(Mu);
            for (int i = 0; i < v.Length; i++)
                step.Update[i] = v[i] = T.FusedMultiplyAdd(mu, v[i], step.Gradient[i]);

            // Padding may hold anything: it is left alone.
            step.Update[^1] = T.NaN;
        }
    }

    public sealed record OwnOptimizer(Hyperparameter LearningRate) : NamedOptimizer(LearningRate)
    {
        public double Mu { get; init => field = Within(value, 0, 1, isHighIncluded: false); } = 0.9;

        public override string Source => "a test";

        public override Chain Chain => Compose(new OwnMomentum { Mu = Mu });
    }

    public sealed record OwnUphill(double Rho) : CustomRule
    {
        public override RuleNeeds Needs => new() { Gradients = 2, MovedFrom = 1, Metric = true };

        public override IReadOnlyList<string> Slots => ["metrics"];

        public override string Formula => "u = g at w + rho g/|g|";

        public override string Source => "a test";

        protected override SlotPlan Plan(string slot, ParameterSegments segments) => SlotPlan.Single();

        protected override void Observe(RuleSignal signal, RuleState state)
        {
            if (signal is MetricSignal)
                state["metrics"].AsSpan<double>()[0]++;
        }

        protected override void Move<T>(RuleMove<T> move)
        {
            double squares = 0;
            foreach (T g in move.Gradient)
                squares += double.CreateTruncating(g) * double.CreateTruncating(g);
            T factor = T.CreateTruncating(Rho / Math.Sqrt(squares));
            for (int i = 0; i < move.Weights.Length; i++)
                move.Weights[i] += factor * move.Gradient[i];
        }

        protected override void Update<T>(RuleStep<T> step) => step.Gradient.CopyTo(step.Update);
    }

    public sealed record Lost : CustomRule
    {
        public override IReadOnlyList<string> Slots => ["moments"];

        public override string Formula => "u = g";

        public override string Source => "a test";

        protected override void Update<T>(RuleStep<T> step) => step.Slot("moment").Clear();
    }

    public sealed record Spy(Action<long, double> Tell) : CustomRule
    {
        public override IReadOnlyList<string> Slots => ["average"];

        public override string Formula => "u = g";

        public override string Source => "a test";

        protected override void Update<T>(RuleStep<T> step)
        {
            Tell(step.Updates, step.LearningRate);
            step.Gradient.CopyTo(step.Update);
        }
    }

    public sealed record OwnRidge(double Lambda) : Regularizer
    {
        public override string Formula => "loss + (lambda/2) |w|^2";

        public override string Source => "a test";

        protected override double AddGradient(ParameterVector parameters)
        {
            double penalty = 0;
            foreach (NamedParameter parameter in parameters.Named)
            {
                ReadOnlySpan<double> w = parameter.Value.AsSpan<double>();
                Span<double> g = parameter.Gradient.AsSpan<double>();
                for (int i = 0; i < w.Length; i++)
                {
                    g[i] += Lambda * w[i];
                    penalty += Lambda / 2 * w[i] * w[i];
                }
            }

            return penalty;
        }

        protected override void AddProduct(ParameterVector parameters, Tensor vector, Tensor product) =>
            product.Assign(product.Add(vector.Multiply(Lambda)));
    }

    public sealed record OwnConfidence(double Factor) : Regularizer
    {
        public override string Formula => "loss + factor mean y^2";

        public override string Source => "a test";

        protected override Tensor? Penalize(in PenalizedLoss microBatch) => microBatch.Outputs.Square().Mean().Multiply(Factor);
    }

    public sealed record OwnErrorShare : Metric
    {
        public override bool LessIsBetter => true;

        public override int LengthFor(int classes) => 2;

        public override void Add(in MetricBatch batch, Span<double> sums)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                sums[0] += batch.PredictedClass(i) == batch.Label(i) ? 0 : 1;
                sums[1]++;
            }
        }

        public override double Result(ReadOnlySpan<double> sums) => sums[0] / sums[1];
    }

    public sealed record Failing : Metric
    {
        public override int LengthFor(int classes) => 1;

        public override void Add(in MetricBatch batch, Span<double> sums)
        {
            if (batch.Count > 20)
                throw new InvalidOperationException("on purpose");
        }

        public override double Result(ReadOnlySpan<double> sums) => 0;
    }

    public sealed record OwnLoss : Loss
    {
        public override string Name => "own";

        public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
        {
            SameShape(Name, outputs, targets);
            return Reduce(outputs.Subtract(targets).Square(), reduction);
        }
    }

    public sealed record OwnBall : CustomMinimizer
    {
        public double Mu { get; init; } = 0.3;

        public override IReadOnlyList<string> Slots => ["calls"];

        public override string Formula => "d = -g + mu s";

        public override string Source => "a test";

        protected override void Direct(DescentStep step)
        {
            step.Slot("calls")[0]++;
            for (int i = 0; i < step.Direction.Length; i++)
                step.Direction[i] = (Mu * step.LastStep[i]) - step.Gradient[i];
        }
    }

    public sealed record OwnSchedule(double Start) : Schedule
    {
        public override string Formula => "start/2^t";

        public override string Source => "a test";

        public override (double Low, double High) Bounds => (0, Start);

        protected override double Decayed(long step) => Start / Math.Pow(2, step);
    }
}
