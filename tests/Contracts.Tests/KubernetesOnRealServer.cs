namespace K2hdkcDbaas.Contracts.Tests;

public sealed class KubernetesOnRealServer(RealKubernetes target) : KubernetesContract(target), IClassFixture<RealKubernetes>;
