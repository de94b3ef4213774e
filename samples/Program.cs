using Thalweg.Samples;

// dotnet run -c Release --project samples -- NAME: runs one sample; without a name, all of them.
string[] names = args.Length > 0 ? args : [.. Sample.All.Select(sample => sample.Name)];
foreach (string name in names)
{
    if (Sample.All.FirstOrDefault(sample => sample.Name == name) is not { } sample)
    {
        Console.Error.WriteLine($"there is no sample '{name}'; there are {string.Join(", ", Sample.All.Select(known => known.Name))}");
        return 2;
    }

    Console.WriteLine($"== {sample.Name}: {sample.Summary}");
    sample.Run(Console.Out);
}

return 0;
