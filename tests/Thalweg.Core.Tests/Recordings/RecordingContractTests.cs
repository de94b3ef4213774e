using System.Reflection;
using Thalweg.Core.Tests.Ops;

namespace Thalweg.Core.Tests.Recordings;

/// <summary>What every operation promises to a recording.</summary>
public sealed class RecordingContractTests
{
    public static TheoryData<string> Names => OpCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Bits_are_those_without_and_gradients_those_of_each_result(string name)
    {
        OpCase row = OpCases.Get(name);
        Tensor[] leaves = Leaves(row);
        Tensor[] expected = Gradients.Of(row.Function(leaves).Square().Sum(), leaves);

        using Recording recording = Recording.Start();
        Tensor end = row.Function(leaves).Square().Sum();
        Tensor[] found = Gradients.Of(end, leaves);
        recording.Stop();

        for (int i = 0; i < leaves.Length; i++)
        {
            found[i].ToArray<double>().ShouldBe(expected[i].ToArray<double>());
            recording.GradientOf(leaves[i])?.ToArray<double>().ShouldBe(expected[i].ToArray<double>());
        }

        RecordedOp[] ops = [.. recording.Behind(end).Where(op => op.RequiresGrad)];
        Tensor[] gradients = Gradients.Of(end, [.. ops.Select(op => op.Output)]);
        for (int i = 0; i < ops.Length; i++)
            ops[i].OutputGradient?.ToArray<double>().ShouldBe(gradients[i].ToArray<double>(), ops[i].ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Arguments_and_inputs_have_names(string name)
    {
        OpCase row = OpCases.Get(name);
        using Recording recording = Recording.Start();
        row.Function(Leaves(row));
        recording.Stop();
        foreach (RecordedOp op in recording.Ops.Where(op => op.RequiresGrad))
        {
            OpArguments arguments = op.Output.Call.Arguments with { Key = 0, Counter = 0 };
            (arguments == default || op.Attributes.Count > 0 || op.InnerValues.Count > 0)
                .ShouldBeTrue($"{op} has arguments without a name");
            op.Attributes.ShouldAllBe(a => a.Name.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') && a.Value != null);
            if (op.Name is not ("concatenate" or "recompute"))
            {
                Enumerable.Range(0, op.InputCount).Select(op.InputName)
                    .ShouldAllBe(input => !input.StartsWith("input_", StringComparison.Ordinal), op.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Inner_values_can_be_read_and_agree_with_the_result(string name)
    {
        OpCase row = OpCases.Get(name);
        using Recording recording = Recording.Start();
        Tensor end = row.Function(Leaves(row)).Square().Sum();
        Gradients.Of(end, [.. recording.Ops.Where(op => op.RequiresGrad).Select(op => op.Output)]);
        recording.Stop();
        foreach (RecordedOp op in recording.Ops.Where(op => op.InnerValues.Any(inner => inner.Name == InnerValue.PreActivation)))
        {
            Activation activation = op.Attribute("activation", Activation.None);
            Tensor before = op.Inner(InnerValue.PreActivation);
            before.RequiresGrad.ShouldBe(activation == Activation.None);
            Near(before.Activate(activation), op.Output, op);
            Near(op.Inner(InnerValue.PreActivation, [.. op.Inputs]), before, op);

            Tensor leaf = before.Clone();
            leaf.RequiresGrad = true;
            if (op.OutputGradient is { } gradient)
                Near(op.InnerGradient(InnerValue.PreActivation)!, Gradients.Of(leaf.Activate(activation), gradient, [leaf], false)[0], op);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_of_single_samples_add_up_to_that_of_the_weight(string name)
    {
        OpCase row = OpCases.Get(name);
        using Recording recording = Recording.Start();
        Tensor end = row.Function(Leaves(row)).Square().Sum();
        Gradients.Of(end, [.. recording.Ops.Where(op => op.RequiresGrad).Select(op => op.Output)]);
        recording.Stop();
        foreach (RecordedOp op in recording.Ops.Where(op => op.Kind == OpKind.Affine && op.OutputGradient is not null))
        {
            Tensor each = op.WeightGradients(op.Input(0), op.InnerGradient(InnerValue.PreActivation)!);
            each.Shape[0].ShouldBe(op.InputShape(0)[0]);
            Tensor leaf = op.Input(1).Clone();
            leaf.RequiresGrad = true;
            Tensor weight = Gradients.Of(
                op.Apply([op.Input(0), leaf, .. op.Inputs.Skip(2)]), op.OutputGradient!, [leaf], createGraph: false)[0];
            Near(each.Sum(0).Reshape(weight.Shape), weight, op);
        }
    }

    [Fact]
    public void Every_operation_describes_itself() =>
        typeof(Op).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract)
            .Where(type => type.GetMethod("Describe", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public,
                [typeof(OpArguments).MakeByRefType(), typeof(int), typeof(OpDescription)])!.DeclaringType == typeof(Op))
            .ShouldBeEmpty();

    [Fact]
    public void Every_operation_has_a_row()
    {
        HashSet<Type> found = [];
        foreach (string name in OpCases.Names.Select(row => row.Data))
        {
            OpCase row = OpCases.Get(name);
            Tensor[] leaves = Leaves(row), wanted = [.. leaves.Where(leaf => leaf.RequiresGrad)];
            using Recording recording = Recording.Start();
            Tensor[] gradients = Gradients.OfWithGraph(row.Function(leaves).Square().Sum(), wanted);
            if (gradients.Select(gradient => gradient.Square().Sum()).Aggregate((sum, next) => sum + next) is { RequiresGrad: true } second)
                Gradients.OfWithGraph(second, wanted);
            recording.Stop();
            found.UnionWith(recording.Ops.Select(op => op.Op.GetType()));
        }

        // What derivatives of convolutions, averages and gathered planes are composed of; their rows check derivatives of second order.
        // A part that is computed again has tests of its own, because it holds a module and not an operation's row.
        string[] elsewhere = ["AverageSpreadOp", "ConvolutionWeightOp", "PlaneGatherOp", "PlaneScatterOp", "RecomputeOp"];
        typeof(Op).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract).Except(found)
            .Select(type => type.Name).ShouldBe(elsewhere, ignoreOrder: true);
    }

    private static Tensor[] Leaves(OpCase row)
    {
        Tensor[] leaves = [.. row.Inputs.Select(x => x.Clone())];
        foreach (Tensor leaf in leaves.Where(leaf => leaf.DType.IsFloat()))
            leaf.RequiresGrad = true;

        return leaves;
    }

    private static void Near(Tensor found, Tensor expected, RecordedOp op)
    {
        found.Shape.ShouldBe(expected.Shape, op.ToString());
        found.Detach().Subtract(expected.Detach()).Abs().Sum().Item().ShouldBeLessThan(1e-9, op.ToString());
    }
}
