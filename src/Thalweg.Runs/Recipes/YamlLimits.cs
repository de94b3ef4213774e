using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Thalweg.Runs;

/// <summary>Refuses YAML that no recipe needs before it is loaded: nested so deeply that loading would exhaust the stack, or with aliases
/// that stand for one another and grow without end.</summary>
internal sealed class YamlLimits
{
    /// <summary>Longest text, in characters.</summary>
    public const int LongestText = 1 << 20;

    /// <summary>Deepest nesting of lists and mappings.</summary>
    public const int MostDepth = 32;

    /// <summary>What all aliases together may stand for, in characters and values.</summary>
    public const int MostFromAliases = 100_000;

    private readonly string _location;
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private readonly Stack<(string? Anchor, long Start)> _open = new();
    private long _size, _fromAliases;

    private YamlLimits(string location) => _location = location;

    /// <summary>Goes over a text without building anything.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="location">The file, for messages.</param>
    /// <exception cref="ThalwegException">A limit is exceeded.</exception>
    public static void Check(string yaml, string location)
    {
        if (yaml.Length > LongestText)
        {
            throw new ThalwegException(
                $"{location}: expected a recipe of at most {LongestText} characters, got {yaml.Length}; give the path of a recipe file");
        }

        YamlLimits limits = new(location);
        Parser parser = new(new StringReader(yaml));
        while (parser.MoveNext())
            limits.Take(parser.Current!);
    }

    private void Take(ParsingEvent item)
    {
        switch (item)
        {
            case MappingStart or SequenceStart:
                _open.Push((NameOf((NodeEvent)item), _size++));
                if (_open.Count > MostDepth)
                    throw Refused(item, $"at most {MostDepth} levels of lists and mappings, got more");
                break;
            case MappingEnd or SequenceEnd:
                (string? anchor, long start) = _open.Pop();
                Keep(anchor, _size - start);
                break;
            case Scalar scalar:
                _size += 1 + scalar.Value.Length;
                Keep(NameOf(scalar), 1 + scalar.Value.Length);
                break;
            case AnchorAlias alias:
                Follow(alias);
                break;
            default:
                break;
        }
    }

    private void Follow(AnchorAlias alias)
    {
        string name = alias.Value.Value;
        if (_open.Any(open => open.Anchor == name))
            throw Refused(alias, $"an alias of a value that is complete, got *{name} inside of &{name}");

        // One that is not known is an error of the loader, which says so.
        long size = _sizes.GetValueOrDefault(name);
        _size += size;
        _fromAliases += size;
        if (_fromAliases > MostFromAliases)
            throw Refused(alias, $"aliases that stand for at most {MostFromAliases} characters, got more");
    }

    private void Keep(string? anchor, long size)
    {
        if (anchor is not null)
            _sizes[anchor] = size;
    }

    private static string? NameOf(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;

    private ThalwegException Refused(ParsingEvent item, string expected) => new(
        $"{_location}, line {item.Start.Line}, column {item.Start.Column}: expected {expected}; write the recipe without them");
}
