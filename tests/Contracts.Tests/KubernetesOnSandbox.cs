namespace K2hdkcDbaas.Contracts.Tests;

public sealed class KubernetesOnSandbox(SandboxKubernetes target) : KubernetesContract(target), IClassFixture<SandboxKubernetes>;
