using MathNet.Numerics.LinearAlgebra;
using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

public sealed class RecurrentInstrumentTests
{
    [Theory]
    [InlineData("recurrent")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void The_gradient_over_time_is_that_of_the_input_part(string network)
    {
        double[] norms = [];
        InstrumentPanel panel = Runs.Panel(
            new Probe(pass: (_, pass) =>
            {
                RecordedOp op = pass.Recording.Ops.Single(op => op.Kind == OpKind.Recurrent);
                Tensor gradient = op.InputGradient(0)!;
                norms = [.. Enumerable.Range(0, 5).Select(back => Plain.Norm(Plain.Values(gradient.Slice(0, 4 - back, 1))))];
            }),
            new GradientOverTime());
        Runs.New(network, Runs.Options(1) with { MaxSteps = 1 }, DType.Float64, panel).Fit();
        InstrumentReading reading = panel.Readings.Single();
        reading.Layer.ShouldNotBeEmpty();
        for (int back = 0; back < 5; back++)
            Plain.Near(reading.Series![back], norms[back]);
        Plain.Near(reading.Value, Math.Pow(norms[4] / norms[0], 0.25));
    }

    [Theory]
    [InlineData("recurrent")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void The_spectrum_is_that_of_finite_differences_of_one_step(string network)
    {
        Matrix<double>? jacobian = null;
        InstrumentPanel panel = Runs.Panel(new Probe(pass: (_, pass) => jacobian = Differences(pass)), new RecurrentSpectrum());
        Runs.New(network, Runs.Options(1) with { MaxSteps = 1 }, DType.Float64, panel).Fit();
        InstrumentReading reading = panel.Readings.Single(reading => reading.Quantity == "spectral_radius");
        double[] sizes = [.. jacobian!.Evd(Symmetricity.Asymmetric).EigenValues.Select(value => value.Magnitude).OrderDescending()];
        reading.Series!.Count.ShouldBe(sizes.Length);
        reading.Value.ShouldBe(sizes[0], 1e-6);
        for (int i = 0; i < sizes.Length; i++)
            reading.Series[i].ShouldBe(sizes[i], 1e-5);
        panel.Readings.Single(each => each.Quantity == "largest_singular").Value.ShouldBe(jacobian.L2Norm(), 1e-6);
    }

    /// <summary>Central differences of the state after a step by the state before it.</summary>
    private static Matrix<double> Differences(NetworkPass pass)
    {
        RecordedOp op = pass.Recording.Ops.Single(op => op.Kind == OpKind.Recurrent);
        RecurrentScanOptions options = new(op.Attribute("cell", RecurrentCell.Tanh));
        int units = op.InputShape(2)[0], n = options.States * units, time = op.InputShape(0)[0];
        Tensor input = op.Input(0).Detach().Mean(0, 1).Reshape([1, 1, op.InputShape(0)[2]]);
        double[] state = [.. Plain.Values(op.Inner(InnerValue.PreviousStates).Mean(0, 1)), .. options.States == 2
            ? Plain.Values(op.Output.Detach().Slice(0, time, 1).Mean(0, 1))
            : []];
        const double H = 1e-5;
        return Matrix<double>.Build.DenseOfColumnArrays(Enumerable.Range(0, n).Select(i =>
            After(i, H).Zip(After(i, -H), (plus, minus) => (plus - minus) / (2 * H)).ToArray()));

        double[] After(int moved, double by)
        {
            double[] at = [.. state];
            at[moved] += by;
            Tensor? bias = op.InputCount > 3 ? op.Input(3).Detach() : null;
            return Plain.Values(input.RecurrentScan(Tensor.From(at, [options.States, 1, units]), op.Input(2).Detach(), bias, options));
        }
    }
}
