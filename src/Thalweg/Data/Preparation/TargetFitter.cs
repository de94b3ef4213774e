using System.Globalization;

namespace Thalweg.Data;

/// <summary>Decides what a target column asks for, and numbers its classes.</summary>
internal sealed class TargetFitter
{
    private const int MostIntegerClasses = TableLoader.MostIntegerClasses;
    private const int MostClasses = 1000;
    private readonly TableColumn _column;
    private readonly int _index;

    /// <summary>Looks at a target column without missing values.</summary>
    /// <param name="location">File, for errors.</param>
    /// <param name="column">The target column.</param>
    /// <param name="index">Its position, or -1 where labels are separate.</param>
    /// <param name="task">What is asked for; null decides by the values.</param>
    /// <param name="classNames">Names of classes 0, 1, ... where the file gives them; else null.</param>
    public TargetFitter(string location, TableColumn column, int index, LearningTask? task, string[]? classNames)
    {
        _column = column;
        _index = index;
        bool isClasses = task?.HasClasses ?? (column.Numbers is null || IsFewIntegers(column));
        if (!isClasses)
        {
            CheckNumbers(location);
            Task = IsOneNumber(task) ? LearningTask.Regression() : throw new ThalwegException(
                $"{location}: expected the task {ClassificationTask.Word} or {RegressionTask.Word} for a target in one column, got {task}; "
                + $"make a data set of arrays for it ({nameof(Dataset)}.{nameof(Dataset.From)})");
            return;
        }

        TableColumn categories = column.AsCategories();
        CheckClasses(location, categories);
        string[] values = [.. Sort(categories.Categories)];
        Dictionary<string, int> classOf = CellText.IndexByText(values);
        bool areNamed = classNames?.Length == values.Length
            && values.Select((value, index) => CellText.TryNumber(value, out double number) && number == index)
                .All(isPosition => isPosition);
        ClassNames = areNamed ? classNames! : values;
        ClassValues = areNamed ? values : [];
        AreNumbers = categories.AreNumbers;
        Labels = [.. categories.Codes!.Select(code => classOf[categories.Categories[code]])];
        Task = LearningTask.Classification(ClassNames);
    }

    /// <summary>What is learned.</summary>
    public LearningTask Task { get; }

    /// <summary>Whether numbers are learned with mean 0 and deviation 1.</summary>
    public bool Standardizes { get; init; } = true;

    /// <summary>Class of each row; null for regression.</summary>
    public int[]? Labels { get; }

    /// <summary>Names of the classes; empty for regression.</summary>
    public string[] ClassNames { get; } = [];

    /// <summary>Texts of the classes where they differ from the names.</summary>
    public string[] ClassValues { get; } = [];

    /// <summary>Whether the classes are those of a column of numbers.</summary>
    public bool AreNumbers { get; }

    /// <summary>The classes with their number of rows; none for regression.</summary>
    public ClassDescription[] DescribeClasses()
    {
        int[] rows = new int[ClassNames.Length];
        foreach (int label in Labels ?? [])
            rows[label]++;
        return [.. ClassNames.Select((name, index) => new ClassDescription(name, rows[index]))];
    }

    /// <summary>Fits the encoding to the training rows.</summary>
    public TargetEncoding Fit(string location, int[] trainingRows)
    {
        if (Task.HasClasses)
        {
            return new TargetEncoding
            {
                Name = _column.Name,
                Index = _index,
                ClassNames = ClassNames,
                ClassValues = ClassValues,
                AreNumbers = AreNumbers,
            };
        }

        double mean = trainingRows.Sum(row => _column.Numbers![row] / trainingRows.Length);
        double deviation = Math.Sqrt(trainingRows.Sum(row => Math.Pow(_column.Numbers![row] - mean, 2) / trainingRows.Length));
        if (!(deviation > 1e-13 * Math.Abs(mean)) || !double.IsFinite(deviation))
        {
            throw new ThalwegException($"{location}: the target '{_column.Name}' has mean {mean:g6} and deviation {deviation:g6} over "
                + "the training rows; expected values that differ and are finite");
        }

        TargetEncoding encoding = new() { Name = _column.Name, Index = _index };
        return Standardizes ? encoding with { Mean = mean, Deviation = deviation } : encoding;
    }

    /// <summary>The standardized targets of all rows; null for classification.</summary>
    public float[]? Targets(TargetEncoding encoding) =>
        !Task.HasClasses ? [.. _column.Numbers!.Select(value => (float)encoding.Standardize(value))] : null;

    private static bool IsOneNumber(LearningTask? task) => task is null or RegressionTask { Outputs.Count: 1 };

    private static bool IsFewIntegers(TableColumn column) =>
        column.Numbers!.All(value => value == Math.Floor(value)) && column.HasAtMost(MostIntegerClasses);

    private static IEnumerable<string> Sort(string[] categories)
    {
        bool areNumbers = categories.All(category => CellText.TryNumber(category, out _));
        return areNumbers
            ? categories.OrderBy(category => CellText.TryNumber(category, out double number) ? number : 0)
                .ThenBy(category => Int128.TryParse(category, CultureInfo.InvariantCulture, out Int128 integer) ? integer : 0)
                .ThenBy(category => category, StringComparer.Ordinal)
            : categories.Order(StringComparer.Ordinal);
    }

    private void CheckNumbers(string location)
    {
        if (_column.Numbers is null)
        {
            throw new ThalwegException($"{location}: the target '{_column.Name}' holds texts such as "
                + $"{CellText.Quote(_column.Categories.FirstOrDefault() ?? "")}; "
                + "regression needs numbers: choose another target or classification");
        }
    }

    private void CheckClasses(string location, TableColumn categories)
    {
        int count = categories.Categories.Length;
        if (count < 2)
        {
            throw new ThalwegException($"{location}: the target '{_column.Name}' holds a single "
                + $"class{(count == 1 ? ", " + CellText.Quote(categories.Categories[0]) : "")}; "
                + "there is nothing to learn: choose another target or add rows of another class");
        }

        if (count > MostClasses || (count > MostIntegerClasses && 2 * count > categories.Count))
        {
            throw new ThalwegException($"{location}: the target '{_column.Name}' holds {count} different values in {categories.Count} "
                + "rows, too many for classes; "
                + $"{(_column.Numbers is null ? "choose another target" : "ask for regression")}");
        }
    }
}
