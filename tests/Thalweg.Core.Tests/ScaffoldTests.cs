namespace Thalweg_Core_Tests;
public sealed class ScaffoldTests { [Fact] public void Suite_runs() => true.ShouldBeTrue(); }
