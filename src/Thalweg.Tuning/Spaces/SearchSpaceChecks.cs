using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>What a space refuses.</summary>
internal static class SearchSpaceChecks
{
    /// <summary>The parameter of a line of a recipe file; a list is a choice.</summary>
    public static SearchParameter Parameter(RecipeSectionEntry entry)
    {
        try
        {
            return entry.Items is { } items ? Choice(entry.Path, items) : SearchParameter.Of(entry.Path, entry.Text);
        }
        catch (ThalwegException error)
        {
            throw new ThalwegException($"{entry.Location}: {error.Message}", error);
        }
    }

    /// <summary>Refuses a space without parameters, paths that stand there twice, and conditions that cannot be met.</summary>
    public static void Refuse(SearchParameter[] parameters)
    {
        if (parameters.Length == 0)
        {
            throw new ThalwegException("[search] expected at least one parameter, got none; give one as in "
                + "training.optimizer.learning_rate=log(1e-5, 1)");
        }

        if (parameters.GroupBy(parameter => parameter.Path).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ThalwegException($"[search] expected each path once, got {twice.Key} {twice.Count()} times; leave the others out");
        foreach (SearchParameter parameter in parameters)
        {
            parameter.Distribution.RefuseConflict();
            foreach (SearchComparison comparison in parameter.When?.Comparisons ?? [])
                Refuse(parameter, comparison, parameters);
        }
    }

    /// <summary>Indices of the parameters, each behind those that its condition names.</summary>
    public static int[] Order(SearchParameter[] parameters)
    {
        List<int> order = [];
        HashSet<string> done = [];
        while (order.Count < parameters.Length)
        {
            int before = order.Count;
            for (int i = 0; i < parameters.Length; i++)
            {
                if (!done.Contains(parameters[i].Path) && (parameters[i].When?.Comparisons.All(other => done.Contains(other.Path)) ?? true))
                {
                    order.Add(i);
                    done.Add(parameters[i].Path);
                }
            }

            if (order.Count == before)
            {
                string circle = NearestName.Choices(parameters.Select(parameter => parameter.Path).Where(path => !done.Contains(path)));
                throw new ThalwegException($"[search] expected conditions without a circle, got one among {circle}; take a condition out");
            }
        }

        return [.. order];
    }

    /// <summary>Refuses a point that is none of a space.</summary>
    public static void Refuse(SearchSpace space, TrialPoint point)
    {
        foreach ((string path, TrialValue value) in point)
        {
            SearchParameter parameter = space.Find(path) ?? throw new ThalwegException(
                $"[search] expected a path of the space, got '{path}'; {NearestName.Advice(path, space.Select(known => known.Path))}");
            if (!parameter.Distribution.Contains(value))
                throw new ThalwegException($"{path}: expected {parameter.Distribution.Expected}, got {value}; choose a value of the space");
        }

        foreach (SearchParameter parameter in space)
        {
            bool isActive = parameter.When?.Holds(path => point[path]) ?? true;
            if (isActive && point[parameter.Path] is null)
                throw new ThalwegException($"{parameter.Path}: expected a value, got none; give {parameter.Distribution.Expected}");
            if (!isActive && point[parameter.Path] is { } value)
                throw new ThalwegException($"{parameter.Path}: expected no value unless {parameter.When}, got {value}; leave it out");
        }
    }

    private static SearchParameter Choice(string path, IReadOnlyList<string> items)
    {
        ChoiceDistribution choice = new([.. items]);
        try
        {
            choice.RefuseConflict();
            return new(path, choice);
        }
        catch (ThalwegException error)
        {
            throw new ThalwegException($"{path}: {error.Message}", error);
        }
    }

    private static void Refuse(SearchParameter parameter, SearchComparison comparison, SearchParameter[] parameters)
    {
        SearchParameter other = Array.Find(parameters, known => known.Path == comparison.Path) ?? throw new ThalwegException(
            $"{parameter.Path}: expected a condition on another parameter of the space, got '{comparison.Path}'; "
            + NearestName.Advice(
                comparison.Path, parameters.Where(known => known != parameter).Select(known => known.Path).DefaultIfEmpty("another")));
        bool comparesNumbers = comparison.Operator is not (ConditionOperator.In or ConditionOperator.NotEqual);
        foreach (string value in comparison.Values)
        {
            if (comparesNumbers ? double.IsNaN(new TrialValue(value).Number) : !other.Distribution.Contains(new TrialValue(value)))
            {
                string near = other.Distribution is ChoiceDistribution choice
                    ? NearestName.Advice(value, choice.Values)
                    : "choose one of them";
                throw new ThalwegException($"{parameter.Path}: expected a condition that can hold ({comparison.Path} is "
                    + $"{(comparesNumbers ? "compared with a number" : other.Distribution.Expected)}), got '{value}'; {near}");
            }
        }
    }
}
