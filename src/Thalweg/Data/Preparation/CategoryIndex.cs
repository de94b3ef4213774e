namespace Thalweg.Data;

/// <summary>Finds categories by their texts, and where it is asked for by their numbers.</summary>
internal sealed class CategoryIndex
{
    private readonly Dictionary<string, int> _positions;
    private readonly Dictionary<double, int> _numbers = [];

    /// <param name="categories">The different categories.</param>
    /// <param name="byNumber">Whether a text that is none of them counts by its number, so that 3.0 is 3. A number that several have (1.1
    /// and 1.10) finds none.</param>
    public CategoryIndex(IReadOnlyList<string> categories, bool byNumber)
    {
        _positions = CellText.IndexByText(categories);
        for (int i = 0; byNumber && i < categories.Count; i++)
        {
            if (CellText.TryNumber(categories[i], out double number) && !_numbers.TryAdd(number, i))
                _numbers[number] = -1;
        }
    }

    /// <summary>Position of a category; -1 where there is none.</summary>
    public int Find(string text) => Find(text.AsSpan());

    /// <summary>Position of a category; -1 where there is none.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        if (_positions.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int position))
            return position;
        return _numbers.Count > 0 && CellText.TryNumber(text, out double number) ? _numbers.GetValueOrDefault(number, -1) : -1;
    }
}
