using System.IO.Compression;

namespace Thalweg.Data;

/// <summary>Formats of data files that are read.</summary>
internal enum FileFormat
{
    /// <summary>A table as text.</summary>
    Text,

    /// <summary>IDX, plain or gzip.</summary>
    Idx,

    /// <summary>A NumPy array.</summary>
    Npy,

    /// <summary>A NumPy archive.</summary>
    Npz,
}

/// <summary>Tells the format of a file by its first bytes; its name decides nothing but the wording of an error.</summary>
internal static class FileFormats
{
    private const int StartBytes = 512;

    /// <summary>First bytes of formats that are not read, and what to do.</summary>
    private static readonly (byte[] Start, string Name, string Remedy)[] s_others =
    [
        ([.. "PAR1"u8], "a Parquet file", "register the format of Thalweg.Parquet first (ParquetFormat.Register()), or write it as CSV"),
        ([.. "ARROW1"u8], "an Arrow file", "write it as CSV (pandas: read_feather(...).to_csv(..., index=False))"),
        ([.. "FEA1"u8], "a Feather file", "write it as CSV (pandas: read_feather(...).to_csv(..., index=False))"),
        ([0x89, .. "HDF\r\n\x1A\n"u8], "an HDF5 file (.h5, MATLAB 7.3)", "write its arrays as .npy or .npz (Python: h5py, numpy.savez)"),
        ([.. "MATLAB 5.0 MAT-file"u8], "a MATLAB file", "write its arrays as .npz (Python: scipy.io.loadmat, numpy.savez)"),
        ([.. "SQLite format 3\0"u8], "an SQLite database", "write the table as CSV"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Office file, such as an Excel workbook (.xls)", "save the sheet as CSV"),
        ([0x89, .. "PNG"u8], "an image (PNG)", "collect the images into an array of NumPy or a pair of IDX files"),
        ([0xFF, 0xD8, 0xFF], "an image (JPEG)", "collect the images into an array of NumPy or a pair of IDX files"),
        ([.. "GIF8"u8], "an image (GIF)", "collect the images into an array of NumPy or a pair of IDX files"),
        ([.. "%PDF-1."u8], "a PDF document", "give the table as CSV"),
        ([.. "BZh"u8], "packed by bzip2", "unpack it first (bunzip2)"),
        ([0xFD, .. "7zXZ\0"u8], "packed by xz", "unpack it first (unxz)"),
        ([0x28, 0xB5, 0x2F, 0xFD], "packed by zstd", "unpack it first (unzstd)"),
        ([.. "7z"u8, 0xBC, 0xAF], "a 7z archive", "unpack it first"),
        ([.. "Rar!"u8], "a RAR archive", "unpack it first"),
        ([.. "RDX"u8], "an R data file", "write it as CSV (R: write.csv)"),
        ([.. "X\n\0\0\0"u8], "an R data file (.rds)", "write it as CSV (R: write.csv)"),
        ([.. "$FL2"u8], "an SPSS file", "write it as CSV (pandas: read_spss)"),
        ([.. "<stata_dta>"u8], "a Stata file", "write it as CSV (pandas: read_stata)"),
        ([.. "version https://git-lfs"u8], "a pointer of Git LFS, not the file itself", "fetch the file (git lfs pull)"),
    ];

    /// <summary>Finds the format.</summary>
    /// <exception cref="ThalwegException">It is a format that is not read: it is named, with the way out.</exception>
    public static FileFormat Find(string path)
    {
        byte[] start = SourceFile.ReadPrefix(path, StartBytes, out _);
        FileFormat format = Find(path, start);
        if (format is FileFormat.Npy or FileFormat.Npz && SourceFile.IsPacked(path))
            throw new ThalwegException($"{path}: expected an array of NumPy as it is, got one packed by gzip; unpack it first (gunzip)");
        return format;
    }

    private static FileFormat Find(string path, ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0x93, .. "NUMPY"u8]))
            return FileFormat.Npy;
        if (start is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..])
            return FindInArchive(path);
        if (start is [0, 0, 8 or 9 or 0x0B or 0x0C or 0x0D or 0x0E, >= 1 and <= 8, ..])
            return FileFormat.Idx;
        // A table may begin with a short word of ASCII too, such as a column that is called PAR1.
        foreach ((byte[] magic, string name, string remedy) in s_others)
        {
            if (start.StartsWith(magic) && (magic[0] >= 0x80 || magic.Length > 6 || IsBinary(start)))
                throw Other(path, name, remedy);
        }

        if (start is [0x80, >= 2 and <= 5, ..])
        {
            throw Other(path, "a pickle of Python, which can run any program when it is read",
                "write its arrays as .npz (numpy.savez) or its table as CSV");
        }

        if (start.Length > 262 && start[257..].StartsWith("ustar"u8))
            throw Other(path, "a tar archive", "unpack it first (tar -xf)");
        return FindByName(path, start);
    }

    /// <summary>What a file was meant to be that has no known first bytes: a wrong magic number must be called one.</summary>
    private static FileFormat FindByName(string path, ReadOnlySpan<byte> start)
    {
        string name = Path.GetFileName(path);
        if (!IsBinary(start))
            return FileFormat.Text;
        return name.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? FileFormat.Npz
            : name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? FileFormat.Npy
            : start is [0, 0, ..] || name.Contains("idx", StringComparison.OrdinalIgnoreCase)
                || name.Contains("-ubyte", StringComparison.OrdinalIgnoreCase) ? FileFormat.Idx
            : FileFormat.Text;
    }

    /// <summary>Whether the beginning of a file is no text in any encoding that is recognized.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> start)
    {
        if (TextEncodings.OfMark(start) is not null || TextEncodings.Utf16WithoutMark(start) is not null)
            return false;
        foreach (byte value in start)
        {
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
                return true;
        }

        return false;
    }

    /// <summary>A zip file is what its entries are.</summary>
    private static FileFormat FindInArchive(string path)
    {
        using FileStream stream = SourceFile.OpenRaw(path);
        string[] names;
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read);
            names = [.. archive.Entries.Select(entry => entry.FullName)];
        }
        catch (InvalidDataException)
        {
            // A damaged archive: the reader of archives says so.
            return FileFormat.Npz;
        }

        if (names.Any(name => name.StartsWith("xl/", StringComparison.Ordinal)))
            throw Other(path, "an Excel workbook", "save the sheet as CSV");
        if (names.Contains("mimetype"))
            throw Other(path, "an OpenDocument file", "save the sheet as CSV");
        if (names.Any(name => name.EndsWith("data.pkl", StringComparison.Ordinal)))
            throw Other(path, "a file of PyTorch, which can run any program when it is read", "write its arrays as .npz (numpy.savez)");
        if (names.Any(name => name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)))
            return FileFormat.Npz;
        string some = string.Join(", ", names.Take(3).Select(CellText.Quote));
        throw Other(path, $"a zip archive without arrays of NumPy (it holds {some})", "unpack it first");
    }

    private static ThalwegException Other(string path, string name, string remedy) =>
        new($"{path}: expected CSV, IDX, .npy or .npz, got {name}; {remedy}");
}
