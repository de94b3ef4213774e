using System.Buffers.Binary;

namespace Thalweg.Fuzz;

/// <summary>How far a worker has come: in a file, which outlives it.</summary>
/// <param name="Inputs">The input under way, from 0.</param>
/// <param name="Seconds">Processor time so far.</param>
internal readonly record struct Progress(long Inputs, double Seconds)
{
    private const string Name = "progress";
    private const int Length = sizeof(long) + sizeof(double);

    /// <summary>Path of the file in the folder of a worker.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, Name);

    /// <summary>Whether a worker has written it.</summary>
    public bool IsKnown => Seconds > 0;

    /// <summary>Reads it; all zeros where the worker ended before its first input.</summary>
    public static Progress Read(string folder)
    {
        if (!File.Exists(PathIn(folder)))
            return default;
        byte[] bytes = File.ReadAllBytes(PathIn(folder));
        return bytes.Length < Length ? default : new Progress(
            BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(sizeof(long))));
    }

    /// <summary>Writes it in one call.</summary>
    public void Write(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Inputs);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[sizeof(long)..], Seconds);
        RandomAccess.Write(file, bytes, 0);
    }
}
