namespace Thalweg.Data;

/// <summary>What is to be known of how data were read: a guess, a change, or rows and columns left out.</summary>
/// <param name="Kind">What it is about, in one word that stays the same between versions: "encoding", "header", "missing", ...</param>
/// <param name="Text">One sentence with place and figures, such as "line 12: byte 0xE9 is not UTF-8; read as Windows-1252".</param>
/// <param name="Option">Property of <see cref="DataOptions"/> that changes it, such as "Encoding"; null where none does.</param>
public sealed record DataNote(string Kind, string Text, string? Option = null);
