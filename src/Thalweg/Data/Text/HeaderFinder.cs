using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>Tells a header from a row of data.</summary>
internal static class HeaderFinder
{
    private const int FirstYear = 1800, LastYear = 2100;

    /// <summary>Whether the first of some rows names the columns, and what is to be known where it holds numbers and
    /// could be either.</summary>
    /// <param name="rows">The first rows of a text, at least one.</param>
    /// <param name="knownNames">Names that a header would hold, where they are known; else null.</param>
    public static (bool HasHeader, DataNote? Note) Find(List<TextRow> rows, IReadOnlyList<string>? knownNames)
    {
        string[] first = rows[0].Cells;
        if (knownNames is not null)
        {
            int known = first.Count(cell => knownNames.Contains(cell, StringComparer.OrdinalIgnoreCase));
            if (2 * known >= first.Length)
                return (true, null);
        }

        bool hasNumbers = first.Any(NumberGuess.IsLikely);
        if (first.All(string.IsNullOrEmpty))
            return (false, null);
        if (rows.Count == 1)
            return (knownNames is null && !hasNumbers, null);
        FirstRow evidence = FirstRow.Of(rows);
        if (!hasNumbers)
            return (evidence.WordsAboveNumbers > 0 || (!evidence.IsSeenAgain && knownNames is null), null);
        if (evidence.AreNumbersNames)
            return (true, Note(rows[0], "holds numbers and was read as the names of the columns"));
        return (false, evidence.CouldBeNames ? Note(rows[0], "could name the columns and was read as data") : null);
    }

    /// <summary>Names without blanks and doubles: empty ones become c0, c1, ..., repeated ones get .1, .2, ...</summary>
    public static string[] Unique(IReadOnlyList<string> names)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        string[] unique = new string[names.Count];
        for (int i = 0; i < unique.Length; i++)
        {
            string name = names[i].Trim();
            if (name.Length == 0)
                name = $"c{i}";
            unique[i] = name;
            for (int again = 1; !seen.Add(unique[i]); again++)
                unique[i] = $"{name}.{again}";
        }

        return unique;
    }

    private static DataNote Note(TextRow row, string what) => new(
        "header", $"line {row.Line} {what}: {CellText.Quote(string.Join(", ", row.Cells.Take(20)))}", nameof(DataOptions.HasHeader));

    /// <summary>How the first row differs from those below.</summary>
    private sealed record FirstRow
    {
        private readonly List<double> _numbers = [];
        private bool _areDistinctIntegers = true, _hasWords;
        private int _outside, _farOutside, _fractions;

        /// <summary>Different words of the first row in whose columns numbers stand below.</summary>
        public int WordsAboveNumbers { get; private set; }

        /// <summary>Whether a word of the first row stands in its column again.</summary>
        public bool IsSeenAgain { get; private set; }

        /// <summary>Whether the numbers of the first row continue by equal steps, and those of no row below do.</summary>
        private bool IsSequence { get; set; }

        private bool AreYears => _numbers.All(number => number is >= FirstYear and <= LastYear);

        private bool AreAllFarOutside => _farOutside == _numbers.Count;

        /// <summary>Whether the numbers of the first row are names: years, or numbers in sequence, above values that are not like them or
        /// beside a word that never comes again; or words stand above numbers beside them.</summary>
        public bool AreNumbersNames
        {
            get
            {
                if (!_areDistinctIntegers)
                    return false;
                bool isSeries = IsSequence || (_numbers.Count > 1 && AreYears);
                bool isUnlike = 2 * _outside >= _numbers.Count || (_numbers.Count >= 5 && 2 * _fractions >= _numbers.Count);
                if (WordsAboveNumbers > 0)
                    return WordsAboveNumbers > 1 || isSeries || AreAllFarOutside;
                bool isLong = _numbers.Count >= 5 && _hasWords && !IsSeenAgain;
                return (_numbers.Count > 2 && IsSequence && (isUnlike || isLong))
                    || (_numbers.Count > 1 && isSeries && AreAllFarOutside);
            }
        }

        /// <summary>Whether they could be names for all that is known.</summary>
        public bool CouldBeNames => _areDistinctIntegers && !IsSeenAgain
            && ((_numbers.Count > 2 && IsSequence) || (_numbers.Count > 1 && AreAllFarOutside) || WordsAboveNumbers > 0);

        public static FirstRow Of(List<TextRow> rows)
        {
            FirstRow result = new();
            string[] first = rows[0].Cells;
            List<TextRow> below = rows[1..];

            // A header that is one cell shorter leaves out the name of the index, which comes first; unless all rows end with nothing.
            int width = RowShape.MostCommonCount(below, first.Length);
            int shift = first.Length == width - 1 && below.Any(row => row.Cells.Length >= width && row.Cells[width - 1].Length > 0) ? 1 : 0;
            HashSet<string> words = new(StringComparer.Ordinal);
            for (int column = 0; column < first.Length; column++)
            {
                string[] cells = [.. below.Where(row => row.Cells.Length > column + shift).Select(row => row.Cells[column + shift])
                    .Where(cell => !IsMissing(cell))];
                if (NumberGuess.IsLikely(first[column]))
                    result.TakeNumber(first[column], cells);
                else if (!IsMissing(first[column]))
                    result.TakeWord(first[column], cells, words);
            }

            result.WordsAboveNumbers = words.Count;
            result._areDistinctIntegers &= result._numbers.Distinct().Count() == result._numbers.Count;
            result.IsSequence = result._numbers.Count > 1 && HasEqualSteps(result._numbers) && !below.Any(row => HasEqualSteps(
                [.. row.Cells.Where(NumberGuess.IsLikely).Select(ToNumber)]));
            return result;
        }

        private void TakeWord(string word, string[] below, HashSet<string> wordsAboveNumbers)
        {
            if (below.Length > 0 && below.All(NumberGuess.IsLikely))
                wordsAboveNumbers.Add(word);
            IsSeenAgain |= below.Contains(word);
            _hasWords = true;
        }

        private void TakeNumber(string text, string[] below)
        {
            bool isInteger = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            _areDistinctIntegers &= isInteger;
            _numbers.Add(isInteger ? number : double.NaN);
            double[] values = [.. below.Select(ToNumber).Where(double.IsFinite)];
            if (values.Length == 0)
                return;
            double least = values.Min(), greatest = values.Max(), span = greatest - least;
            _outside += number < least || number > greatest ? 1 : 0;
            _farOutside += number < least - span || number > greatest + span ? 1 : 0;
            _fractions += values.Any(value => value != Math.Floor(value)) ? 1 : 0;
        }

        private static bool HasEqualSteps(List<double> numbers)
        {
            if (numbers.Count < 2 || numbers[1] <= numbers[0])
                return false;
            double step = numbers[1] - numbers[0];
            return numbers.Zip(numbers.Skip(1), (left, right) => right - left).All(difference => difference == step);
        }

        private static double ToNumber(string cell) => CellText.TryNumber(cell, out double number) ? number : double.NaN;

        private static bool IsMissing(string cell) => CellText.IsMissing(Encoding.UTF8.GetBytes(cell));
    }
}
