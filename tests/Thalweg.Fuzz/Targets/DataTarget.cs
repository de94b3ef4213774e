using System.IO.Compression;
using System.Text;
using Thalweg.Data;
using Thalweg.Fuzz.Mutation;

namespace Thalweg.Fuzz.Targets;

/// <summary>A format of data: what is opened is described and divided too, and read as new data of a model.</summary>
internal abstract class DataTarget(string name) : FuzzTarget(name)
{
    private readonly List<Preprocessing> _known = [];

    /// <summary>Opens, describes, divides and prepares.</summary>
    public override void Read(string folder, FuzzInput input)
    {
        string path = input.PathIn(folder);
        DataOptions options = OptionsFor(input);
        if (input.Chooses(0, 3) && _known.Count > 0)
        {
            Preprocessing known = _known[(int)(input.Choice >> 32) & 0xFFFF % _known.Count];
            using PreparedReader reader = PreparedReader.Open(path, known, requireTarget: input.Chooses(1, 2), options);
            reader.ReadAll();
            return;
        }

        DataSource source = DataSource.Open(path, options);
        _ = source.Describe().Columns.Count;
        DataSplit split = source.Split();
        _ = Preprocessing.FromJson(split.Preprocessing.ToJson());
        source.WriteCsv(TextWriter.Null, source.AllRows());
    }

    /// <summary>How an input is read.</summary>
    protected virtual DataOptions OptionsFor(FuzzInput input) => new()
    {
        // Files that are mapped cannot be replaced by the next input on Windows.
        InMemoryLimit = input.Chooses(2, 8) && !OperatingSystem.IsWindows() ? 0 : null,
        Strict = input.Chooses(3, 16),
        Task = input.Chooses(4, 16) ? LearningTask.Regression() : input.Chooses(4, 17) ? LearningTask.Classification() : null,
    };

    /// <summary>Remembers how unchanged data are prepared.</summary>
    protected void Learn(string path, DataOptions? options = null) => _known.Add(DataSource.Open(path, options).Split().Preprocessing);

    /// <summary>A gzip file of one or two members, changed in one of four cases.</summary>
    protected static byte[] Pack(Draws draws, byte[] bytes)
    {
        int cut = draws.OneIn(4) ? draws.Below(bytes.Length) : bytes.Length;
        byte[] packed = cut < bytes.Length ? [.. Pack(bytes[..cut]), .. Pack(bytes[cut..])] : Pack(bytes);
        return draws.OneIn(4) ? ByteMutator.Mutate(draws, packed, packed, []) : packed;
    }

    /// <summary>A gzip file.</summary>
    protected static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Rows as the project writes them.</summary>
    protected static byte[] Csv(DataSource source)
    {
        using StringWriter writer = new();
        source.WriteCsv(writer, source.AllRows());
        return Encoding.UTF8.GetBytes(writer.ToString());
    }
}
