using System.Globalization;
using Thalweg.Kills;

return args switch
{
    ["child", "study", string folder, string workers] => StudyChild.Train(folder, Whole(workers)),
    ["child", "crowd", string place, string trials] => StudyChild.Crowd(place, Whole(trials)),
    ["child", string name, string folder] => Child.Run(Victim.Find(name), folder),
    ["--study", .. string[] rest] => StudyHarness.Kill(HarnessOptions.Parse(rest)),
    ["--crowd", string kind, string processes, string trials] => StudyHarness.Crowd(Whole(processes), Whole(trials), kind),
    _ => Harness.Run(HarnessOptions.Parse(args)),
};

static int Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
