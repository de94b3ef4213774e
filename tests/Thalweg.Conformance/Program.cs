using Thalweg.Conformance.Golden;

// Checks the library, in double precision, against golden files: one line per file, one for each case that fails, then the totals.
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: Thalweg.Conformance FILES...   (golden files; see their README for the format)");
    return 2;
}

(int passed, int failed) = (0, 0);
foreach (string path in args)
{
    (int good, int bad) = GoldenFile.Run(path, Console.Out);
    passed += good;
    failed += bad;
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 && passed > 0 ? 0 : 1;
