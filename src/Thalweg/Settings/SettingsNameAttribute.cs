namespace Thalweg;

/// <summary>The name of a setting in texts, where it is not that of its property in snake case: a property that is renamed keeps the name
/// that saved texts have.</summary>
/// <param name="name">The name.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingsNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
