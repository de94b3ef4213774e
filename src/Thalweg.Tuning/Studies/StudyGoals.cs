using Thalweg.Metrics;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>The goals that a training can be judged by.</summary>
public static class StudyGoals
{
    /// <summary>The metric of the task on the validation data: accuracy, R2, F1; more is better.</summary>
    public const string OfTask = "metric";

    /// <summary>The loss on the validation data; less is better.</summary>
    public const string Loss = "loss";

    /// <summary>Number of weights of the network; less is better.</summary>
    public const string Parameters = "parameters";

    /// <summary>Epochs that the training took; less is better.</summary>
    public const string Epochs = "epochs";

    /// <summary>Time of training in seconds, measured; less is better.</summary>
    public const string Seconds = "seconds";

    /// <summary>Time of a prediction in microseconds for a sample, measured; less is better.</summary>
    public const string Latency = "latency";

    private const string Maximize = "max(", Minimize = "min(";

    private static readonly string[] s_costs = [Parameters, Epochs, Seconds, Latency];

    /// <summary>Names of all goals: those above, and each registered metric.</summary>
    public static IReadOnlyList<string> Names => [OfTask, Loss, .. s_costs, .. Settings.Names<Metric>().Except([OfTask, Loss])];

    /// <summary>Reads a goal.</summary>
    /// <param name="text">One of <see cref="Names"/>, which says by itself whether more is better, or <c>max(NAME)</c> or
    /// <c>min(NAME)</c>.</param>
    /// <exception cref="ThalwegException">There is no such goal: the message gives the nearest.</exception>
    public static SearchGoal Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = text.Trim();
        bool? maximizes = name.StartsWith(Maximize, StringComparison.Ordinal) ? true : name.StartsWith(Minimize, StringComparison.Ordinal) ? false : null;
        if (maximizes is { } given && name.EndsWith(')'))
            return new SearchGoal(name[Maximize.Length..^1], given);
        if (name is OfTask || s_costs.Append(Loss).Contains(name))
            return new SearchGoal(name, name == OfTask);
        try
        {
            return new SearchGoal(name, !Settings.Parse<Metric>(name).LessIsBetter);
        }
        catch (ThalwegException error)
        {
            throw new ThalwegException($"[study] expected a goal, got '{name}'; {NearestName.Advice(name, Names)}", error);
        }
    }

    /// <summary>A goal as <see cref="Parse"/> reads it.</summary>
    /// <param name="goal">The goal.</param>
    public static string TextOf(SearchGoal goal)
    {
        ArgumentNullException.ThrowIfNull(goal);
        return $"{(goal.Maximize ? Maximize : Minimize)}{goal.Metric})";
    }

    /// <summary>Whether a goal is a measured time, which differs from run to run.</summary>
    /// <param name="metric">Name of the goal.</param>
    public static bool IsMeasured(string metric) => metric is Seconds or Latency;

    /// <summary>A recipe whose runs compute the metrics that goals ask for.</summary>
    internal static Recipe WithMetrics(Recipe recipe, IEnumerable<SearchGoal> goals)
    {
        string[] known = [.. Settings.ParseAll<Metric>(recipe.Training.Metrics ?? "").Select(metric => metric.ToString())];
        string[] missing = [.. goals.Select(goal => goal.Metric).Where(name => name is not (OfTask or Loss) && !s_costs.Contains(name))
            .Select(name => Settings.Parse<Metric>(name).ToString()).Except(known)];
        return missing.Length == 0 ? recipe : recipe.With("training.metrics", string.Join(", ", [.. known, .. missing]));
    }

    /// <summary>A goal after an epoch; NaN where it is not known then.</summary>
    internal static double ValueOf(SearchGoal goal, Evaluation? evaluation) => goal.Metric switch
    {
        _ when evaluation is not { Samples: > 0 } => double.NaN,
        OfTask => evaluation.Metric,
        Loss => evaluation.Loss,
        _ => evaluation.Others?.Where(other => other.Name == Settings.Parse<Metric>(NameOrLoss(goal.Metric)).Name)
            .Select(other => (double?)other.Value).FirstOrDefault() ?? double.NaN,
    };

    private static string NameOrLoss(string name) => s_costs.Contains(name) ? Loss : name;
}
