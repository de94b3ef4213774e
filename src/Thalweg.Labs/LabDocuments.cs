using Thalweg.Data;

namespace Thalweg.Labs;

/// <summary>Documents as bags of words, most of them rare, of two classes.</summary>
internal static class LabDocuments
{
    /// <summary>Draws documents.</summary>
    /// <remarks>Word i of the vocabulary is drawn with a chance in proportion to 1/(i + 1), as Zipf's law has it, and has a weight of its
    /// own for the
    /// class, which is drawn from the logistic function of the sum of weights.</remarks>
    /// <param name="count">Documents, 1 or more.</param>
    /// <param name="vocabulary">Words, 2 or more.</param>
    /// <param name="length">Words of a document.</param>
    /// <param name="seed">Names the weights of the words and the documents.</param>
    /// <param name="part">Another part has other documents and the same weights.</param>
    public static Dataset Draw(int count, int vocabulary, int length, ulong seed, ulong part = 1)
    {
        RandomStream words = new(seed, RandomPurpose.Data), random = new(seed, RandomPurpose.Data, part);
        double[] weights = new double[vocabulary], chances = new double[vocabulary];
        double sum = 0;
        for (int i = 0; i < vocabulary; i++)
        {
            weights[i] = 2 * words.NextNormal();
            sum += 1.0 / (i + 1);
            chances[i] = sum;
        }

        float[] features = new float[count * vocabulary];
        int[] labels = new int[count];
        for (int document = 0; document < count; document++)
        {
            double score = 0;
            for (int i = 0; i < length; i++)
            {
                int word = Array.BinarySearch(chances, random.NextDouble() * sum);
                word = Math.Min(word < 0 ? ~word : word, vocabulary - 1);
                features[(document * vocabulary) + word] = 1;
            }

            for (int word = 0; word < vocabulary; word++)
                score += features[(document * vocabulary) + word] * weights[word];
            labels[document] = random.NextDouble() < 1 / (1 + Math.Exp(-score)) ? 1 : 0;
        }

        return Dataset.ForClassification(features, [vocabulary], labels, ["no", "yes"]);
    }
}
