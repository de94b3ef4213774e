using Thalweg.Minimizers;

namespace Thalweg.Samples;

internal static class Newton
{
    public static void Run(TextWriter output)
    {
        // Rosenbrock's function of 10 variables: a curved valley, whose lowest point is (1, ..., 1).
        static Tensor Valley(Tensor x)
        {
            Tensor first = x.Slice(0, 0, 9), next = x.Slice(0, 1, 9);
            return (100 * (next - first.Square()).Square() + (1 - first).Square()).Sum();
        }

        Tensor start = Tensor.Full([10], -1, DType.Float64);
        start.RequiresGrad = true;
        Tensor direction = Tensor.Ones([10], DType.Float64);
        Tensor product = Gradients.HessianVector(Valley(start), [start], [direction])[0];
        output.WriteLine($"curvature along (1, ..., 1): {(direction * product).Sum().Item():g6}");

        MinimizerResult result = new NewtonCg().Minimize(ObjectiveFunction.Of(Valley), start.ToArray<double>());
        output.WriteLine($"{result.Status} after {result.FunctionEvaluations} evaluations and {result.HessianProducts} Hessian products");
        output.WriteLine($"value {result.Value:g3}, x[0] = {result.Point[0]:f6}");
    }
}
