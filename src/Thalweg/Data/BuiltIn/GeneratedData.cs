namespace Thalweg.Data;

/// <summary>Data sets of vectors and sequences that the project draws itself, with sizes of the caller's choice.</summary>
/// <remarks>Sample i depends on the seed and on i alone: more samples never change the earlier ones. Features are 0, 1 or small counts, and
/// are not standardized: what is sparse stays so.</remarks>
public static class GeneratedData
{
    /// <summary>Symbols that a sequence of <see cref="Recall"/> may begin with.</summary>
    public const int RecallSymbols = 4;

    /// <summary>Characters of the language of <see cref="Characters"/>.</summary>
    public const string Alphabet = "aeiouklmnrst ";

    private const int Cue = RecallSymbols, Noise = RecallSymbols + 1, RecallWidth = RecallSymbols + 2, NoiseSymbols = 2;
    private const int WordsOfDocument = 20;

    /// <summary>Sequences whose first symbol must be told at their end: a symbol, noise over a distance, and a cue.</summary>
    /// <param name="count">Samples, 1 or more.</param>
    /// <param name="distance">Time steps between the symbol and the cue, 1 or more.</param>
    /// <param name="seed">Seed; default 1.</param>
    /// <returns>Samples `[distance + 2, 6]`: one of the first four columns is 1 in the first step, the fifth in the last, and the last
    /// column
    /// is a coin in between. The class is the symbol.</returns>
    /// <exception cref="ThalwegException">A number is out of range.</exception>
    public static Dataset Recall(int count, int distance, ulong seed = 1)
    {
        Demand(count >= 1 && distance is >= 1 and <= 100_000, "1 or more samples and a distance from 1 to 100000",
            $"{count} and {distance}");
        return Make(count, [distance + 2, RecallWidth], seed, DrawRecall,
            [.. Enumerable.Range(0, RecallSymbols).Select(symbol => $"symbol {symbol}")]);
    }

    /// <summary>Documents as counts of words: few words are frequent, most are rare, and it is the rare ones that tell the class.</summary>
    /// <param name="count">Samples, 1 or more.</param>
    /// <param name="words">Words of the vocabulary, 20 or more; default 400. Word k has a frequency of about 1 / (k + 1).</param>
    /// <param name="seed">Seed; default 1.</param>
    /// <returns>Samples `[words]` of 20 words each; two classes.</returns>
    /// <exception cref="ThalwegException">A number is out of range.</exception>
    public static Dataset Words(int count, int words = 400, ulong seed = 1)
    {
        Demand(count >= 1 && words is >= 20 and <= 1_000_000, "1 or more samples and 20 to 1000000 words", $"{count} and {words}");
        double[] frequencies = Frequencies(words);
        return Make(count, [words], seed, (features, ref random) => DrawWords(features, frequencies, ref random), ["even", "odd"]);
    }

    /// <summary>Texts of a small language, with the character that comes next: words of one to three syllables, a consonant and a vowel
    /// each,
    /// in which the vowel depends on the consonant.</summary>
    /// <param name="count">Samples, 1 or more.</param>
    /// <param name="length">Characters of a text, 1 or more; default 12.</param>
    /// <param name="seed">Seed; default 1.</param>
    /// <returns>Samples `[length, 13]`: in each step the column of a character of <see cref="Alphabet"/> is 1. The class is the character
    /// after the last.</returns>
    /// <exception cref="ThalwegException">A number is out of range.</exception>
    public static Dataset Characters(int count, int length = 12, ulong seed = 1)
    {
        Demand(count >= 1 && length is >= 1 and <= 100_000, "1 or more samples and a length from 1 to 100000", $"{count} and {length}");
        return Make(count, [length, Alphabet.Length], seed, DrawCharacters,
            [.. Alphabet.Select(letter => letter == ' ' ? "space" : letter.ToString())]);
    }

    /// <summary>Draws one sample.</summary>
    /// <param name="features">Its features, all 0.</param>
    /// <param name="random">Random numbers of the sample.</param>
    /// <returns>Its class.</returns>
    internal delegate int Sampler(Span<byte> features, ref RandomStream random);

