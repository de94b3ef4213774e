namespace Thalweg.Data;

/// <summary>Writes the features of table rows as a preprocessing says.</summary>
internal sealed class TableEncoder
{
    private readonly ColumnEncoding[] _columns;
    private readonly int[] _places;
    private readonly CategoryIndex?[] _categories;
    private readonly int _width;
    private readonly NoveltyCounter? _novelties;

    /// <summary>Binds a preprocessing to tables.</summary>
    /// <param name="preprocessing">The fitted preprocessing of a table.</param>
    /// <param name="places">Position in the tables of each of its columns; -1 for dropped ones that are absent.</param>
    /// <param name="novelties">Counts what training did not have; null does not count.</param>
    public TableEncoder(Preprocessing preprocessing, int[] places, NoveltyCounter? novelties = null)
    {
        _columns = [.. preprocessing.Columns!];
        _places = places;
        _width = preprocessing.FeatureWidth;
        _novelties = novelties;
        _categories = [.. _columns.Select(column => column is CategoricalEncoding encoding
            ? new CategoryIndex(encoding.Categories, preprocessing.KnowsByNumber(encoding.AreNumbers))
            : null)];
    }

    /// <summary>Writes the features of every row: `[rows, width]`.</summary>
    public void Encode(Table table, Span<float> features)
    {
        features[..(table.Count * _width)].Clear();
        int offset = 0;
        for (int i = 0; i < _columns.Length; i++)
        {
            switch (_columns[i])
            {
                case NumericEncoding numeric:
                    EncodeNumbers(numeric, table.Columns[_places[i]], features, offset);
                    break;
                case CategoricalEncoding categorical:
                    EncodeCategories(categorical, _categories[i]!, table.Columns[_places[i]], features[offset..]);
                    break;
                default:
                    break;
            }

            offset += _columns[i].FeatureNames.Count;
        }
    }

    private void EncodeNumbers(NumericEncoding encoding, TableColumn column, Span<float> features, int offset)
    {
        bool hasValue = encoding.Deviation > 0;
        int indicator = offset + (hasValue ? 1 : 0);
        double[] numbers = column.Numbers!;
        for (int row = 0; row < numbers.Length; row++)
        {
            if (hasValue)
                features[(row * _width) + offset] = (float)encoding.Encode(numbers[row]);
            if (encoding.HasMissingIndicator && double.IsNaN(numbers[row]))
                features[(row * _width) + indicator] = 1;
        }

        if (!encoding.HasMissingIndicator)
            _novelties?.CountMissing(encoding.Name, column.Missing);
    }

    private void EncodeCategories(CategoricalEncoding encoding, CategoryIndex known, TableColumn column, Span<float> features)
    {
        int other = encoding.HasOther ? encoding.Categories.Count + (encoding.HasMissing ? 1 : 0) : -1;
        int missing = encoding.HasMissing ? encoding.Categories.Count : other;
        TableColumn categories = column.AsCategories();
        int[] slotOf = [.. categories.Categories.Select(known.Find)];
        for (int row = 0; row < categories.Count; row++)
        {
            int code = categories.Codes![row];
            int slot = code < 0 ? missing : slotOf[code] < 0 ? other : slotOf[code];
            if (slot >= 0)
                features[(row * _width) + slot] = 1;
        }

        if (_novelties is null)
            return;
        _novelties.CountUnseen(encoding, categories, slotOf);
        if (!encoding.HasMissing)
            _novelties.CountMissing(encoding.Name, column.Missing);
    }
}
