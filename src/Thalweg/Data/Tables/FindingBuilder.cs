using System.Numerics;
using System.Text;

namespace Thalweg.Data;

/// <summary>Collects the cells of a column of unknown kind: numbers as long as there is nothing else.</summary>
/// <remarks>What the texts before the first word were is not kept, nor are numbers with marks and dates: such a column is read once
/// more, when its kind is known (<see cref="NeedsAgain"/>).</remarks>
internal sealed class FindingBuilder(ColumnLocation location, bool keepsTexts) : ColumnBuilder(location.Name)
{
    /// <summary>Different numbers above which they are no classes, so that their texts need not be kept.</summary>
    private const int MostKept = 1 << 12;

    /// <summary>Characters up to which every integer is exact.</summary>
    private const int ExactLength = 15;

    private readonly List<double> _numbers = [];
    private TextCollector? _texts = keepsTexts ? new TextCollector() : null;
    private int _rows;
    private bool _hasBuilt;

    /// <summary>Whether a plain number needs no more than to be kept, and how many came so since they were last counted.</summary>
    private bool _isPlain = !keepsTexts && !location.Missing.HasNumbers;
    private long _plain;

    /// <summary>What the column holds, so far as is known.</summary>
    public ColumnKind Kind { get; private set; } = ColumnKind.Number;

    /// <summary>Whether its cells are to be read once more.</summary>
    public bool NeedsAgain { get; private set; }

    public override void Add(ReadOnlySpan<byte> cell, long line)
    {
        _rows++;

        // The usual cell, without detours: most of the time of reading goes here.
        if (_isPlain && CellText.TryPlain(cell, out double plain))
        {
            _plain++;
            _numbers.Add(plain);
            return;
        }

        CountPlain();
        AddSlowly(cell, line);
        _isPlain = Kind == ColumnKind.Number && _texts is null && !location.Missing.HasNumbers;
    }

    private void AddSlowly(ReadOnlySpan<byte> cell, long line)
    {
        if (Kind == ColumnKind.Text)
        {
            AddText(cell, line);
            return;
        }

        if (!CellText.TryNumber(cell, out double number))
            number = AddOther(cell, line);
        else if (location.Missing.IsSpecified(number))
            number = Missing(cell);
        else
            CountNumber(cell, number, line);
        if (Kind == ColumnKind.Text)
            return;
        if (Kind == ColumnKind.Number)
            _numbers.Add(number);
        KeepText(cell);
    }

    public override TableColumn Build()
    {
        CountPlain();
        TableColumn column;
        if (Kind == ColumnKind.Text && _texts is not null)
        {
            column = _texts.Build(Name);
        }
        else
        {
            double[] numbers = new double[_rows];
            Array.Fill(numbers, double.NaN);
            if (Kind == ColumnKind.Number)
                _numbers.CopyTo(numbers);
            column = new TableColumn(Name, numbers) { AsWritten = _texts?.Build(Name) };
        }

        _numbers.Clear();
        _rows = 0;
        _hasBuilt = true;
        return column;
    }

    private void CountPlain()
    {
        Facts.Numbers += _plain;
        _plain = 0;
    }

    private void KeepText(ReadOnlySpan<byte> cell)
    {
        if (_texts is null)
            return;
        if (cell.IsEmpty || location.Missing.IsSpecified(cell))
            _texts.AddMissing();
        else
            _texts.Add(cell);
        if (_texts.Distinct > MostKept)
            _texts = null;
    }

    /// <summary>Takes a cell that is no plain number in a column without texts so far.</summary>
    private double AddOther(ReadOnlySpan<byte> cell, long line)
    {
        if (cell.IsEmpty || location.Missing.IsSpecified(cell) || MissingWords.IsUsual(cell))
            return Missing(cell);
        if (InfiniteCell.Is(cell))
        {
            Facts.Infinite++;
            Facts.FirstInfinite ??= ColumnFacts.At(cell, line);
        }
        else if (IsMarked(cell, line) || LooksLikeDate(cell, line))
        {
            NeedsAgain = true;
            _numbers.Clear();
        }
        else
        {
            BecomeText(cell, line);
        }

        return double.NaN;
    }

