using System.Buffers.Binary;
using System.Text;
using Thalweg.Checkpoints;

namespace Thalweg.Tests.Checkpoints;

/// <summary>Files built by hand, right and wrong, and a folder for them that goes when the test ends.</summary>
internal static class RawFile
{
    /// <summary>A file of a header text and so many bytes of data, counted up from 0.</summary>
    public static byte[] Of(string header, int dataLength) => Of(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Of(byte[] header, int dataLength)
    {
        byte[] file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        for (int i = 0; i < dataLength; i++)
            file[8 + header.Length + i] = (byte)i;
        return file;
    }

    public static SafetensorsFile Parse(byte[] file)
    {
        using MemoryStream stream = new(file);
        return SafetensorsFile.Read(stream, "test.safetensors");
    }

    public static byte[] Bytes(SafetensorsWriter writer)
    {
        using MemoryStream stream = new();
        writer.Write(stream);
        return stream.ToArray();
    }

    /// <summary>The error that reading gives: always of one line that names the file.</summary>
    public static string Refused(byte[] file)
    {
        string message = Should.Throw<ThalwegException>(() => Parse(file)).Message;
        message.ShouldStartWith("[checkpoint] test.safetensors: ");
        message.ShouldNotContain('\n');
        message.Length.ShouldBeLessThan(500);
        return message;
    }
}

/// <summary>A folder of its own for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thalweg-tests-");

    public string Path => _folder.FullName;

    public string this[string name] => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
