using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class GeneratedDataTests
{
    [Theory]
    [InlineData("words", 2, 400)]
    [InlineData("characters", 13, 156)]
    [InlineData("recall", 4, 132)]
    public void Built_in_sequences_have_their_classes_and_do_not_depend_on_the_count(string name, int classes, int width)
    {
        DataSource few = DataSource.Open(name, new DataOptions { SampleCount = 300 }),
            many = DataSource.Open(name, new DataOptions { SampleCount = 600 });
        few.Describe().Classes.Count.ShouldBe(classes);
        StringWriter first = new(), second = new();
        few.WriteCsv(first, [3, 4]);
        many.WriteCsv(second, [3, 4]);
        second.ToString().ShouldBe(first.ToString());
        few.Split().Training.Data.FeatureWidth.ShouldBe(width);
    }

    [Fact]
    public void Imbalanced_points_have_few_of_the_third_class()
    {
        int[] counts = [.. DataSource.Open("imbalanced", new DataOptions { SampleCount = 5000 }).Describe().Classes
            .Select(entry => (int)entry.Rows)];
        counts.Sum().ShouldBe(5000);
        counts.Max().ShouldBeInRange(4350, 4650);
        counts.Min().ShouldBeInRange(60, 150);
    }

    [Fact]
    public void A_sequence_of_recall_begins_with_its_class_and_ends_with_the_cue()
    {
        Dataset data = GeneratedData.Recall(50, distance: 7, seed: 3);
        data.FeatureShape.ShouldBe([9, 6]);
        (float[] features, int[] labels) = Read(data);
        for (int i = 0; i < 50; i++)
        {
            float[] sample = features[(i * 54)..((i + 1) * 54)];
            Array.IndexOf(sample, 1f).ShouldBe(labels[i]);
            sample[..6].Sum().ShouldBe(1);
            sample[48..].ShouldBe([0, 0, 0, 0, 1, 0]);
            Enumerable.Range(1, 7).Sum(step => sample[(step * 6)..((step * 6) + 5)].Sum()).ShouldBe(0);
        }

        labels.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Documents_have_twenty_words_of_which_few_are_frequent()
    {
        Dataset data = GeneratedData.Words(400);
        (float[] features, int[] labels) = Read(data);
        double[] share = [.. Enumerable.Range(0, 400)
            .Select(word => Enumerable.Range(0, 400).Count(document => features[(document * 400) + word] > 0) / 400.0)];
        for (int i = 0; i < 400; i++)
            features[(i * 400)..((i + 1) * 400)].Sum().ShouldBe(20);
        share[0].ShouldBeGreaterThan(0.9);
        share.Order().ElementAt(200).ShouldBeLessThan(0.03);

        // The rare words of a class tell it: counted by parity they are right far more often than not.
        double right = Enumerable.Range(0, 400).Average(document =>
        {
            double odd = Enumerable.Range(20, 380).Sum(word => features[(document * 400) + word] * (word % 2 == 0 ? -1 : 1));
            return odd > 0 == (labels[document] == 1) ? 1.0 : 0;
        });
        right.ShouldBeGreaterThan(0.85);
    }

    [Fact]
    public void The_language_has_a_vowel_after_each_consonant()
    {
        Dataset data = GeneratedData.Characters(200, length: 10);
        (float[] features, int[] labels) = Read(data);
        int width = GeneratedData.Alphabet.Length;
        for (int i = 0; i < 200; i++)
        {
            string text = string.Concat(Enumerable.Range(0, 10)
                .Select(step => GeneratedData.Alphabet[Array.IndexOf(features, 1f, (((i * 10) + step) * width)) % width]))
                    + GeneratedData.Alphabet[labels[i]];
            for (int at = 0; at + 1 < text.Length; at++)
            {
                if ("klmnrst".Contains(text[at], StringComparison.Ordinal))
                    "aeiou".ShouldContain(text[at + 1]);
                else if (text[at] == ' ')
                    "klmnrst".ShouldContain(text[at + 1]);
            }

            text.Split(' ').ShouldAllBe(word => word.Length <= 6);
        }
    }

    [Fact]
    public void Sizes_out_of_range_are_refused()
    {
        Should.Throw<ThalwegException>(() => GeneratedData.Recall(0, 5)).Message.ShouldContain("got 0 and 5");
        Should.Throw<ThalwegException>(() => GeneratedData.Words(10, 3)).Message.ShouldContain("20 to 1000000 words");
        Should.Throw<ThalwegException>(() => GeneratedData.Characters(10, 0)).Message.ShouldContain("10 and 0");
        Should.Throw<ThalwegException>(() => GeneratedData.Words(1_000_000, 100_000)).Message.ShouldContain("ask for fewer");
    }

    private static (float[] Features, int[] Labels) Read(Dataset data)
    {
        int[] rows = [.. Enumerable.Range(0, data.Count)], labels = new int[data.Count];
        float[] features = new float[data.Count * data.FeatureWidth];
        data.Gather<float>(rows, features);
        data.GatherLabels(rows, labels);
        return (features, labels);
    }
}
