namespace Thalweg;

/// <summary>Compares derivatives with central differences, in double.</summary>
/// <remarks>Modules draw the same random numbers at each call of the function: those of the step of the <see cref="ForwardContext"/>, or of
/// step 0 where there is none.</remarks>
public static class GradientCheck
{
    /// <summary>Largest deviation of the first derivatives of sum(f(x) * w), with fixed uneven weights w.</summary>
    /// <param name="function">Function of the inputs; called many times.</param>
    /// <param name="inputs">Float64 tensors at a place where the function is smooth.</param>
    /// <param name="step">Half width of the difference, relative to max(1, |x|).</param>
    /// <returns>max |analytic - numeric| / max(1, |analytic|, |numeric|).</returns>
    /// <exception cref="ThalwegException">An input is not Float64.</exception>
    public static double FirstOrder(Func<Tensor[], Tensor> function, Tensor[] inputs, double step = 1e-5) =>
        Worst(xs => Weigh(OfStep(function, xs)), inputs, step);

    /// <summary>Largest deviation of the second derivatives: the same check on the gradient itself, by its recorded form.</summary>
    /// <param name="function">Function of the inputs; called many times.</param>
    /// <param name="inputs">Float64 tensors at a place where the function is twice smooth.</param>
    /// <param name="step">Half width of the difference, relative to max(1, |x|).</param>
    /// <returns>max |analytic - numeric| / max(1, |analytic|, |numeric|).</returns>
    public static double SecondOrder(Func<Tensor[], Tensor> function, Tensor[] inputs, double step = 1e-5) =>
        Worst(
            xs =>
            {
                Tensor total = Tensor.Scalar(0, DType.Float64);
                foreach (Tensor gradient in Gradients.OfWithGraph(Weigh(OfStep(function, xs)), xs))
                    total = total.Add(Weigh(gradient));

                return total;
            },
            inputs,
            step);

    /// <summary>Largest deviation of the fused first derivatives from the composed ones.</summary>
    /// <param name="function">Function of the inputs.</param>
    /// <param name="inputs">Float64 or Float32 tensors.</param>
    /// <returns>max |fused - composed| / max(1, |composed|).</returns>
    public static double FusedAgainstComposed(Func<Tensor[], Tensor> function, Tensor[] inputs)
    {
        Tensor[] xs = Leaves(inputs);
        Tensor[] fused = Gradients.Of(Weigh(OfStep(function, xs)), xs);
        Tensor[] composed = Gradients.OfWithGraph(Weigh(OfStep(function, xs)), xs);
        double worst = 0;
        for (int i = 0; i < xs.Length; i++)
        {
            Tensor a = fused[i].AsContiguous(), b = composed[i].AsContiguous();
            for (long k = 0; k < a.Length; k++)
                worst = Math.Max(worst, Deviation(a.Read(k), b.Read(k)));
        }

        return worst;
    }

    private static double Worst(Func<Tensor[], Tensor> scalar, Tensor[] inputs, double step)
    {
        Tensor[] xs = Leaves(inputs);
        Tensor[] analytic = Gradients.Of(scalar(xs), xs);
        double worst = 0;
        for (int i = 0; i < xs.Length; i++)
        {
            if (xs[i].DType != DType.Float64)
                Throw.WrongType("gradient check", DType.Float64, xs[i].DType);

            Tensor gradient = analytic[i].AsContiguous();
            for (long k = 0; k < xs[i].Length; k++)
            {
                double x = xs[i].Read(k), h = step * Math.Max(1, Math.Abs(x));
                xs[i].Write(k, x + h);
                double high = scalar(xs).Item();
                xs[i].Write(k, x - h);
                double low = scalar(xs).Item();
                xs[i].Write(k, x);
                worst = Math.Max(worst, Deviation(gradient.Read(k), (high - low) / (2 * h)));
            }
        }

        return worst;
    }

    private static Tensor OfStep(Func<Tensor[], Tensor> function, Tensor[] xs)
    {
        using ForwardScope context = ForwardContext.Begin(new ForwardOptions { Step = ForwardContext.Step ?? 0 });
        return function(xs);
    }

    private static double Deviation(double a, double b) =>
        double.IsNaN(a) || double.IsNaN(b) ? double.PositiveInfinity : Math.Abs(a - b) / Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));

    private static Tensor[] Leaves(Tensor[] inputs)
    {
        Tensor[] xs = new Tensor[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            xs[i] = inputs[i].Clone();
            xs[i].RequiresGrad = true;
        }

        return xs;
    }

    /// <summary>sum(y * w): uneven weights, so that no error cancels by symmetry.</summary>
    private static Tensor Weigh(Tensor y)
    {
        Tensor weights = Tensor.Zeros(y.Shape, y.DType);
        for (long i = 0; i < y.Length; i++)
            weights.Write(i, Math.Cos(1 + (1.7 * i)) + 0.3);

        return y.Multiply(weights).Sum();
    }
}
