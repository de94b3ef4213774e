using System.CommandLine;
using System.Globalization;
using Thalweg.Data;

namespace Thalweg.Faults;

/// <summary>`mutants`: which mutants hurt, and what the doctor says of those that do.</summary>
internal static class MutantsCommand
{
    private const string Head = "mutant,original,mutated,p,effect,hurts\n";
    private static readonly Lock s_lock = new();

    public static Command Create()
    {
        Argument<string> table = new("table") { Description = "The table of mutants, mutants.csv." };
        Option<bool> compute = new("--compute") { Description = "Trains originals and mutants, and adds those that the table does not have." };
        Option<int> trainings = new("--trainings") { Description = "Trainings of each.", DefaultValueFactory = _ => 10 };
        Option<string> half = CommonOptions.HalfName();
        Option<string?> only = CommonOptions.Only();
        Option<string?> output = new("--out") { Description = "Folder for mutants.tsv, the reports." };
        Option<int> workers = CommonOptions.Workers();
        Command command = new("mutants", "Computes which mutants hurt, or scores the doctor on those that do.")
        {
            table, compute, trainings, half, only, output, workers,
        };
        command.SetAction(result =>
        {
            string? names = result.GetValue(only);
            Mutant[] mutants = [.. MutationOperators.All().Where(mutant => CommonOptions.Matches(mutant.Name, names))];
            string path = result.GetRequiredValue(table);
            if (result.GetValue(compute))
            {
                Compute(path, mutants, result.GetValue(trainings), result.GetValue(workers));
            }
            else
            {
                string name = result.GetRequiredValue(half);
                Mutant[] used = [.. mutants.Where(mutant => CommonOptions.IsIn(name, mutant.Problem.Half))];
                Score(path, used, result.GetValue(output), result.GetValue(workers));
            }

            return 0;
        });
        return command;
    }

    private static void Compute(string path, Mutant[] mutants, int trainings, int workers)
    {
        if (!File.Exists(path))
            File.WriteAllText(path, Head);
        HashSet<string> done = [.. File.ReadLines(path).Select(line => line.Split(',')[0])];
        Mutant[] open = [.. mutants.Where(mutant => !done.Contains(mutant.Name))];
        (string Problem, string Recipe)[] originals = [.. open.Select(KeyOf).Distinct()];
        ILookup<(string Problem, string Recipe), Mutant> byOriginal = open.ToLookup(KeyOf);
        _ = CommonOptions.ForAll(originals, workers, key =>
        {
            double[] original = Figures(byOriginal[key].First().Original, byOriginal[key].First().Original, trainings);
            return byOriginal[key].Select(mutant =>
            {
                MutantStudy study = MutantStudy.Of(mutant.Name, original, Figures(mutant.Original, mutant.Mutated, trainings));
                lock (s_lock)
                    File.AppendAllText(path, Row(study) + "\n");
                return study;
            }).ToArray();
        });
        Sort(path, mutants);
        Console.WriteLine($"{mutants.Length} mutants, {File.ReadLines(path).Count(line => line.EndsWith(",yes", StringComparison.Ordinal))} hurt");
    }

    /// <summary>Puts the rows in the order of the mutants, whatever order they were computed in.</summary>
    private static void Sort(string path, Mutant[] mutants)
    {
        Dictionary<string, int> order = mutants.Select((mutant, i) => (mutant.Name, i)).ToDictionary();
        string[] lines = File.ReadAllLines(path);
        IEnumerable<string> sorted = lines.Skip(1).OrderBy(line => order.GetValueOrDefault(line.Split(',')[0], int.MaxValue));
        File.WriteAllText(path, Head + string.Concat(sorted.Select(line => line + "\n")));
    }

    private static (string Problem, string Recipe) KeyOf(Mutant mutant) => (mutant.Problem.Name, mutant.Original.Recipe.ToYaml());

    /// <summary>Metrics on the validation data of the original, which no mutation touches.</summary>
    private static double[] Figures(Setup original, Setup setup, int trainings) =>
        [.. Enumerable.Range(1, trainings).Select(i =>
        {
            try
            {
                Dataset judge = original.WithSeed((ulong)i).Open().Split.Validation.Data;
                return Math.Round(setup.WithSeed((ulong)i).Train(judge).Bounded, 6);
            }
            catch (ThalwegException error)
            {
                Console.Error.WriteLine(error.Message);
                return -1;
            }
        })];

    private static string Row(MutantStudy study) => string.Create(
        CultureInfo.InvariantCulture,
        $"{study.Name},{study.Original:f4},{study.Mutated:f4},{study.P:f4},{study.Effect:f2},{(study.Hurts ? "yes" : "no")}");

    private static void Score(string path, Mutant[] mutants, string? output, int workers)
    {
        HashSet<string> hurting =
            [.. File.ReadLines(path).Where(line => line.EndsWith(",yes", StringComparison.Ordinal)).Select(line => line.Split(',')[0])];
        Mutant[] used = [.. mutants.Where(mutant => hurting.Contains(mutant.Name))];
        Report[] reports = CommonOptions.ForAll(used, workers, mutant => Report.Of(
            mutant.Name, mutant.Truths[0].First(), mutant.Truths.SelectMany(truth => truth).ToHashSet(), mutant.Mutated.WithSeed(1)));
        Dictionary<string, Mutant> byName = used.ToDictionary(mutant => mutant.Name);
        Score score = new(reports);
        (double recall, double precision, double f3) = score.Humbatova(report => [byName[report.Name].Truths[0]]);
        (double recallOfAny, double precisionOfAny, double f3OfAny) = score.Humbatova(report => byName[report.Name].Truths);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{reports.Length} mutants, one ground truth: recall {recall:f2}, precision {precision:f2}, F3 {f3:f2}; "
            + $"several: recall {recallOfAny:f2}, precision {precisionOfAny:f2}, F3 {f3OfAny:f2}; "
            + $"detected {score.Detection:p1}; {reports.Average(report => report.Seconds):f2} s for each"));
        if (output is not null)
        {
            Directory.CreateDirectory(output);
            File.WriteAllLines(Path.Combine(output, "mutants.tsv"), reports.Select(report => report.ToLine()));
            File.WriteAllLines(Path.Combine(output, "mutants-wrong.txt"), score.Wrong());
        }
    }
}
