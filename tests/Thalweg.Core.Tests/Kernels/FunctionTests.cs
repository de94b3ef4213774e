using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Every element function: its definition, at special values too, and the same bits at every vector width.</summary>
public sealed unsafe class FunctionTests
{
    public static TheoryData<string> Names => [.. FunctionTable.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_follows_its_definition_in_float(string name) => Check<float>(FunctionTable.Named(name), slack: 0.01);

    // The references themselves err by up to 1 ulp of double or, composed of several, a little more.
    [Theory]
    [MemberData(nameof(Names))]
    public void Function_follows_its_definition_in_double(string name) => Check<double>(FunctionTable.Named(name), slack: 2);

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_has_the_same_bits_at_every_width(string name)
    {
        CompareWidths<float>(FunctionTable.Named(name));
        CompareWidths<double>(FunctionTable.Named(name));
    }

    /// <summary>Every special value with every other for two operands, then ordinary numbers.</summary>
    private static (T A, T B, T C)[] Operands<T>(int inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] special = Samples.Special<T>();
        T[] ordinary = new T[6000];
        Samples.Fill<T>(ordinary, 11);
        IEnumerable<(T, T, T)> pairs = inputs == 1
            ? special.Select(a => (a, a, a))
            : special.SelectMany((a, i) => special.Select((b, j) => (a, b, special[(i + (3 * j)) % special.Length])));
        return [.. pairs, .. ordinary.Chunk(3).Select(chunk => (chunk[0], chunk[1], chunk[2]))];
    }

    private static T[] Run<T>(FunctionCase row, (T A, T B, T C)[] operands, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = operands.Length;
        using Guarded<T> a = new(n, 1), b = new(n, 2), c = new(n, 3), y = new(n, 1);
        for (int i = 0; i < n; i++)
            (a.Span[i], b.Span[i], c.Span[i]) = operands[i];
        row.Run(width, a.Pointer, b.Pointer, c.Pointer, y.Pointer, n);
        y.IsIntact.ShouldBeTrue();
        return y.Span.ToArray();
    }

    private static void Check<T>(FunctionCase row, double slack)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T A, T B, T C)[] operands = Operands<T>(row.Inputs);
        T[] y = Run(row, operands, VectorWidths.Best);
        for (int i = 0; i < y.Length; i++)
        {
            (double a, double b, double c) = (Oracle.Wide(operands[i].A), Oracle.Wide(operands[i].B), Oracle.Wide(operands[i].C));
            double expected = row.Expected(a, b, c), actual = Oracle.Wide(y[i]);
            double allowed = row.Ulps == 0 ? 0 : (row.Ulps + slack) * Oracle.Ulp<T>(Math.Max(Math.Abs(expected), Math.Abs(row.Scale(a))));
            // Where the result overflows, a computed one just below the limit is as good.
            bool overflow = T.IsInfinity(T.CreateTruncating(expected)) && Math.Abs(actual) >= Oracle.Largest<T>() / 1.00001;
            bool right = double.IsNaN(expected)
                ? double.IsNaN(actual)
                : Samples.Bits(T.CreateTruncating(expected)) == Samples.Bits(y[i]) || Math.Abs(actual - expected) <= allowed || overflow;
            if (!right)
                Assert.Fail($"{row.Name} of {a:R}, {b:R}, {c:R}: expected {expected:R}, got {actual:R}, allowed {allowed:R}");
        }
    }

    private static void CompareWidths<T>(FunctionCase row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T A, T B, T C)[] operands = Operands<T>(row.Inputs);
        T[] expected = Run(row, operands, VectorWidth.Scalar);
        foreach (VectorWidth width in Samples.Widths)
            Samples.ShouldHaveBitsOf<T>(Run(row, operands, width), expected, $"{row.Name} at {width}");
    }
}
