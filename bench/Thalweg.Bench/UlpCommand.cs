using System.CommandLine;
using System.Globalization;

namespace Thalweg.Bench;

/// <summary>`ulp`: the largest error of the element functions over every float, in units in the last place of the exact result.</summary>
/// <remarks>The reference is the same function in double, which the tests hold to a few units of its own last place, 2^-29
/// of a float's.</remarks>
internal static class UlpCommand
{
    private const int Chunk = 1 << 20;

    private static readonly (string Name, Func<Tensor, Tensor> Function)[] s_functions =
    [
        ("exp", x => x.Exp()), ("log", x => x.Log()), ("tanh", x => x.Tanh()), ("sigmoid", x => x.Sigmoid()), ("erf", x => x.Erf()),
        ("softplus", x => x.Softplus()), ("sin", x => x.Sin()), ("cos", x => x.Cos()), ("expm1", x => x.ExpMinusOne()),
        ("log1p", x => x.LogOnePlus()),
    ];

    public static Command Create()
    {
        Option<uint> stride = new("--stride") { Description = "Distance of the bit patterns.", DefaultValueFactory = _ => 1 };
        Option<string[]> names = new("--functions") { Description = "Names; all without.", AllowMultipleArgumentsPerToken = true };
        Command command = new(
            "ulp", "Largest error of the element functions over every float, in units in the last place.") { stride, names };
        command.SetAction(parse => Run(Math.Max(1, parse.GetValue(stride)), parse.GetValue(names) ?? []));
        return command;
    }

    private static int Run(uint stride, string[] names)
    {
        Console.WriteLine($"{"function",-12}{"ulp",8}  at");
        foreach ((string name, Func<Tensor, Tensor> function) in s_functions
            .Where(known => names.Length == 0 || names.Contains(known.Name)))
        {
            (double error, float at) = Worst(function, stride);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12}{error,8:F3}  {at:R}"));
        }

        return 0;
    }

    private static (double Error, float At) Worst(Func<Tensor, Tensor> function, uint stride)
    {
        (double Error, float At) worst = (0, 0);
        Tensor x = Tensor.Zeros([Chunk], DType.Float32);
        for (ulong bits = 0; bits <= uint.MaxValue;)
        {
            using StepScope scope = StepScope.Begin();
            Span<float> numbers = x.AsSpan<float>();
            for (int i = 0; i < Chunk; i++, bits += stride)
                numbers[i] = BitConverter.UInt32BitsToSingle((uint)bits);
            ReadOnlySpan<float> found = function(x).AsSpan<float>();
            ReadOnlySpan<double> exact = function(x.To(DType.Float64)).AsSpan<double>();
            for (int i = 0; i < Chunk; i++)
            {
                double error = Error(found[i], exact[i]);
                if (error > worst.Error)
                    worst = (error, numbers[i]);
            }
        }

        return worst;
    }

    /// <summary>The error in units in the last place of the exact result as a float; 0 for the float nearest to it.</summary>
    private static double Error(float found, double exact)
    {
        if (found == (float)exact || (float.IsNaN(found) && double.IsNaN(exact)))
            return 0;
        int exponent = Math.Max(Math.ILogB(exact), -126);
        return Math.Abs(found - exact) / Math.ScaleB(1, exponent - 23);
    }
}
