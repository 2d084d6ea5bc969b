namespace K2hdkcDbaas.Core.Backends;

/// <summary>The need of engines that work on an OpenStack cloud.</summary>
internal static class CloudNeed
{
    /// <summary>What is missing without a cloud; null with one.</summary>
    public static BackendNeed? Of(BackendContext context) =>
        context.Cloud is not null
            ? null
            : new BackendNeed(ErrorIds.CloudNotConfigured, "it has no OpenStack cloud",
                "Connect with -Cloud, OS_CLOUD or the OS_* variables.");
}
