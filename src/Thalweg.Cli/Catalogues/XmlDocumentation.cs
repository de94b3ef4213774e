using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Thalweg.Cli.Catalogues;

/// <summary>The sentences of the XML documentation, which lies beside the assembly: so that help and source cannot differ.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members = [];

    /// <summary>Reads the documentation of the library; where it is missing, all sentences are empty.</summary>
    public static XmlDocumentation Load()
    {
        XmlDocumentation documentation = new();
        foreach (string name in (string[])["Thalweg.xml", "Thalweg.Core.xml"])
        {
            string path = Path.Combine(AppContext.BaseDirectory, name);
            if (!File.Exists(path))
                continue;
            using XmlReader reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            foreach (XElement member in XDocument.Load(reader).Descendants("member"))
                documentation._members.TryAdd(member.Attribute("name")!.Value, member);
        }

        return documentation;
    }

    /// <summary>The summary of a member, on one line; empty where there is none.</summary>
    /// <param name="id">Its name in the documentation, as in <c>P:Thalweg.Optimizers.AdamFamily.B1</c>.</param>
    public string Summary(string id) =>
        _members.TryGetValue(id, out XElement? member) && member.Element("summary") is { } summary
            ? Blanks().Replace(Text(summary), " ").Trim()
            : "";

    /// <summary>The summary of the overload of a method that has the fewest parameters; empty where there is none.</summary>
    /// <param name="id">Its name in the documentation without parameters, as in <c>M:Thalweg.Tensor.Relu</c>.</param>
    public string SummaryOfMethod(string id) => _members.Keys
        .Where(key => key == id || key.StartsWith($"{id}(", StringComparison.Ordinal))
        .OrderBy(key => key.Length).Select(Summary).FirstOrDefault("");

    private static string Text(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } reference => Name(reference),
        XElement inner => Text(inner),
        _ => "",
    }));

    /// <summary>The last part of a reference; of values and properties, as texts write it.</summary>
    private static string Name(XElement reference)
    {
        string full =
            (reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword"))?.Value ?? reference.Value;
        string last = full.Split('(')[0].Split('.', ':')[^1];
        return full.StartsWith("F:", StringComparison.Ordinal) || full.StartsWith("P:", StringComparison.Ordinal)
            ? WordStarts().Replace(last, "_$0").ToLowerInvariant()
            : last;
    }

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex WordStarts();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
