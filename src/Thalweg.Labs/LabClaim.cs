namespace Thalweg.Labs;

/// <summary>A sentence of a source document, word for word.</summary>
/// <param name="Source">Number of the document, such as <c>002</c>.</param>
/// <param name="Chinese">The sentence as the document has it.</param>
/// <param name="English">Its translation.</param>
public sealed record LabQuote(string Source, string Chinese, string English);

/// <summary>What a lab puts to the test.</summary>
/// <param name="Statement">The claim in one sentence.</param>
/// <param name="Sources">Numbers of the documents that make the claim.</param>
/// <param name="Quotes">Sentences of the documents in which they make it.</param>
/// <param name="Formula">The formula behind it, as the inside of a MathML <c>math</c> element.</param>
public sealed record LabClaim(LabText Statement, IReadOnlyList<string> Sources, IReadOnlyList<LabQuote> Quotes, string Formula);

/// <summary>A part of an experiment that can be replaced, such as the initializer under test.</summary>
/// <param name="Name">Its name, such as <c>initializer</c>.</param>
/// <param name="Default">Its value where none is given, as a text that the settings of its kind read.</param>
/// <param name="Summary">What it is.</param>
public sealed record LabOption(string Name, string Default, LabText Summary);