    /// <summary>Draws samples one after the other: features `[count, width]`, and the class of each.</summary>
    internal static (byte[] Features, int[] Labels) Draw(int count, int width, ulong seed, Sampler sampler)
    {
        byte[] features = new byte[(long)count * width];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            RandomStream random = new(seed, RandomPurpose.Data, (ulong)i);
            labels[i] = sampler(features.AsSpan(i * width, width), ref random);
        }

        return (features, labels);
    }

    /// <summary>A symbol, noise, a cue: `[steps, 6]`.</summary>
    internal static int DrawRecall(Span<byte> features, ref RandomStream random)
    {
        int steps = features.Length / RecallWidth, symbol = random.NextInt32(RecallSymbols);
        features[symbol] = 1;
        for (int step = 1; step < steps - 1; step++)
            features[(step * RecallWidth) + Noise] = (byte)random.NextInt32(NoiseSymbols);
        features[((steps - 1) * RecallWidth) + Cue] = 1;
        return symbol;
    }

    /// <summary>Words by their frequency; a rare one is drawn again until its parity is that of the class, three times out of
    /// four.</summary>
    internal static int DrawWords(Span<byte> features, double[] frequencies, ref RandomStream random)
    {
        int label = random.NextInt32(2), common = features.Length / 20;
        for (int drawn = 0; drawn < WordsOfDocument; drawn++)
        {
            int word = WordAt(frequencies, random.NextDouble());
            if (word >= common && random.NextDouble() < 0.75)
                word = Math.Min(word - (word % 2) + label, features.Length - 1);
            features[word]++;
        }

        return label;
    }

    /// <summary>Sums of the frequencies 1 / (k + 1), up to 1.</summary>
    internal static double[] Frequencies(int words)
    {
        double[] sums = new double[words];
        double sum = 0;
        for (int k = 0; k < words; k++)
            sums[k] = sum += 1.0 / (k + 1);
        for (int k = 0; k < words; k++)
            sums[k] /= sum;
        return sums;
    }

    /// <summary>A text of one-hot characters: `[length, 13]`; it begins somewhere in a word.</summary>
    internal static int DrawCharacters(Span<byte> features, ref RandomStream random)
    {
        const int Vowels = 5;
        int width = Alphabet.Length, space = width - 1, length = features.Length / width;
        int left = 1 + random.NextInt32(3), previous = space;
        for (int at = -random.NextInt32(6); ; at++)
        {
            // After a consonant its vowel, one of two; after a vowel the next syllable, or a space.
            int next = previous is >= Vowels and not 12 ? VowelAfter(previous, ref random)
                : left > 0 ? Vowels + random.NextInt32(space - Vowels) : space;
            left = next == space ? 1 + random.NextInt32(3) : next >= Vowels ? left - 1 : left;
            previous = next;
            if (at == length)
                return next;
            if (at >= 0)
                features[(at * width) + next] = 1;
        }
    }

    private static int VowelAfter(int consonant, ref RandomStream random) => (consonant + (random.NextDouble() < 0.8 ? 0 : 2)) % 5;

    /// <summary>The first word whose sum of frequencies is above a number.</summary>
    private static int WordAt(double[] sums, double number)
    {
        int at = Array.BinarySearch(sums, number);
        return Math.Min(at < 0 ? ~at : at + 1, sums.Length - 1);
    }

    private static Dataset Make(int count, int[] shape, ulong seed, Sampler sampler, IReadOnlyList<string> classes)
    {
        int width = shape.Aggregate(1, (product, size) => product * size);
        if ((long)count * width > Array.MaxLength)
            throw new ThalwegException($"[data] expected at most {Array.MaxLength} numbers, got {count} samples of {width}; ask for fewer");
        (byte[] features, int[] labels) = Draw(count, width, seed, sampler);
        return Dataset.ForClassification(Array.ConvertAll(features, value => (float)value), shape, labels, classes);
    }

    private static void Demand(bool holds, string expected, string found)
    {
        if (!holds)
            throw new ThalwegException($"[data] expected {expected}, got {found}; change them");
    }
}
