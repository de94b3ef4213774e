using Thalweg.Kills;

return args is ["child", string name, string folder]
    ? Child.Run(Victim.Find(name), folder)
    : Harness.Run(HarnessOptions.Parse(args));
