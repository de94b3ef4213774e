using Thalweg.LinearAlgebra;

namespace Thalweg.Tests.LinearAlgebra;

/// <summary>Inverse and Cholesky factor: definitions, derivatives of first and second order, refusals.</summary>
public sealed class MatricesTests
{
    private static readonly Func<Tensor[], Tensor> s_inverse = a => a[0].Inverse(), s_cholesky = a => a[0].Cholesky();

    public static TheoryData<string> Names => ["inverse", "cholesky"];

    [Fact]
    public void Every_operation_of_the_library_has_a_row_and_describes_itself()
    {
        Dictionary<Type, RecordedOp> rows = [];
        foreach (Func<Tensor[], Tensor> function in (Func<Tensor[], Tensor>[])[s_inverse, s_cholesky])
        {
            using Recording recording = Recording.Start();
            function([Definite()]);
            recording.Stop();
            foreach (RecordedOp op in recording.Ops)
                rows[op.Op.GetType()] = op;
        }

        Type[] own = [.. typeof(Thalweg.Layers.Module).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract)];
        own.ShouldNotBeEmpty();
        own.Except(rows.Keys).ShouldBeEmpty();
        own.Select(type => rows[type].InputName(0)).ShouldAllBe(name => name == "matrix");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_equal_differences(string name)
    {
        Func<Tensor[], Tensor> function = name == "inverse" ? s_inverse : s_cholesky;
        GradientCheck.FirstOrder(function, [Definite()]).ShouldBeLessThan(2e-8);
        GradientCheck.SecondOrder(function, [Definite()]).ShouldBeLessThan(1e-7);
        GradientCheck.FusedAgainstComposed(function, [Definite()]).ShouldBeLessThan(1e-13);
    }

    [Fact]
    public void Inverse_times_matrix_is_the_identity()
    {
        double[] product = Definite().Inverse().MatMul(Definite()).ToArray<double>();
        for (int i = 0; i < product.Length; i++)
            product[i].ShouldBe(i % 9 % 4 == 0 ? 1 : 0, 1e-12);
    }

    [Fact]
    public void Factor_is_lower_triangular_and_gives_the_matrix_back()
    {
        Tensor x = Definite(), factor = x.Cholesky();
        double[] found = factor.MatMul(factor.Transpose()).ToArray<double>(), expected = x.Add(x.Transpose()).Multiply(0.5)
            .ToArray<double>();
        for (int i = 0; i < found.Length; i++)
            found[i].ShouldBe(expected[i], 1e-12);

        double[] l = factor.ToArray<double>();
        (l[1], l[2], l[5]).ShouldBe((0, 0, 0));
        Tensor.From([4f, 2, 2, 5], [2, 2]).Cholesky().ToArray<float>().ShouldBe([2, 0, 1, 2]);
    }

    [Fact]
    public void Matrices_that_do_not_fit_are_named()
    {
        Should.Throw<ThalwegException>(
            () => Tensor.Zeros([2, 3]).Inverse()).Message.ShouldBe("[inverse] expected square matrices [..., n, n], got [2, 3]");
        Should.Throw<ThalwegException>(() => Tensor.Ones([2, 2]).Inverse()).Message.ShouldStartWith(
            "[inverse] expected an invertible matrix, got one whose pivot 1 is 0");
        Should.Throw<ThalwegException>(
            () => Tensor.From([1f, 2, 2, 1], [2, 2]).Cholesky()).Message.ShouldStartWith("[cholesky] expected a positive definite matrix");
    }

    /// <summary>Two well-conditioned matrices, a little unsymmetric.</summary>
    private static Tensor Definite()
    {
        RandomStream stream = new(5, RandomPurpose.User, 1);
        Tensor noise = Tensor.Uniform([2, 3, 3], -0.4, 0.4, ref stream, DType.Float64);
        Tensor diagonal = Tensor.Vector(0, 1, 2).OneHot(3, DType.Float64);
        return noise.Add(diagonal.Multiply(2)).Clone();
    }
}