    private double Missing(ReadOnlySpan<byte> cell)
    {
        Facts.CountMissing(cell);
        return double.NaN;
    }

    private void CountNumber(ReadOnlySpan<byte> cell, double number, long line)
    {
        if (Kind == ColumnKind.Date)
        {
            BecomeText(cell, line);
            return;
        }

        Facts.Numbers++;
        if (cell.Length > ExactLength && Facts.FirstRounded is null && !cell.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && BigInteger.Parse(Encoding.UTF8.GetString(cell), System.Globalization.CultureInfo.InvariantCulture) != new BigInteger(number))
        {
            Facts.FirstRounded = ColumnFacts.At(cell, line);
        }
    }

    private bool IsMarked(ReadOnlySpan<byte> cell, long line)
    {
        NumberEvidence evidence = Kind == ColumnKind.Date ? default : MarkedNumber.Inspect(cell);
        bool hasOtherSign = evidence.Sign != '\0' && Facts.Sign != '\0' && Facts.Sign != evidence.Sign;
        if ((Facts.Fits & evidence.Fits) == 0 || hasOtherSign)
            return false;
        Kind = ColumnKind.Marked;
        Facts.Marked++;
        Facts.FirstMarked ??= ColumnFacts.At(cell, line);
        if ((Facts.Fits & evidence.Fits) != Facts.Fits)
            Facts.Telling = ColumnFacts.At(cell, line);
        if (Facts.Proof is null && (evidence.Proves != 0 || evidence.IsCommaDecimal))
            Facts.Proof = ColumnFacts.At(cell, line);
        Facts.Fits &= evidence.Fits;
        Facts.Proves |= evidence.Proves;
        Facts.HasCommaDecimal |= evidence.IsCommaDecimal;
        Facts.Sign = evidence.Sign == '\0' ? Facts.Sign : evidence.Sign;
        return true;
    }

    private bool LooksLikeDate(ReadOnlySpan<byte> cell, long line)
    {
        int orders = Kind == ColumnKind.Marked || Facts.Numbers > 0 ? 0 : DateCell.Inspect(cell);
        if ((Facts.Orders & orders) == 0)
            return false;
        Kind = ColumnKind.Date;
        Facts.Dates++;
        Facts.FirstDate ??= ColumnFacts.At(cell, line);
        Facts.Orders &= orders;
        return true;
    }

    /// <summary>From here on the column holds texts; where only empty cells came before, they need not be read again.</summary>
    private void BecomeText(ReadOnlySpan<byte> cell, long line)
    {
        Kind = ColumnKind.Text;
        _numbers.Clear();
        bool isFirst = Facts is { Numbers: 0, Marked: 0, Dates: 0, Infinite: 0, Words.Count: 0 } && !_hasBuilt;
        if (_texts is null && isFirst)
        {
            _texts = new TextCollector();
            _texts.AddMissing(_rows - 1);
        }

        NeedsAgain = _texts is null;
        AddText(cell, line);
    }

    private void AddText(ReadOnlySpan<byte> cell, long line)
    {
        bool isMissing = cell.IsEmpty || location.Missing.IsSpecified(cell);
        if (isMissing)
        {
            Facts.CountMissing(cell);
        }
        else if (CellText.TryNumber(cell, out _))
        {
            Facts.Numbers++;
        }
        else if (Facts.Dates > 0 && (DateCell.Inspect(cell) & Facts.Orders) != 0)
        {
            Facts.Dates++;
        }
        else
        {
            Facts.Texts++;
            Facts.FirstText ??= ColumnFacts.At(cell, line);
        }

        if (_texts is null)
            return;
        if (isMissing)
            _texts.AddMissing();
        else
            _texts.Add(cell);
    }
}

/// <summary>What a column was found to hold.</summary>
internal enum ColumnKind
{
    /// <summary>Plain numbers.</summary>
    Number,

    /// <summary>Numbers, some of them with groups, a decimal comma or a sign.</summary>
    Marked,

    /// <summary>Dates.</summary>
    Date,

    /// <summary>Texts.</summary>
    Text,
}
