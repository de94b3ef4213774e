using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Thalweg.Fuzz.Mutation;

/// <summary>Changes a JSON text that stays JSON: members are removed, renamed, exchanged, repeated; values take other kinds and sizes.</summary>
internal static class JsonMutator
{
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "1", "2", "-1", "3.5", "1e308", "-1e308", "1e-320", "2147483647", "2147483648", "-2147483648", "100000", "10000000",
        "1000000000", "9223372036854775807", "18446744073709551615", "1000000000000000000000000", "\"\"", "\"NaN\"", "\"Infinity\"", "\"a\"", "[]", "{}", "[[]]",
        "[null]", "[1,2]", "{\"a\":1}", "\"\\u0000\"", "\"\\n\"", "[-1]", "[0]", "[1000000,1000000]",
    ];

    /// <summary>A text with one to several changes.</summary>
    public static string Mutate(Draws draws, string json, string other)
    {
        JsonNode root = JsonNode.Parse(json)!, donor = JsonNode.Parse(other)!;
        int changes = 1 + Math.Min(draws.Below(6), draws.Below(6));
        for (int i = 0; i < changes; i++)
            Change(draws, root, donor);
        string text = root.ToJsonString();
        return draws.OneIn(16) ? Nest(draws, text) : text;
    }

    private static void Change(Draws draws, JsonNode root, JsonNode donor)
    {
        JsonNode? at = Pick(draws, root), from = Pick(draws, draws.OneIn(2) ? root : donor);
        if (at?.Parent is not { } parent)
            return;
        JsonNode? value = draws.Below(4) switch
        {
            0 => from?.DeepClone(),
            1 when at is JsonValue old && old.TryGetValue(out string? text) => JsonValue.Create(Word(draws, text)),
            1 when at is JsonValue => JsonNode.Parse(draws.Below(300).ToString(CultureInfo.InvariantCulture)),
            _ => JsonNode.Parse(draws.Of(s_values)),
        };
        if (parent is JsonArray list)
            ChangeItem(draws, list, list.IndexOf(at), value);
        else
            ChangeMember(draws, (JsonObject)parent, at.GetPropertyName(), value);
    }

    private static void ChangeItem(Draws draws, JsonArray list, int index, JsonNode? value)
    {
        switch (draws.Below(4))
        {
            case 0: list.RemoveAt(index); break;
            case 1: list.Insert(index, value); break;
            case 2:
                for (int times = 1 << draws.Below(6); times > 0; times--)
                    list.Add(list[index]?.DeepClone());
                break;
            default: list[index] = value; break;
        }
    }

    private static void ChangeMember(Draws draws, JsonObject members, string name, JsonNode? value)
    {
        switch (draws.Below(6))
        {
            case 0: members.Remove(name); break;
            case 1: members[Word(draws, name)] = value; break;
            default: members[name] = value; break;
        }
    }

    private static JsonNode? Pick(Draws draws, JsonNode root)
    {
        JsonNode? node = root;
        while (node is JsonArray { Count: > 0 } or JsonObject { Count: > 0 })
        {
            JsonNode? next = node is JsonArray list ? list[draws.Below(list.Count)]
                : ((JsonObject)node).Select(member => member.Value).ElementAt(draws.Below(((JsonObject)node).Count));
            if (next is null)
                return node;
            node = next;
            if (draws.OneIn(5))
                return node;
        }

        return node;
    }

    /// <summary>A string with one change; the text stays valid UTF-16.</summary>
    private static string Word(Draws draws, string text)
    {
        byte[] changed = ByteMutator.Mutate(draws, Encoding.UTF8.GetBytes(text), "relu(1,[a=b])"u8.ToArray(), []);
        return Encoding.UTF8.GetString(changed);
    }

    private static string Nest(Draws draws, string text)
    {
        int depth = 1 << draws.Below(14);
        (string open, string close) = draws.OneIn(2) ? ("[", "]") : ("{\"layers\":", "}");
        return string.Concat(Enumerable.Repeat(open, depth)) + text + string.Concat(Enumerable.Repeat(close, depth));
    }
}
