using BenchmarkDotNet.Running;
using K2hdkcDbaas.Benchmarks;

// 'side' compares the ways to a ring in one run; anything else goes to BenchmarkDotNet.
if (args is ["side", .. var rest]) return await SideBySide.RunAsync(rest, CancellationToken.None).ConfigureAwait(false);
BenchmarkSwitcher.FromAssembly(typeof(SideBySide).Assembly).Run(args);
return 0;
