namespace Thalweg.Core.Tests.Ops;

/// <summary>What every operation promises; a new operation is one more row of <see cref="OpCases"/>.</summary>
public sealed class OpContractTests
{
    public static TheoryData<string> Names => OpCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void First_derivatives_equal_differences(string name)
    {
        OpCase row = OpCases.Get(name);
        GradientCheck.FirstOrder(row.Function, row.Inputs).ShouldBeLessThan(2e-8);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Second_derivatives_equal_differences(string name)
    {
        OpCase row = OpCases.Get(name);
        GradientCheck.SecondOrder(row.Function, row.Inputs).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fused_derivatives_equal_composed_ones(string name)
    {
        OpCase row = OpCases.Get(name);
        GradientCheck.FusedAgainstComposed(row.Function, row.Inputs).ShouldBeLessThan(1e-13);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Float_results_equal_double_results(string name)
    {
        OpCase row = OpCases.Get(name);
        Tensor exact = row.Function(row.Inputs);
        Tensor single = row.Function([.. row.Inputs.Select(x => x.To(DType.Float32))]);
        single.DType.ShouldBe(DType.Float32);
        single.Shape.ShouldBe(exact.Shape);
        double[] expected = exact.ToArray<double>();
        float[] found = single.ToArray<float>();
        for (int i = 0; i < expected.Length; i++)
            Math.Abs(found[i] - expected[i]).ShouldBeLessThan(2e-5 * Math.Max(1, Math.Abs(expected[i])), $"element {i}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_into_leaves_equal_gradients_and_accumulate(string name)
    {
        OpCase row = OpCases.Get(name);
        Tensor[] leaves = [.. row.Inputs.Select(x => x.Clone())];
        foreach (Tensor leaf in leaves)
            leaf.RequiresGrad = true;

        Tensor[] expected = Gradients.Of(row.Function(leaves).Square().Sum(), leaves);
        row.Function(leaves).Square().Sum().Backward();
        Compare(1);
        row.Function(leaves).Square().Sum().Backward(accumulate: true);
        Compare(2);
        row.Function(leaves).Square().Sum().Backward();
        Compare(1);

        void Compare(double factor)
        {
            for (int i = 0; i < leaves.Length; i++)
            {
                double[] want = expected[i].ToArray<double>(), found = leaves[i].Gradient!.ToArray<double>();
                for (int k = 0; k < want.Length; k++)
                    found[k].ShouldBe(factor * want[k], 1e-12 * Math.Max(1, Math.Abs(want[k])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Results_are_equal_to_the_bit_for_any_number_of_threads(string name)
    {
        OpCase row = OpCases.Get(name);
        int before = Threads.Count;
        try
        {
            Threads.Count = 1;
            double[] one = row.Function(row.Inputs).ToArray<double>();
            Threads.Count = 3;
            row.Function(row.Inputs).ToArray<double>().ShouldBe(one);
        }
        finally
        {
            Threads.Count = before;
        }
    }
}
