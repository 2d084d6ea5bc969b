using K2hdkcDbaas.Sandbox;

return await SandboxProgram.RunAsync(args).ConfigureAwait(false);
