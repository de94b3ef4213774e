namespace Thalweg;

/// <content>Sums of products by index letters.</content>
public sealed partial class Tensor
{
    /// <summary>Einstein summation: products of tensors, summed over every index letter that the result does not have.</summary>
    /// <param name="equation">
    /// Letters of the axes of each tensor, then of the result: <c>bij,bjk->bik</c>. A letter twice in one tensor takes its diagonal.
    /// Without <c>-></c> the result has the letters that occur once, in alphabetical order. <c>...</c> stands for any further axes, as in
    /// <c>...ij,jk->...ik</c>; those of several tensors are matched from the last one.
    /// </param>
    /// <param name="tensors">One tensor for each part, of one floating-point element type; equal letters have equal sizes.</param>
    /// <returns>A tensor with the result's axes, <c>[b, i, k]</c> in the example; contractions run from left to right as
    /// batched matrix products.</returns>
    /// <remarks>Source of the convention: Einstein, "Die Grundlage der allgemeinen Relativitätstheorie", Annalen der Physik 49, 1916; the
    /// notation is that of NumPy.</remarks>
    /// <exception cref="ThalwegException">The equation does not fit the tensors.</exception>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(equation);
        (string[] inputs, string output) = EinsumEquation.Parse(equation, tensors);
        Labeled total = Diagonals(new Labeled(tensors[0], inputs[0]));
        for (int i = 1; i < tensors.Length; i++)
        {
            string needed = output + string.Concat(inputs[(i + 1)..]);
            total = Contract(total, Diagonals(new Labeled(tensors[i], inputs[i])), needed);
        }

        total = SummedTo(total, output);
        return total.Value.Permute([.. output.Select(letter => total.Letters.IndexOf(letter))]);
    }

    /// <summary>Takes the diagonal of each pair of axes with one letter.</summary>
    private static Labeled Diagonals(Labeled x)
    {
        for (int i = 0; i < x.Letters.Length; i++)
        {
            int second = x.Letters.IndexOf(x.Letters[i], i + 1), first = i;
            if (second < 0)
                continue;

            int size = x.Value.Shape[i];
            int[] rest = [.. Enumerable.Range(0, x.Letters.Length).Where(a => a != first && a != second)];
            Shape remaining = [size, .. rest.Select(a => x.Value.Shape[a])];
            Tensor rows = x.Value.Permute([first, second, .. rest]).Reshape([size * size, .. rest.Select(a => x.Value.Shape[a])]);
            Tensor places = Vector<int>([.. Enumerable.Range(0, size).Select(k => k * (size + 1))]);
            return Diagonals(
                new Labeled(rows.GatherRows(places).Reshape(remaining), x.Letters[i] + string.Concat(rest.Select(a => x.Letters[a]))));
        }

        return x;
    }

    /// <summary>The product of two tensors, summed over letters that are not needed any more.</summary>
    private static Labeled Contract(Labeled a, Labeled b, string needed)
    {
        a = SummedTo(a, needed + b.Letters);
        b = SummedTo(b, needed + a.Letters);
        string shared = string.Concat(a.Letters.Where(c => b.Letters.Contains(c)));
        string batch = string.Concat(shared.Where(c => needed.Contains(c))), inner = string.Concat(shared.Where(c => !needed.Contains(c)));
        string left = string.Concat(a.Letters.Where(c => !shared.Contains(c))),
            right = string.Concat(b.Letters.Where(c => !shared.Contains(c)));
        int count = a.SizeOf(batch), m = a.SizeOf(left), k = a.SizeOf(inner), n = b.SizeOf(right);
        Tensor product = a.Ordered(batch + left + inner).Reshape([count, m, k])
            .MatMul(b.Ordered(batch + inner + right).Reshape([count, k, n]));
        int[] sizes = [.. (batch + left).Select(a.SizeOf), .. right.Select(b.SizeOf)];
        return new Labeled(product.Reshape(new Shape(sizes)), batch + left + right);
    }

    private static Labeled SummedTo(Labeled x, string kept)
    {
        int[] gone = [.. Enumerable.Range(0, x.Letters.Length).Where(i => !kept.Contains(x.Letters[i]))];
        return gone.Length == 0 ? x : new Labeled(x.Value.Sum(gone), string.Concat(x.Letters.Where(c => kept.Contains(c))));
    }

    /// <summary>A tensor with a letter for each axis.</summary>
    private readonly record struct Labeled(Tensor Value, string Letters)
    {
        public int SizeOf(char letter) => Value.Shape[Letters.IndexOf(letter)];

        public int SizeOf(string letters)
        {
            int size = 1;
            foreach (char letter in letters)
                size = checked(size * SizeOf(letter));

            return size;
        }

        public Tensor Ordered(string letters)
        {
            string own = Letters;
            return letters == own ? Value : Value.Permute([.. letters.Select(c => own.IndexOf(c))]);
        }
    }
}

