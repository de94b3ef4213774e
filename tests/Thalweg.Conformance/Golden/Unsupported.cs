namespace Thalweg.Conformance.Golden;

/// <summary>A case asks for something that the project does not have: counts as a failure, and is named.</summary>
internal sealed class UnsupportedException(string what) : Exception($"unsupported: {what}");
