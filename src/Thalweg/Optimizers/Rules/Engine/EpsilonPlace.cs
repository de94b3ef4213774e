namespace Thalweg.Rules;

/// <summary>Where the small term of a denominator stands.</summary>
public enum EpsilonPlace
{
    /// <summary>sqrt(s) + e.</summary>
    Outside,

    /// <summary>sqrt(s + e).</summary>
    Inside,
}

/// <summary>The two terms that give either denominator, sqrt(s + Inside) + Outside, without a branch in the loop.</summary>
internal readonly record struct EpsilonTerms(double Inside, double Outside)
{
    /// <summary>The terms for an epsilon at a place.</summary>
    public static EpsilonTerms Of(EpsilonPlace place, double epsilon) => place == EpsilonPlace.Inside ? new(epsilon, 0) : new(0, epsilon);

    /// <summary>The denominator of a sum or average, as formulas print it.</summary>
    public static string Text(EpsilonPlace place, string under) =>
        place == EpsilonPlace.Inside ? $"sqrt({under} + e)" : $"(sqrt({under}) + e)";
}