/// <summary>Reads and checks the equation of <see cref="Tensor.Einsum"/>.</summary>
internal static class EinsumEquation
{
    private const string Ellipsis = "...";

    public static (string[] Inputs, string Output) Parse(string equation, ReadOnlySpan<Tensor> tensors)
    {
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] inputs = sides[0].Split(',');
        string others = inputs.Length == tensors.Length ? Spell(equation, inputs, tensors) : "";
        sides[^1] = sides.Length > 1 ? sides[^1].Replace(Ellipsis, others, StringComparison.Ordinal) : string.Join(',', inputs);
        string all = string.Concat(inputs);
        if (sides.Length > 2 || tensors.IsEmpty || inputs.Length != tensors.Length ||
            !(all + sides[^1].Replace(",", "", StringComparison.Ordinal)).All(char.IsAsciiLetter))
        {
            throw Wrong(equation, $"one part of letters for each of {tensors.Length} tensors, as in 'ij,jk->ik'");
        }

        string output = sides.Length == 2 ? sides[1] : others + string.Concat(
            all.Where(c => all.IndexOf(c) == all.LastIndexOf(c) && !others.Contains(c)).Order());
        if (output.Any(c => !all.Contains(c)) || output.Distinct().Count() != output.Length)
            throw Wrong(equation, "each letter of the result once, and among those of the tensors");

        CheckSizes(equation, inputs, tensors);
        return (inputs, output);
    }

    /// <summary>Refuses tensors that do not fit their letters.</summary>
    private static void CheckSizes(string equation, string[] inputs, ReadOnlySpan<Tensor> tensors)
    {
        Dictionary<char, int> sizes = [];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Length != tensors[i].Rank)
                throw Wrong(equation, $"{tensors[i].Rank} letters for tensor {i} of shape {tensors[i].Shape}");

            if (!tensors[i].DType.IsFloat())
                Throw.NeedsFloat("einsum", tensors[i].DType);

            for (int axis = 0; axis < inputs[i].Length; axis++)
            {
                int size = tensors[i].Shape[axis];
                if (!sizes.TryAdd(inputs[i][axis], size) && sizes[inputs[i][axis]] != size)
                    throw Wrong(equation, $"one size for letter {inputs[i][axis]}, which has {sizes[inputs[i][axis]]} and {size}");
            }
        }
    }

    /// <summary>Writes letters of their own in place of the dots of each part; returns those of the part with the most axes.</summary>
    private static string Spell(string equation, string[] inputs, ReadOnlySpan<Tensor> tensors)
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        string free = string.Concat(Letters.Where(c => !equation.Contains(c))), longest = "";
        for (int i = 0; i < inputs.Length; i++)
        {
            int at = inputs[i].IndexOf(Ellipsis, StringComparison.Ordinal), count = tensors[i].Rank - (inputs[i].Length - Ellipsis.Length);
            if (at < 0)
                continue;

            if (count < 0 || count > free.Length)
                throw Wrong(equation, $"at most {tensors[i].Rank} letters besides ... for tensor {i} of shape {tensors[i].Shape}");

            string others = free[^count..];
            inputs[i] = $"{inputs[i][..at]}{others}{inputs[i][(at + Ellipsis.Length)..]}";
            longest = others.Length > longest.Length ? others : longest;
        }

        return longest;
    }

    private static ThalwegException Wrong(string equation, string expected) => new($"[einsum] expected {expected}, got '{equation}'");
}
