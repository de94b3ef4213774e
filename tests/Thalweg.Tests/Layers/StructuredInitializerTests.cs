using Thalweg.Catalogues;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Tests.Layers;

public sealed class StructuredInitializerTests
{
    [Fact]
    public void Every_entry_of_the_catalogue_reads_back_and_names_its_law()
    {
        string[] own = [.. Settings.Forms<Initializer>().Where(form => form.Type.Assembly == typeof(Initializer).Assembly)
            .Select(form => form.Name)];
        CatalogueEntry[] entries = [.. Catalogue.Initializers.Where(entry => own.Contains(entry.Name))];
        entries.Length.ShouldBe(own.Length);
        foreach (CatalogueEntry entry in entries)
        {
            Initializer made = Settings.Parse<Initializer>(entry.Name);
            Settings.Parse<Initializer>(made.ToString()).ShouldBe(made, entry.Name);
            made.ToString().ShouldBe(entry.Name);
            entry.Formula.ShouldNotBeEmpty();
            entry.Use.ShouldNotBeEmpty();
            entry.Source.ShouldNotBeEmpty();
        }

        Type[] all = [.. typeof(Initializer).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(Initializer)) && !type.IsAbstract)];
        all.Where(type => !Settings.Forms<Initializer>().Any(form => form.Type == type)).ShouldBe([typeof(ForgetGateInitializer)]);
    }

    [Theory]
    [InlineData("dirac(2)", "dirac(groups=2)")]
    [InlineData("identity(0.5)", "identity(gain=0.5)")]
    [InlineData("orthogonal(1.5, false)", "orthogonal(gain=1.5, sign_fix=false)")]
    [InlineData("he_uniform(0.1, fan_out)", "he_uniform(slope=0.1, fan=fan_out)")]
    [InlineData("xavier_normal(1, fan_average)", "xavier_normal")]
    [InlineData("truncated_normal(1, 0.5, -1, 4)", "truncated_normal(deviation=1, mean=0.5, low=-1, high=4)")]
    public void Texts_leave_defaults_out(string text, string printed)
    {
        Initializer initializer = Settings.Parse<Initializer>(text);
        initializer.ToString().ShouldBe(printed);
        Settings.Parse<Initializer>(printed).ShouldBe(initializer);
    }

    [Fact]
    public void An_initializer_of_a_user_is_saved_and_loaded_by_name()
    {
        Settings.Register<RampInitializer>();
        Dense layer = new(2, 3, initializer: new RampInitializer { Step = 0.5 });
        string json = layer.Describe().ToJsonString();
        json.ShouldContain("ramp(step=0.5)");
        LayerRegistry.Build(layer.Describe()).Describe().ToJsonString().ShouldBe(json);
        layer.Initialize(0).NamedParameters().First().Parameter.Value.ToArray<float>().ShouldBe([0, 0.5f, 1, 1.5f, 2, 2.5f]);
    }

    [Theory]
    [InlineData("orthogonal(relu)", "orthogonal(1.4142135623730951)")]
    [InlineData("orthogonal(gain=tanh, sign_fix=false)", "orthogonal(1.6666666666666667, false)")]
    [InlineData("xavier_uniform(selu)", "xavier_uniform(0.75)")]
    [InlineData("xavier_normal(none)", "xavier_normal")]
    public void A_gain_may_be_that_of_an_activation_by_name(string text, string number) =>
        Settings.Parse<Initializer>(text).ShouldBe(Settings.Parse<Initializer>(number));

    [Theory]
    [InlineData(Activation.None, 1)]
    [InlineData(Activation.Sigmoid, 1)]
    [InlineData(Activation.Tanh, 5.0 / 3)]
    [InlineData(Activation.Relu, 1.4142135623730951)]
    [InlineData(Activation.LeakyRelu, 1.4141428569978354)]
    [InlineData(Activation.Selu, 0.75)]
    public void Gains_are_the_published_ones(Activation activation, double gain) => Gain.Of(activation).ShouldBe(gain, 1e-15);

    [Fact]
    public void A_preserving_gain_keeps_the_second_moment()
    {
        Gain.Preserving(Activation.Relu).ShouldBe(Math.Sqrt(2), 1e-5);
        Gain.Preserving(Activation.None).ShouldBe(1, 1e-12);
        // SELU is made so that N(0, 1) stays N(0, 1).
        Gain.Preserving(Activation.Selu).ShouldBe(1, 1e-5);
        Gain.Of(Activation.Gelu).ShouldBe(Gain.Preserving(Activation.Gelu));
        Should.Throw<ThalwegException>(() => Gain.Of("swish")).Message.ShouldContain("got 'swish'");
    }

    [Fact]
    public void Fans_follow_the_layout()
    {
        Fans.Of([20, 30]).ShouldBe(new Fans(20, 30));
        Fans.Of([3, 3, 8, 16]).ShouldBe(new Fans(72, 144));
        Fans.Of([16, 8, 3, 3], WeightLayout.OutputsFirst).ShouldBe(new Fans(72, 144));
        new Fans(20, 30).At(Fan.Average).ShouldBe(25);
        new Fans(20, 30).At(Fan.Out).ShouldBe(30);
    }

    [Theory]
    [InlineData(8, 5, true)]
    [InlineData(4, 9, true)]
    [InlineData(6, 6, false)]
    public void Orthogonal_rows_or_columns_have_the_length_of_the_gain(int inputs, int outputs, bool signFix)
    {
        Tensor w = Filled(Initializer.Orthogonal(1.5, signFix), [inputs, outputs]);
        double[] product = (inputs <= outputs ? Tensor.Einsum("ik,jk->ij", w, w) : Tensor.Einsum("ki,kj->ij", w, w)).ToArray<double>();
        int side = Math.Min(inputs, outputs);
        for (int i = 0; i < product.Length; i++)
            product[i].ShouldBe(i / side == i % side ? 2.25 : 0, 1e-13);
    }

    [Fact]
    public void The_sign_fix_makes_the_diagonal_symmetric_about_0()
    {
        RandomStream stream = new(5, RandomPurpose.Initialization);
        const int Draws = 2000;
        double fixedMean = 0, plainMean = 0;
        for (int i = 0; i < Draws; i++)
        {
            fixedMean += First(Initializer.Orthogonal(), ref stream) / Draws;
            plainMean += First(Initializer.Orthogonal(1, signFix: false), ref stream) / Draws;
        }

        // The first element of a Haar matrix of size 4 has mean 0 and variance 1/4.
        fixedMean.ShouldBe(0, 5 * Math.Sqrt(0.25 / Draws));
        Math.Abs(plainMean).ShouldBeGreaterThan(0.2);
    }

    [Fact]
    public void Sparse_weights_have_the_stated_numbers_of_zeros()
    {
        double[] counted = Filled(Initializer.Sparse(3), [10, 4])
            .ToArray<double>(), shared = Filled(Initializer.SparseFraction(0.55), [4, 10]).ToArray<double>();
        for (int unit = 0; unit < 4; unit++)
        {
            Enumerable.Range(0, 10).Count(i => counted[(i * 4) + unit] != 0).ShouldBe(3);
            shared.AsSpan(unit * 10, 10).ToArray().Count(v => v == 0).ShouldBe(6);
        }
    }

    [Fact]
    public void Identity_and_dirac_pass_their_inputs_through()
    {
        Filled(Initializer.Identity(2), [2, 3]).ToArray<double>().ShouldBe([2, 0, 0, 0, 2, 0]);
        Should.Throw<ThalwegException>(() => Filled(Initializer.Identity(), [3, 2, 2])).Message.ShouldContain("use dirac");
        Should.Throw<ThalwegException>(() => Filled(Initializer.Dirac(), [2, 2])).Message.ShouldContain("use identity");

        RandomStream stream = new(1, RandomPurpose.Initialization);
        Tensor grouped = Tensor.Zeros([4, 2, 2, 4], DType.Float64);
        Initializer.Dirac(2).Fill(grouped, WeightLayout.OutputsFirst, ref stream);
        double[] w = grouped.ToArray<double>();
        // Output o of [4, 2, 2, 4] takes input o % 2 at window place (1, 2): index ((o * 2 + o % 2) * 2 + 1) * 4 + 2.
        int[] expected = [.. Enumerable.Range(0, 4).Select(o => (((((o * 2) + (o % 2)) * 2) + 1) * 4) + 2)];
        Enumerable.Range(0, w.Length).Where(i => w[i] != 0).ShouldBe(expected);
        w.Sum().ShouldBe(4);
    }

    [Fact]
    public void The_law_is_the_same_in_both_layouts()
    {
        RandomStream first = new(3, RandomPurpose.Initialization), second = first;
        Tensor ours = Tensor.Zeros([3, 2, 4, 5], DType.Float64), theirs = Tensor.Zeros([5, 4, 3, 2], DType.Float64);
        Initializer.HeNormal().Fill(ours, ref first);
        Initializer.HeNormal().Fill(theirs, WeightLayout.OutputsFirst, ref second);
        double[] a = ours.ToArray<double>(), b = theirs.ToArray<double>();
        for (int tap = 0; tap < 6; tap++)
        {
            for (int i = 0; i < 4; i++)
            {
                for (int o = 0; o < 5; o++)
                    b[(((o * 4) + i) * 6) + tap].ShouldBe(a[(((tap * 4) + i) * 5) + o]);
            }
        }
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(-8, -7)]
    [InlineData(30, 31)]
    public void Truncation_far_out_stays_within_its_bounds_and_near_the_tail(double low, double high)
    {
        double[] w = Filled(Initializer.TruncatedNormal(1, 0, low, high), [100, 100]).ToArray<double>();
        w.ShouldAllBe(v => v >= low && v <= high);
        double near = low > 0 ? low : high;
        // Beyond z, the excess over z has mean 1/z, less a little.
        Math.Abs(w.Average() - near).ShouldBeInRange(0.8 / Math.Abs(near), 1 / Math.Abs(near));
    }

    private static double First(Initializer initializer, ref RandomStream stream)
    {
        Tensor weight = Tensor.Zeros([4, 4], DType.Float64);
        initializer.Fill(weight, ref stream);
        return weight.ToArray<double>()[0];
    }

    private static Tensor Filled(Initializer initializer, Shape shape)
    {
        RandomStream stream = new(2, RandomPurpose.Initialization);
        Tensor weight = Tensor.Zeros(shape, DType.Float64);
        initializer.Fill(weight, ref stream);
        return weight;
    }
}

/// <summary>An initializer as a user writes one.</summary>
public sealed record RampInitializer : Initializer
{
    public double Step { get; init; } = 1;

    public override void Fill(Tensor target, ref RandomStream stream) =>
        target.Assign(Tensor.From(Enumerable.Range(0, (int)target.Length).Select(i => (float)(i * Step)).ToArray(), target.Shape));
}
