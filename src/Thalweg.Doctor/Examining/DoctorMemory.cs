using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Diagnostics;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>What a <see cref="DoctorObserver"/> knows of a run, as text that a checkpoint holds.</summary>
internal sealed record DoctorMemory
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        Converters = { new ValuesConverter<double>(), new ValuesConverter<Evidence>(), new ValuesConverter<Fix>(),
            new ValuesConverter<RecipeDifference>(), new CauseConverter() },
    };

    /// <summary>Version of the form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>State of the instruments, as <see cref="InstrumentPanel.Save(Stream)"/> writes it.</summary>
    public byte[] Panel { get; init; } = [];

    /// <summary>Losses and gradient norms of the steps: their bits, little-endian.</summary>
    public byte[] StepLosses { get; init; } = [];

    /// <inheritdoc cref="StepLosses"/>
    public byte[] GradientNorms { get; init; } = [];

    /// <summary>The epochs, as the events of a run have them.</summary>
    public string[] Epochs { get; init; } = [];

    /// <summary>The readings.</summary>
    public InstrumentReading[] Readings { get; init; } = [];

    /// <summary>The network at its start.</summary>
    public NetworkProbe? Start { get; init; }

    /// <summary>The check of the gradients at the start.</summary>
    public GradientCheck? Check { get; init; }

    /// <summary>The findings that were reported.</summary>
    public Finding[] Findings { get; init; } = [];

    /// <summary>The memory of a doctor.</summary>
    public static string Save(RunSigns signs, IEnumerable<Finding> findings, InstrumentPanel panel)
    {
        using MemoryStream stream = new();
        panel.Save(stream);
        return JsonSerializer.Serialize(
            new DoctorMemory
            {
                Panel = stream.ToArray(),
                StepLosses = Bytes(signs.StepLosses),
                GradientNorms = Bytes(signs.GradientNorms),
                Epochs = [.. signs.Epochs.Select(epoch => new RunEvent.EpochEnded(epoch).ToJson())],
                Readings = [.. signs.Readings],
                Start = signs.Start,
                Check = signs.GradientCheck,
                Findings = [.. findings],
            },
            s_options);
    }

    /// <summary>Reads <see cref="Save"/>.</summary>
    /// <exception cref="JsonException">It is damaged, or of another version.</exception>
    public static DoctorMemory Load(string text) =>
        JsonSerializer.Deserialize<DoctorMemory>(text, s_options) is { Version: 1 } memory ? memory
            : throw new JsonException("expected the memory of a doctor of version 1");

    /// <summary>Gives the memory to the signs of the resumed run.</summary>
    public void GiveTo(RunSigns signs)
    {
        signs.StepLosses.AddRange(Numbers(StepLosses));
        signs.GradientNorms.AddRange(Numbers(GradientNorms));
        foreach (string epoch in Epochs)
            signs.Epochs.Add(((RunEvent.EpochEnded)RunEvent.FromJson(epoch)).Report);
        foreach (InstrumentReading reading in Readings)
            signs.Add(reading);
        (signs.Start, signs.GradientCheck) = (Start, Check);
    }

    private static byte[] Bytes(List<double> values)
    {
        byte[] bytes = new byte[8 * values.Count];
        for (int i = 0; i < values.Count; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), values[i]);
        return bytes;
    }

    private static IEnumerable<double> Numbers(byte[] bytes) => Enumerable.Range(0, bytes.Length / 8)
        .Select(i => System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * i)));

    /// <summary>Lists of values as arrays.</summary>
    private sealed class ValuesConverter<T> : JsonConverter<ValueList<T>>
    {
        public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<T[]>(ref reader, options) ?? []);

        public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToArray(), options);
    }

    /// <summary>Causes by their ids.</summary>
    private sealed class CauseConverter : JsonConverter<Cause>
    {
        public override Cause Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Cause.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Cause value, JsonSerializerOptions options) => writer.WriteStringValue(value.Id);
    }
}
