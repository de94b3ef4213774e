namespace Thalweg.Data;

/// <summary>Finds contradictions in a preprocessing that was read from a file.</summary>
internal static class PreprocessingCheck
{
    private const int LargestWidth = 1 << 24;

    /// <summary>What is wrong, or null.</summary>
    public static string? FindFault(Preprocessing preprocessing) =>
        preprocessing.Version is < 1 or > Preprocessing.LatestVersion
            ? $"version {preprocessing.Version} is not known, expected at most {Preprocessing.LatestVersion}"
        : FindShapeFault(preprocessing.FeatureShape)
        ?? FindTargetFault(preprocessing)
        ?? (preprocessing.Columns is null == preprocessing.Image is null ? "exactly one of columns and image is expected" : null)
        ?? (preprocessing.Image is { } image ? FindImageFault(image) : FindColumnsFault(preprocessing, preprocessing.Columns!));

    private static string? FindShapeFault(IReadOnlyList<int>? shape)
    {
        if (shape is null || shape.Count is 0 or > 8)
            return "the feature shape is missing or has more than 8 sizes";
        long width = 1;
        foreach (int size in shape)
        {
            width *= size;
            if (size < 1 || width > LargestWidth)
                return $"the feature shape [{string.Join(", ", shape)}] is out of range";
        }

        return null;
    }

    private static string? FindTargetFault(Preprocessing preprocessing)
    {
        TargetEncoding target = preprocessing.Target;
        if (target is null || target.Name is null || target.ClassNames is null || target.ClassValues is null)
            return "the target is missing";
        if (!double.IsFinite(target.Mean) || !(target.Deviation > 0) || !double.IsFinite(target.Deviation))
            return $"the target has mean {target.Mean} and deviation {target.Deviation}";
        if (preprocessing.Task is null)
            return "the task is missing";
        if (preprocessing.Task.HasClasses ? target.ClassNames.Count < 2 : target.ClassNames.Count != 0)
            return $"{target.ClassNames.Count} classes do not fit {preprocessing.Task}";
        return target.ClassValues.Count != 0 && target.ClassValues.Count != target.ClassNames.Count
            ? "class names and values differ in number"
            : null;
    }

    private static string? FindImageFault(ImageEncoding image) =>
        double.IsFinite(image.Mean) && double.IsFinite(image.Scale) && image.Deviation > 0 && double.IsFinite(image.Deviation)
            ? null
            : $"image scale {image.Scale}, mean {image.Mean}, deviation {image.Deviation} are out of range";

    private static string? FindColumnsFault(Preprocessing preprocessing, IReadOnlyList<ColumnEncoding> columns)
    {
        HashSet<int> seen = [preprocessing.Target.Index];
        foreach (ColumnEncoding column in columns)
        {
            if (column?.Name is null || column.Index < 0 || !seen.Add(column.Index))
                return "a column has no name or shares its place with another";
            if (column is NumericEncoding { Mean: var mean, Deviation: var deviation }
                && !(double.IsFinite(mean) && double.IsFinite(deviation) && deviation >= 0))
            {
                return $"column '{column.Name}' has mean {mean} and deviation {deviation}";
            }

            if (column is CategoricalEncoding { Categories: null })
                return $"column '{column.Name}' has no categories";
        }

        int width = preprocessing.FeatureNames.Count;
        return preprocessing.FeatureShape.Count == 1 && preprocessing.FeatureShape[0] == width
            ? null
            : $"the columns yield {width} features where the shape is [{string.Join(", ", preprocessing.FeatureShape)}]";
    }
}
