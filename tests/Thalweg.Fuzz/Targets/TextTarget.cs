using System.Text;
using Thalweg.Data;
using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>Tables as text in several encodings, plain or packed by gzip.</summary>
internal sealed class TextTarget(string name, bool isPacked) : DataTarget(name)
{
    private const string FileName = "table.csv";

    private const string Mixed = """"
        id,name,price,sold,day,city,class
        1,"Müller, A.","1.234,56",12 %,2024-01-31,Köln,yes
        2,"say ""hello""","2.000,00",7 %,2024-02-29,Paris,no
        3,NA,"(12,50)",?,31.12.2023,,yes
        4,-,"€ 3,25",100 %,2024-03-01,"New
        York",no
        5,O'Neil,"0,5",1 %,2024-03-02,Köln,yes
        6,x,"7,75",3 %,2024-03-03,Paris,no
        """";

    private static readonly byte[][] s_words = Words(
        "sep=;\n", "# a,b,c\n", "//", "1,234,567", "1.234,5", "2024-02-30", "31/12/2024", "\"a\nb\"", "NA", "?", "-999", "inf", "1e400", "$1", "(5)", "5 %",
        "a,b\n", ",,,,,\n", "\"", "\"\"\"", "1 2 3\n", "\u00a0", "0x1F", "1_000", "١٢", "\u0085", "150 4 a b\n");

    private readonly List<byte[]> _tables = [];

    /// <inheritdoc/>
    public override void Prepare(string folder)
    {
        string path = Path.Combine(folder, FileName);
        foreach (string name in (string[])["moons", "spirals"])
            _tables.Add(Csv(DataSource.Open(name, new DataOptions { SampleCount = 24 })));
        _tables.Add(Encoding.UTF8.GetBytes(Mixed));
        _tables.Add(Encoding.UTF8.GetBytes(Mixed.Replace(',', ';')));
        StringBuilder blanks = new();
        for (int i = 0; i < 30; i++)
            blanks.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i} {i * i % 7}.5   {(i % 2 == 0 ? "a" : "b")}\n");
        _tables.Add(Encoding.UTF8.GetBytes(blanks.ToString()));
        foreach (byte[] table in _tables.ToArray())
        {
            File.WriteAllBytes(path, table);
            if (!table.AsSpan().StartsWith("id"u8))
                Learn(path);
            using StringWriter copy = new();
            DataSource source = DataSource.Open(path);
            source.WriteCsv(copy, source.AllRows());
            _tables.Add(Encoding.UTF8.GetBytes(copy.ToString()));
        }
    }

    /// <inheritdoc/>
    public override FuzzInput Make(Draws draws)
    {
        byte[] table = draws.Of(_tables);
        bool isEncodedFirst = draws.OneIn(2);
        if (isEncodedFirst)
            table = Encode(draws, table);
        table = ByteMutator.Mutate(draws, table, draws.Of(_tables), s_words);
        if (!isEncodedFirst)
            table = Encode(draws, table);
        return new FuzzInput([(FileName, isPacked ? Pack(draws, table) : table)], draws.Bits());
    }

    /// <inheritdoc/>
    protected override DataOptions OptionsFor(FuzzInput input)
    {
        DataOptions options = base.OptionsFor(input);
        return (input.Choice >> 40 & 0xF) switch
        {
            0 => options with { Comment = '#' },
            1 => options with { HasHeader = true },
            2 => options with { HasHeader = false },
            3 => options with { Separator = ' ' },
            4 => options with { Separator = ';', DecimalMark = ',' },
            5 => options with { Target = "1" },
            6 => options with { CategoricalColumns = ["0"], IgnoredColumns = ["1"] },
            7 => options with { Encoding = "windows-1252" },
            8 => options with { Encoding = "utf-16" },
            9 => options with { MissingWords = ["-999", "x"], ThousandsMark = ',' },
            _ => options,
        };
    }

    private static byte[] Encode(Draws draws, byte[] text)
    {
        Encoding? encoding = draws.Below(8) switch
        {
            0 => Encoding.Unicode,
            1 => Encoding.BigEndianUnicode,
            2 => Encoding.Latin1,
            3 => Encoding.UTF32,
            4 => Encoding.UTF8,
            _ => null,
        };
        if (encoding is null)
            return text;
        byte[] mark = draws.OneIn(2) ? encoding.GetPreamble() : [];
        return [.. mark, .. encoding.GetBytes(Encoding.UTF8.GetString(text))];
    }
}
