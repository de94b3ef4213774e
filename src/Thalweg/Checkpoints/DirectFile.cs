using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Thalweg.Checkpoints;

/// <summary>Writes a new file in order, past the page cache where the system lets it: the training that runs beside it keeps its processors
/// and its memory.</summary>
/// <remarks>Of 118 MB, the copies into the page cache took 40 to 270 ms of processor time, O_DIRECT 10 ms. Linux alone; elsewhere, and on
/// file systems that refuse it, the file is written in large pieces as usual. The first piece is kept until the end, so that what stands
/// in it can still be changed.</remarks>
internal sealed unsafe partial class DirectFile : IDisposable
{
    /// <summary>Bytes of a piece; what lies in the first one can be changed until the end.</summary>
    public const int Piece = 1 << 20;

    private const int Alignment = 4096, WriteOnly = 1, Create = 0x40, Exclusive = 0x80, CloseOnExec = 0x80000, Mode = 0x1B6;

    private readonly string _path;
    private readonly byte* _first, _current;
    private SafeFileHandle _handle;
    private bool _isDirect;
    private long _length;

    /// <summary>Makes the file.</summary>
    /// <param name="path">Its path; what is there is replaced.</param>
    public DirectFile(string path)
    {
        _path = path;
        _handle = OpenDirect(path) ?? File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None);
        _first = (byte*)NativeMemory.AlignedAlloc(2 * Piece, Alignment);
        _current = _first + Piece;
    }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int used = (int)(_length % Piece), taken = Math.Min(Piece - used, bytes.Length);
            bytes[..taken].CopyTo(new Span<byte>((_length < Piece ? _first : _current) + used, taken));
            _length += taken;
            if (_length % Piece == 0 && _length > Piece)
                Put(_current, Piece, _length - Piece);
            bytes = bytes[taken..];
        }
    }

    /// <summary>Changes bytes of the first piece.</summary>
    /// <param name="position">Where they begin.</param>
    /// <param name="bytes">The bytes.</param>
    public void Change(int position, ReadOnlySpan<byte> bytes) => bytes.CopyTo(new Span<byte>(_first, Piece)[position..]);

    /// <summary>Writes what is left, and forces all of it to the disk.</summary>
    public void Finish()
    {
        int rest = (int)(_length % Piece);
        if (_length > Piece && rest > 0)
            Put(_current, rest, _length - rest);
        if (_length > 0)
            Put(_first, (int)Math.Min(_length, Piece), 0);
        if (RandomAccess.GetLength(_handle) != _length)
            RandomAccess.SetLength(_handle, _length);
        RandomAccess.FlushToDisk(_handle);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        NativeMemory.AlignedFree(_first);
    }

    /// <summary>Writes a piece; direct writes are of whole blocks, and the file is cut to its length at the end.</summary>
    private void Put(byte* piece, int count, long position)
    {
        int whole = (count + Alignment - 1) / Alignment * Alignment;
        new Span<byte>(piece + count, whole - count).Clear();
        try
        {
            RandomAccess.Write(_handle, new ReadOnlySpan<byte>(piece, _isDirect ? whole : count), position);
        }
        catch (IOException) when (_isDirect)
        {
            // Some file systems open a file for direct writes and then refuse them. A full disk fails again.
            _isDirect = false;
            _handle.Dispose();
            _handle = File.OpenHandle(_path, FileMode.Open, FileAccess.Write, FileShare.None);
            RandomAccess.Write(_handle, new ReadOnlySpan<byte>(piece, count), position);
        }
    }

    private SafeFileHandle? OpenDirect(string path)
    {
        // The flag has another value on ARM than on x86.
        int direct = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 or Architecture.X86 => 0x4000,
            Architecture.Arm64 or Architecture.Arm => 0x10000,
            _ => 0,
        };
        if (!OperatingSystem.IsLinux() || direct == 0)
            return null;
        int handle = Open(path, WriteOnly | Create | Exclusive | CloseOnExec | direct, Mode);
        _isDirect = handle >= 0;
        return _isDirect ? new SafeFileHandle(handle, ownsHandle: true) : null;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);
}
