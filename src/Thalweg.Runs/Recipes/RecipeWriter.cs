using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Thalweg.Runs;

/// <summary>Writes recipes as YAML.</summary>
internal static class RecipeWriter
{
    /// <summary>The recipe's text.</summary>
    public static string Write(Recipe recipe)
    {
        StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Emitter emitter = Begin(text);
        emitter.Emit(new Scalar(RecipeReader.VersionName));
        emitter.Emit(new Scalar(Recipe.FormatVersion.ToString(CultureInfo.InvariantCulture)));
        string[] open = [];
        foreach (RecipeField field in RecipeField.All)
        {
            if (field.Get(recipe) is { } value && !(field.IsSwitch && value is false))
                open = Write(emitter, (field, value), open);
        }

        foreach (string _ in open)
            emitter.Emit(new MappingEnd());
        return End(emitter, text);
    }

    /// <summary>One field that is set, without the groups around it.</summary>
    public static string Write(RecipeField field, Recipe recipe)
    {
        StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Emitter emitter = Begin(text);
        Write(emitter, (field, field.Get(recipe)!));
        return End(emitter, text);
    }

    /// <summary>Writes one field with the groups around it.</summary>
    /// <returns>The groups that are open now.</returns>
    private static string[] Write(Emitter emitter, (RecipeField Field, object Value) item, string[] open)
    {
        string[] path = item.Field.Path.Split('.'), groups = path[..^1];
        int shared = open.Zip(groups).TakeWhile(pair => pair.First == pair.Second).Count();
        for (int i = open.Length; i > shared; i--)
            emitter.Emit(new MappingEnd());
        foreach (string group in groups[shared..])
        {
            emitter.Emit(new Scalar(group));
            emitter.Emit(new MappingStart());
        }

        Write(emitter, item);
        return groups;
    }

    private static void Write(Emitter emitter, (RecipeField Field, object Value) item)
    {
        emitter.Emit(new Scalar(item.Field.Path.Split('.')[^1]));
        if (item.Value is ValueList<string> list)
            Write(emitter, list, SequenceStyle.Flow);
        else if (item is { Field.IsNetwork: true, Value: string text } && NetworkText.LayersOf(text) is { } layers)
            Write(emitter, layers, SequenceStyle.Block);
        else
            emitter.Emit(Quoted(item.Field.Format(item.Value)!));
    }

    public static Emitter Begin(StringWriter text)
    {
        Emitter emitter = new(text, new EmitterSettings().WithNewLine("\n").WithMaxSimpleKeyLength(1024).WithBestWidth(int.MaxValue));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        emitter.Emit(new MappingStart());
        return emitter;
    }

    public static string End(Emitter emitter, StringWriter text)
    {
        emitter.Emit(new MappingEnd());
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString().Replace("...\n", "", StringComparison.Ordinal);
    }

    public static void Write(Emitter emitter, IEnumerable<string> items, SequenceStyle style)
    {
        emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
        foreach (string item in items)
            emitter.Emit(Quoted(item));
        emitter.Emit(new SequenceEnd());
    }

    /// <summary>A string in quotes where it would read as null.</summary>
    public static Scalar Quoted(string text) => new(
        AnchorName.Empty, TagName.Empty, text,
        text is "" or "~" || text.Equals("null", StringComparison.OrdinalIgnoreCase) ? ScalarStyle.SingleQuoted : ScalarStyle.Any,
        isPlainImplicit: true, isQuotedImplicit: true);
}
