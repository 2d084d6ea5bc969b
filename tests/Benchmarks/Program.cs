using BenchmarkDotNet.Running;
using K2hdkcDbaas.Benchmarks;

// 'side' compares the ways to a ring in one run, 'many' writes keys with many calls in flight, 'policies' shows what
// the read policies cost; anything else goes to BenchmarkDotNet.
if (args is ["side", .. var rest]) return await SideBySide.RunAsync(rest, CancellationToken.None).ConfigureAwait(false);
if (args is ["many", .. var given]) return await ManyWrites.RunAsync(given, CancellationToken.None).ConfigureAwait(false);
if (args is ["policies", .. var policies]) return await ReadPolicies.RunAsync(policies, CancellationToken.None).ConfigureAwait(false);
BenchmarkSwitcher.FromAssembly(typeof(SideBySide).Assembly).Run(args);
return 0;
