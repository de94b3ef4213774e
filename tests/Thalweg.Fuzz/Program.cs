using Thalweg.Fuzz;

return args is ["worker", .. string[] rest]
    ? Worker.Run(FuzzOptions.Parse(rest))
    : Campaign.Run(FuzzOptions.Parse(args));
