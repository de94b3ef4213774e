namespace Thalweg.Core.Tests.Recordings;

public sealed class RecordingTests
{
    [Fact]
    public void Operations_come_with_name_settings_layer_inputs_output_and_gradient()
    {
        (Tensor x, Tensor w, Tensor b) = (Leaf([4, 3], 1), Leaf([3, 5], 2), Leaf([5], 3));
        using Recording recording = Recording.Start();
        Tensor y;
        using (Recording.Scope("encoder"))
        {
            using LayerScope inner = Recording.Scope("first");
            y = x.Linear(w, b, Activation.Relu);
        }

        Tensor end = y.LeakyRelu(0.3).Sum();
        end.Backward();
        recording.Stop();
        y.Sigmoid();

        recording.Ops.Select(op => op.Name).ShouldBe(["linear", "leaky_relu", "sum"]);
        RecordedOp op = recording.Ops[0];
        (op.Layer, op.Kind, op.Index, op.OutputShape, op.DType).ShouldBe(("encoder.first", OpKind.Affine, 0, y.Shape, DType.Float64));
        recording.Ops[1].Layer.ShouldBe("");
        op.Attributes.ShouldBe([new OpAttribute("activation", Activation.Relu)]);
        recording.Ops[1].Attribute("slope", 0.0).ShouldBe(0.3);
        op.Inputs.ShouldBe([x, w, b]);
        op.Output.ShouldBeSameAs(y);
        (op.IndexOfInput("weight"), op.InputName(2), op.IndexOfInput("no such")).ShouldBe((1, "bias", -1));
        op.HasInput(1, w).ShouldBeTrue();
        op.OutputGradient!.ToArray<double>().ShouldBe([.. y.ToArray<double>().Select(v => v > 0 ? 1.0 : 0.3)]);
        op.InputGradient(1)!.ToArray<double>().ShouldBe(w.Gradient!.ToArray<double>());
        recording.GradientOf(b)!.ToArray<double>().ShouldBe(b.Gradient!.ToArray<double>());
        recording.OpOf(y).ShouldBeSameAs(op);
        recording.OpOf(x).ShouldBeNull();
        recording.Behind(end).ShouldBe(recording.Ops);
        op.InnerValues.ShouldBe([new InnerValue(InnerValue.PreActivation, IsStored: false)]);
        op.ToString().ShouldBe("encoder.first: linear([4, 3], [3, 5], [5]) -> [4, 5]");
    }

    [Fact]
    public void What_leads_nowhere_and_what_needs_no_derivative_is_recorded_too()
    {
        Tensor x = Leaf([3], 1), constant = Tensor.Ones([3], DType.Float64);
        using Recording recording = Recording.Start();
        Tensor y = x.Exp().Multiply(constant.Tanh());
        x.Log();
        y.Sum().Backward();
        recording.Stop();
        recording.Ops.Select(op => (op.Name, op.RequiresGrad, HasGradient: op.OutputGradient is not null)).ShouldBe([
            ("exp", true, true), ("tanh", false, false), ("multiply", true, true), ("log", true, false), ("sum", true, true)]);
        recording.Behind(y).Select(op => op.Name).ShouldBe(["exp", "tanh", "multiply"]);
    }

    [Fact]
    public void Tensors_of_an_ended_step_are_refused_and_kept_ones_are_read()
    {
        Tensor w = Leaf([3, 3], 2);
        StepMemory memory = new() { RecycleHandles = true };
        using Recording recording = Recording.Start(new() { Keep = op => op.Name == "tanh" });
        double[] expected, gradient;
        using (memory.Begin())
        {
            Tensor y = Leaf([2, 3], 1).MatMul(w).Tanh();
            Tensor end = y.Square().Sum();
            end.Backward();
            (expected, gradient) = (y.ToArray<double>(), recording.OpOf(y)!.OutputGradient!.ToArray<double>());
        }

        RecordedOp[] ops = [.. recording.Ops];
        using (memory.Begin())
        {
            // The same objects are other tensors now.
            w.MatMul(w).Exp().Sum();
            ops[1].IsKept.ShouldBeTrue();
            ops[1].Output.ToArray<double>().ShouldBe(expected);
            ops[1].OutputGradient!.ToArray<double>().ShouldBe(gradient);
            ops[1].Input(0).Shape.ShouldBe([2, 3]);
            string message = Should.Throw<ThalwegException>(() => ops[0].Output).Message;
            message.ShouldContain("output of operation 'matmul'");
            message.ShouldContain("RecordingOptions.Keep");
            Should.Throw<ThalwegException>(() => ops[2].OutputGradient).Message.ShouldContain("'square'");
            ops[0].OutputShape.ShouldBe([2, 3]);
            recording.OpOf(ops[1].Output).ShouldBeNull();
        }
    }

    [Fact]
    public void Kept_parameters_are_those_of_the_step()
    {
        Tensor w = Leaf([2, 2], 3), x = Leaf([1, 2], 4);
        double[] before = w.ToArray<double>();
        using Recording recording = Recording.Start(new() { Keep = _ => true });
        x.MatMul(w).Sum().Backward();
        recording.Stop();
        double[] gradient = w.Gradient!.ToArray<double>();
        w.AsSpan<double>().Fill(7);
        w.Gradient!.AsSpan<double>().Fill(7);
        recording.Ops[0].Input(1).ToArray<double>().ShouldBe(before);
        recording.GradientOf(w)!.ToArray<double>().ShouldBe(gradient);
    }

