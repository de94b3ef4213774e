namespace Thalweg.Data;

/// <summary>Divides whole groups, such as all rows of a patient, so that no part knows a group of another.</summary>
/// <remarks>Groups are taken by size, the largest first, equal ones in an order by seed, each into the part that it leaves closest to its
/// share of every class: as scikit-learn's StratifiedGroupKFold.</remarks>
internal static class GroupSplitter
{
    /// <summary>Divides the groups.</summary>
    /// <exception cref="ThalwegException">There are fewer groups than parts.</exception>
    public static SplitParts Split(SplitRows rows, SplitOptions options)
    {
        int[] groups = rows.Groups!;
        double test = options.TestFraction, validation = options.Folds is null ? options.ValidationFraction : 0;
        int parts = options.Folds ?? (validation > 0 ? 2 : 1);

        // Test groups first, so that they are the same whatever becomes of the others.
        int[] first = Deal(rows, Dataset.AllRows(rows.Count), [1 - test, test], (options.Seed, 0));
        int[] rest = [.. Enumerable.Range(0, groups.Length).Where(row => first[groups[row]] == 0)];
        int[] tested = [.. Enumerable.Range(0, groups.Length).Where(row => first[groups[row]] == 1)];
        if ((test > 0 && tested.Length == 0) || rest.Select(row => groups[row]).Distinct().Count() < parts)
            throw TooFew(rows, parts + (test > 0 ? 1 : 0));
        if (parts == 1)
            return new SplitParts(rest, [], tested);
        double share = validation / (1 - test);
        double[] shares = options.Folds is { } folds ? [.. Enumerable.Repeat(1.0 / folds, folds)] : [1 - share, share];
        int held = options.Folds is null ? 1 : options.Fold;
        int[] dealt = Deal(rows, rest, shares, (options.Seed, Splitter.IndexOf(options.Repeat, 0)));
        int[] validated = [.. rest.Where(row => dealt[groups[row]] == held)];
        int[] trained = [.. rest.Where(row => dealt[groups[row]] != held && dealt[groups[row]] != options.HoldoutFold)];
        int[]? holdout = options.HoldoutFold is { } fold ? [.. rest.Where(row => dealt[groups[row]] == fold)] : null;
        return validated.Length == 0 || trained.Length == 0 || holdout is { Length: 0 }
            ? throw TooFew(rows, parts + (test > 0 ? 1 : 0))
            : new SplitParts(trained, validated, tested) { Holdout = holdout };
    }

    /// <summary>The part of each group.</summary>
    /// <param name="all">What is known of the rows.</param>
    /// <param name="rows">The rows to divide.</param>
    /// <param name="shares">Share of each part; 0 for none.</param>
    /// <param name="random">Seed and index of the order of groups of one size.</param>
    private static int[] Deal(SplitRows all, int[] rows, double[] shares, (ulong Seed, ulong Index) random)
    {
        int groups = all.Groups!.Max() + 1, classes = all.Labels is null ? 1 : all.Labels.Max() + 1;
        double[][] counts = [.. Enumerable.Range(0, groups).Select(_ => new double[classes])];
        double[] totals = new double[classes];
        foreach (int row in rows)
        {
            int label = all.Labels?[row] ?? 0;
            counts[all.Groups![row]][label]++;
            totals[label]++;
        }

        int[] order = Dataset.AllRows(groups);
        new RandomStream(random.Seed, RandomPurpose.Split, random.Index).Shuffle(order.AsSpan());
        double[][] parts = [.. shares.Select(_ => new double[classes])];
        int[] parted = new int[groups];
        foreach (int group in order.OrderByDescending(group => counts[group].Sum()).Where(group => counts[group].Sum() > 0))
        {
            int best = -1;
            double least = double.PositiveInfinity;
            for (int part = 0; part < shares.Length; part++)
            {
                double cost = shares[part] == 0 ? double.PositiveInfinity : CostOf(parts[part], counts[group], totals) / shares[part];
                (best, least) = cost < least ? (part, cost) : (best, least);
            }

            parted[group] = best;
            for (int k = 0; k < classes; k++)
                parts[best][k] += counts[group][k];
        }

        return parted;
    }

    /// <summary>By how much a group raises the sum of squares of a part, each class by its size: least where the part lacks it
    /// most.</summary>
    private static double CostOf(double[] part, double[] group, double[] totals)
    {
        double cost = 0;
        for (int k = 0; k < part.Length; k++)
        {
            double after = part[k] + group[k];
            cost += totals[k] == 0 ? 0 : ((after * after) - (part[k] * part[k])) / (totals[k] * totals[k]);
        }

        return cost;
    }

    private static ThalwegException TooFew(SplitRows rows, int least)
    {
        int found = rows.Groups!.Distinct().Count();
        return new ThalwegException($"{rows.Place}: expected {least} or more groups that can be divided, got {found}"
            + $"{(found < least ? "" : ", of sizes that leave a part empty")}; group by another column, or make fewer parts");
    }
}
