using System.Collections;
using System.Runtime.CompilerServices;

namespace Thalweg.Runs;

/// <summary>An immutable list of strings that is equal to another with the same strings; written <c>["a", "b"]</c>.</summary>
[CollectionBuilder(typeof(TextList), nameof(Create))]
public sealed class TextList : IReadOnlyList<string>, IEquatable<TextList>
{
    private readonly string[] _items;

    private TextList(string[] items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public string this[int index] => _items[index];

    /// <summary>Makes a list.</summary>
    /// <param name="items">Its strings.</param>
    public static TextList Create(ReadOnlySpan<string> items) => new(items.ToArray());

    /// <summary>Reads a list from one string, separated by commas; an item with a comma or a quotation mark is quoted as in CSV.</summary>
    /// <param name="text">The string, as <see cref="ToString"/> writes it.</param>
    public static TextList Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> items = [""];
        bool isQuoted = false, wasQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                items[^1] += '"';
                i++;
            }
            else if (text[i] == '"' && (isQuoted || items[^1].Trim().Length == 0))
            {
                (isQuoted, wasQuoted, items[^1]) = (!isQuoted, true, isQuoted ? items[^1] : "");
            }
            else if (text[i] == ',' && !isQuoted)
            {
                Close();
                items.Add("");
            }
            else
            {
                items[^1] += text[i];
            }
        }

        Close();
        return new TextList([.. items]);

        void Close()
        {
            items[^1] = wasQuoted ? items[^1] : items[^1].Trim();
            wasQuoted = false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(TextList? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TextList);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Aggregate(_items.Length, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_items).GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', _items.Select(Quote));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Quote(string item) =>
        item.Contains(',', StringComparison.Ordinal) || item.Contains('"', StringComparison.Ordinal) || item != item.Trim()
            ? $"\"{item.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : item;
}
