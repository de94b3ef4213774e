namespace Thalweg.Checkpoints;

/// <summary>Element types of the safetensors format; the file spells them in capitals (`F32`, `BF16`).</summary>
public enum SafetensorsType
{
    /// <summary>IEEE single precision, <see cref="float"/>.</summary>
    F32,

    /// <summary>IEEE double precision, <see cref="double"/>.</summary>
    F64,

    /// <summary>IEEE half precision, <see cref="Half"/>.</summary>
    F16,

    /// <summary>The upper half of a single: 8 exponent bits, 7 fraction bits; read as <see cref="ushort"/>.</summary>
    BF16,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>One byte per truth value, 0 or 1; read as <see cref="byte"/>.</summary>
    Bool,
}

/// <summary>Names, sizes and .NET types of the element types.</summary>
internal static class SafetensorsTypes
{
    /// <summary>The element type that values of <typeparamref name="T"/> are written as.</summary>
    /// <exception cref="ThalwegException">The format has no such type.</exception>
    public static SafetensorsType Of<T>()
        where T : unmanaged
    {
        return typeof(T) == typeof(float) ? SafetensorsType.F32
            : typeof(T) == typeof(double) ? SafetensorsType.F64
            : typeof(T) == typeof(Half) ? SafetensorsType.F16
            : typeof(T) == typeof(sbyte) ? SafetensorsType.I8
            : typeof(T) == typeof(short) ? SafetensorsType.I16
            : typeof(T) == typeof(int) ? SafetensorsType.I32
            : typeof(T) == typeof(long) ? SafetensorsType.I64
            : typeof(T) == typeof(byte) ? SafetensorsType.U8
            : typeof(T) == typeof(ushort) ? SafetensorsType.U16
            : typeof(T) == typeof(uint) ? SafetensorsType.U32
            : typeof(T) == typeof(ulong) ? SafetensorsType.U64
            : throw new ThalwegException(
                $"[checkpoint] safetensors files cannot hold elements of type {typeof(T).Name}; use float, double, Half or an integer " +
                "type");
    }

    /// <summary>Whether elements of <paramref name="type"/> can be read as values of <typeparamref name="T"/>, bit for bit.</summary>
    public static bool CanReadAs<T>(SafetensorsType type)
        where T : unmanaged =>
        type switch
        {
            SafetensorsType.Bool => typeof(T) == typeof(byte),
            SafetensorsType.BF16 => typeof(T) == typeof(ushort),
            _ => Of<T>() == type,
        };

    /// <summary>Bytes per element.</summary>
    public static int Size(SafetensorsType type) =>
        type switch
        {
            SafetensorsType.F64 or SafetensorsType.I64 or SafetensorsType.U64 => 8,
            SafetensorsType.F32 or SafetensorsType.I32 or SafetensorsType.U32 => 4,
            SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.I16 or SafetensorsType.U16 => 2,
            _ => 1,
        };

    /// <summary>The name in the file.</summary>
    public static string Name(SafetensorsType type) => type == SafetensorsType.Bool ? "BOOL" : type.ToString();

    /// <summary>The type that the file calls <paramref name="name"/>, or null.</summary>
    public static SafetensorsType? Parse(string name)
    {
        foreach (SafetensorsType type in Enum.GetValues<SafetensorsType>())
        {
            if (Name(type) == name)
                return type;
        }

        return null;
    }
}
