using System.Text.Json;
using System.Text.Unicode;

namespace Thalweg.Checkpoints;

/// <summary>What the header says of one tensor.</summary>
internal readonly record struct SafetensorsRange(string Name, SafetensorsType Type, int[] Shape, long Begin, long End);

/// <summary>Reads the JSON header of a safetensors file and refuses whatever the format does not allow.</summary>
/// <remarks>Format: https://huggingface.co/docs/safetensors (`{"name": {"dtype": "F32", "shape": [2, 3],
/// "data_offsets": [0, 24]}}`).</remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>Longest header accepted, in bytes: 16 MiB, room for a hundred thousand tensors.</summary>
    public const int LongestHeader = 16 * 1024 * 1024;

    /// <summary>Most dimensions accepted.</summary>
    public const int MostDimensions = 32;

    /// <summary>The member of the header that holds text.</summary>
    public const string MetadataName = "__metadata__";

    private const int Depth = 3;
    private readonly string _source;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<SafetensorsRange> _ranges = [];

    private SafetensorsHeader(string source) => _source = source;

    /// <summary>The text under `__metadata__`.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The tensors in the order of their data, which they cover without a hole.</summary>
    public IReadOnlyList<SafetensorsRange> Ranges => _ranges;

    /// <summary>The kind of its checksum; null where it has none.</summary>
    public SafetensorsChecksum? Checksum { get; private set; }

    /// <summary>Where the value of the checksum starts in the header, or -1.</summary>
    public int ChecksumPosition { get; private set; } = -1;

    /// <summary>Reads a header.</summary>
    /// <param name="header">The JSON text.</param>
    /// <param name="dataLength">Bytes that follow it in the file.</param>
    /// <param name="source">Path of the file, for errors.</param>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> header, long dataLength, string source)
    {
        if (header.IsEmpty || header[0] != '{' || !Utf8.IsValid(header))
            throw CheckpointError.Damaged(source, "the header is not a JSON object in UTF-8");
        SafetensorsHeader parsed = new(source);
        try
        {
            parsed.ReadHeader(header);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape in a string that stands for half a character.
            throw CheckpointError.Damaged(source, $"the header is not valid JSON of depth {Depth} at most " +
                $"({CheckpointError.Shown(exception.Message, 160)})", exception);
        }

        parsed.CheckCover(dataLength);
        return parsed;
    }

    private void ReadHeader(ReadOnlySpan<byte> header)
    {
        Utf8JsonReader reader = new(header, new JsonReaderOptions { MaxDepth = Depth });
        HashSet<string> names = new(StringComparer.Ordinal);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
                throw CheckpointError.Damaged(_source, $"the name {CheckpointError.Quoted(name)} occurs twice in the header");
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw CheckpointError.Damaged(_source, $"{CheckpointError.Quoted(name)} in the header is not an object");
            if (name == MetadataName)
                ReadMetadata(ref reader);
            else
                _ranges.Add(ReadRange(ref reader, name));
        }

        // Nothing but blanks may follow: the reader throws for anything else.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw CheckpointError.Damaged(_source, $"{MetadataName} {CheckpointError.Quoted(name)} is not a string");
            if (SafetensorsChecksum.Of(name) is { } checksum)
                ReadChecksum(ref reader, checksum);
            if (!_metadata.TryAdd(name, reader.GetString()!))
                throw CheckpointError.Damaged(_source, $"{MetadataName} {CheckpointError.Quoted(name)} occurs twice");
        }
    }

    private void ReadChecksum(ref Utf8JsonReader reader, SafetensorsChecksum checksum)
    {
        if (reader.ValueIsEscaped || reader.ValueSpan.Length != checksum.Length)
            throw CheckpointError.Damaged(_source, $"the checksum of the file is not one of {checksum.Length} digits");
        if (Checksum is not null && Checksum != checksum)
            throw CheckpointError.Damaged(_source, "the file has two checksums");
        (Checksum, ChecksumPosition) = (checksum, checked((int)reader.TokenStartIndex + 1));
    }

    private SafetensorsRange ReadRange(ref Utf8JsonReader reader, string name)
    {
        SafetensorsType? type = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string member = reader.GetString()!;
            reader.Read();
            switch (member)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers(ref reader, name, member, int.MaxValue, MostDimensions);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers(ref reader, name, member, long.MaxValue, 2);
                    break;
                default:
                    throw Tensor(name, $"has an unexpected or repeated member {CheckpointError.Quoted(member)}");
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end])
            throw Tensor(name, "lacks its dtype, its shape or its two data_offsets");
        CheckSize(name, type.Value, shape, end - begin);
        return new SafetensorsRange(name, type.Value, [.. shape.Select(size => (int)size)], begin, end);
    }

    private SafetensorsType ReadType(ref Utf8JsonReader reader, string name)
    {
        string text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        return SafetensorsTypes.Parse(text)
            ?? throw Tensor(name, $"has an unknown dtype {CheckpointError.Quoted(text)}");
    }

    private List<long> ReadIntegers(ref Utf8JsonReader reader, string name, string member, long largest, int most)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Tensor(name, $"has a {member} that is not a list");
        List<long> values = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long value) || value < 0 || value > largest)
                throw Tensor(name, $"has a {member} with something else than integers from 0 to {largest}");
            if (values.Count == most)
                throw Tensor(name, $"has a {member} with more than {most} numbers");
            values.Add(value);
        }

        return values;
    }

    private void CheckSize(string name, SafetensorsType type, List<long> shape, long length)
    {
        // A zero makes the tensor empty, but must not hide that the other sizes cannot be multiplied.
        UInt128 size = (UInt128)SafetensorsTypes.Size(type), largest = (UInt128)Array.MaxLength;
        foreach (long dimension in shape)
        {
            size *= (UInt128)Math.Max(dimension, 1);
            if (size > largest)
                throw Tensor(name, $"has a shape of more than {Array.MaxLength} bytes");
        }

        if (shape.Contains(0))
            size = 0;
        if (length < 0 || (UInt128)length != size)
            throw Tensor(name, $"needs {size} bytes by its shape but has {length} by its data_offsets");
    }

    private void CheckCover(long dataLength)
    {
        _ranges.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long end = 0;
        foreach (SafetensorsRange range in _ranges)
        {
            if (range.Begin < end)
                throw Tensor(range.Name, $"starts at byte {range.Begin} of the data, inside the tensor before it, which ends at {end}");
            if (range.Begin > end)
                throw Tensor(range.Name, $"starts at byte {range.Begin} of the data and leaves a hole after byte {end}");
            end = range.End;
        }

        if (end > dataLength)
        {
            throw CheckpointError.Damaged(
                _source, $"the header promises {end} bytes of data, but {dataLength} follow: the file is truncated");
        }

        if (end < dataLength)
        {
            throw CheckpointError.Damaged(
                _source, $"the header promises {end} bytes of data, but {dataLength} follow: there are trailing bytes");
        }
    }

    private ThalwegException Tensor(string name, string problem) =>
        CheckpointError.Damaged(_source, $"tensor {CheckpointError.Quoted(name)} {problem}");
}