    [Fact]
    public void Only_what_is_asked_for_is_recorded()
    {
        Tensor x = Leaf([3], 1);
        using Recording all = Recording.Start(),
            some = Recording.Start(new() { Where = op => op.Kind == OpKind.Elementwise, Gradients = false });
        x.Exp().Multiply(x).Tanh().Sum().Backward();
        some.Stop();
        x.Abs();
        all.Stop();
        some.Ops.Select(op => op.Name).ShouldBe(["exp", "tanh"]);
        some.Ops.ShouldAllBe(op => op.OutputGradient == null);
        all.Ops.Select(op => op.Name).ShouldBe(["exp", "multiply", "tanh", "sum", "abs"]);
        all.Ops[0].OutputGradient.ShouldNotBeNull();
        all.Clear();
        all.Ops.ShouldBeEmpty();
        Recording.IsActive.ShouldBeFalse();
    }

    [Fact]
    public void A_recording_belongs_to_its_thread()
    {
        Recording recording = Recording.Start();
        Thread other = new(() =>
        {
            Leaf([2], 1).Exp();
            Recording.IsActive.ShouldBeFalse();
            Should.Throw<ThalwegException>(recording.Stop).Message.ShouldContain("another one");
        });
        other.Start();
        other.Join();
        Leaf([2], 1).Exp();
        Recording.IsActive.ShouldBeFalse();
        recording.Ops.ShouldBeEmpty();
        recording.Dispose();
    }

    [Fact]
    public void An_error_in_an_operation_leaves_the_recording_on()
    {
        using Recording recording = Recording.Start();
        Should.Throw<ThalwegException>(() => Leaf([2, 3], 1).MatMul(Leaf([2, 3], 1)));
        Leaf([2], 1).Exp();
        recording.Ops.Select(op => op.Name).ShouldBe(["exp"]);
    }

    [Fact]
    public void What_is_computed_again_shows_with_its_gradients()
    {
        Tensor x = Leaf([4, 3], 1), w = Leaf([3, 3], 2);
        double[] expected = Gradients.Of(x.Linear(w).Tanh().Square().Sum(), w)[0].ToArray<double>();
        using Recording recording = Recording.Start(new() { Keep = op => op.IsRecomputed });
        Tensor y;
        using (Recording.Scope("part"))
            y = Recomputation.Apply(a => a.Linear(w).Tanh(), x, w);

        y.Square().Sum().Backward();
        recording.Stop();
        w.Gradient!.ToArray<double>().ShouldBe(expected);
        recording.Ops.Select(op => (op.Name, op.Layer, op.IsRecomputed)).ShouldBe([
            ("recompute", "part", false), ("square", "", false), ("sum", "", false), ("linear", "part", true), ("tanh", "part", true)]);
        recording.Ops[0].InnerValues.ShouldBe([new InnerValue("inside", IsStored: false)]);
        Tensor before = x.Linear(w);
        recording.Ops[4].Output.ToArray<double>().ShouldBe(before.Tanh().ToArray<double>());
        double[] squared = Gradients.Of(before.Tanh().Square().Sum(), before)[0].ToArray<double>();
        recording.Ops[3].OutputGradient!.ToArray<double>().ShouldBe(squared);
        recording.GradientOf(w)!.ToArray<double>().ShouldBe(expected);
    }

    [Fact]
    public void Attention_weights_sum_to_one_and_mistaken_names_are_reported()
    {
        Tensor q = Leaf([2, 2, 4, 3], 1);
        using Recording recording = Recording.Start();
        q.Attention(Leaf([2, 2, 5, 3], 2), Leaf([2, 2, 5, 3], 3));
        recording.Stop();
        RecordedOp op = recording.Ops.Single();
        Tensor weights = op.Inner("weights");
        weights.Shape.ShouldBe([2, 2, 4, 5]);
        weights.Sum(-1).ToArray<double>().ShouldAllBe(sum => Math.Abs(sum - 1) < 1e-12);
        op.Attribute("causal", true).ShouldBeFalse();
        Should.Throw<ThalwegException>(() => op.Inner("scores")).Message.ShouldContain("(weights), got 'scores'");
        Should.Throw<ThalwegException>(() => op.WeightGradients(q, q)).Message.ShouldContain("affine map");
    }

    [Fact]
    public void Own_operations_describe_themselves()
    {
        using Recording recording = Recording.Start();
        new Scaled().Apply(new OpArguments { Real = 3 }, Leaf([2], 1)).Sum().Backward();
        recording.Stop();
        recording.Ops[0].Attribute("factor", 0.0).ShouldBe(3);
        recording.Ops[0].OutputGradient!.ToArray<double>().ShouldBe([1, 1]);
    }

    private static Tensor Leaf(Shape shape, ulong index)
    {
        RandomStream stream = new(11, RandomPurpose.User, index);
        Tensor x = Tensor.Uniform(shape, -0.1, 2, ref stream, DType.Float64);
        x.RequiresGrad = true;
        return x;
    }

    private sealed class Scaled : Op
    {
        public override string Name => "scaled";

        protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
            description.Of(OpKind.Elementwise).Inputs("input").Attribute("factor", arguments.Real);

        protected internal override Tensor Forward(ref OpCall call) => call[0].Detach().Multiply(call.Arguments.Real);

        protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
            gx.Add(0, gy.Multiply(call.Arguments.Real));
    }
}
