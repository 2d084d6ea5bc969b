using System.Collections.Frozen;
using System.Globalization;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>
/// The types of Kubernetes' protobuf form that are read here, with their field numbers (source: the API's generated.proto files, 1.32).
/// </summary>
internal static class ProtobufTypes
{
    /// <summary>
    /// Types by name, fields by number. A field's type is <c>s</c> text, <c>i</c> number, <c>b</c> boolean, <c>y</c> bytes (base64 in
    /// JSON), <c>t</c> time, <c>q</c> quantity, <c>v</c> number or text, another type, or <c>-</c> for what the server itself sets;
    /// <c>I</c> and <c>B</c> are those whose zero is a value, and lists and maps stand in brackets and braces.
    /// </summary>
    public static readonly FrozenDictionary<string, FrozenDictionary<int, (string Name, string Type)>> All = Read("""
        ObjectMeta: name=1s generateName=2s namespace=3s selfLink=4s uid=5s resourceVersion=6s generation=7i creationTimestamp=8t
          deletionTimestamp=9t deletionGracePeriodSeconds=10I labels=11{s} annotations=12{s} ownerReferences=13[OwnerReference]
          finalizers=14[s] managedFields=17-
        OwnerReference: kind=1s name=3s uid=4s apiVersion=5s controller=6B blockOwnerDeletion=7B
        LabelSelector: matchLabels=1{s} matchExpressions=2[LabelSelectorRequirement]
        LabelSelectorRequirement: key=1s operator=2s values=3[s]
        Quantity: string=1s
        IntOrString: type=1i number=2i text=3s
        LocalObjectReference: name=1s
        ObjectReference: kind=1s namespace=2s name=3s uid=4s apiVersion=5s resourceVersion=6s fieldPath=7s

        Secret: metadata=1ObjectMeta data=2{y} type=3s stringData=4{s} immutable=5B
        ConfigMap: metadata=1ObjectMeta data=2{s} binaryData=3{y} immutable=4B
        Namespace: metadata=1ObjectMeta spec=2NamespaceSpec status=3-
        NamespaceSpec: finalizers=1[s]
        ServiceAccount: metadata=1ObjectMeta secrets=2[ObjectReference] imagePullSecrets=3[LocalObjectReference]
          automountServiceAccountToken=4B
        Service: metadata=1ObjectMeta spec=2ServiceSpec status=3-
        ServiceSpec: ports=1[ServicePort] selector=2{s} clusterIP=3s type=4s externalIPs=5[s] sessionAffinity=7s loadBalancerIP=8s
          loadBalancerSourceRanges=9[s] externalName=10s externalTrafficPolicy=11s healthCheckNodePort=12i publishNotReadyAddresses=13b
          ipFamilyPolicy=17s clusterIPs=18[s] ipFamilies=19[s] allocateLoadBalancerNodePorts=20B loadBalancerClass=21s
          internalTrafficPolicy=22s trafficDistribution=23s
        ServicePort: name=1s protocol=2s port=3i targetPort=4v nodePort=5i appProtocol=6s

        Pod: metadata=1ObjectMeta spec=2PodSpec status=3-
        PodTemplateSpec: metadata=1ObjectMeta spec=2PodSpec
        PodSpec: containers=2[Container] restartPolicy=3s terminationGracePeriodSeconds=4I activeDeadlineSeconds=5I dnsPolicy=6s
          nodeSelector=7{s} serviceAccountName=8s serviceAccount=9s nodeName=10s hostNetwork=11b hostPID=12b hostIPC=13b
          securityContext=14PodSecurityContext imagePullSecrets=15[LocalObjectReference] hostname=16s subdomain=17s schedulerName=19s
          initContainers=20[Container] automountServiceAccountToken=21B tolerations=22[Toleration] priorityClassName=24s priority=25I
          shareProcessNamespace=27B enableServiceLinks=30B
        PodSecurityContext: runAsUser=2I runAsNonRoot=3B fsGroup=5I runAsGroup=6I
        Toleration: key=1s operator=2s value=3s effect=4s tolerationSeconds=5I
        Container: name=1s image=2s command=3[s] args=4[s] workingDir=5s ports=6[ContainerPort] env=7[EnvVar]
          resources=8ResourceRequirements volumeMounts=9[VolumeMount] terminationMessagePath=13s imagePullPolicy=14s
          securityContext=15SecurityContext stdin=16b stdinOnce=17b tty=18b terminationMessagePolicy=20s
        ContainerPort: name=1s hostPort=2i containerPort=3i protocol=4s hostIP=5s
        EnvVar: name=1s value=2s
        ResourceRequirements: limits=1{q} requests=2{q}
        SecurityContext: privileged=2B runAsUser=4I runAsNonRoot=5B readOnlyRootFilesystem=6B allowPrivilegeEscalation=7B runAsGroup=8I
        VolumeMount: name=1s readOnly=2b mountPath=3s subPath=4s

        Deployment: metadata=1ObjectMeta spec=2DeploymentSpec status=3-
        DeploymentSpec: replicas=1I selector=2LabelSelector template=3PodTemplateSpec strategy=4DeploymentStrategy minReadySeconds=5i
          revisionHistoryLimit=6I paused=7b progressDeadlineSeconds=9I
        DeploymentStrategy: type=1s rollingUpdate=2RollingUpdateDeployment
        RollingUpdateDeployment: maxUnavailable=1v maxSurge=2v
        Job: metadata=1ObjectMeta spec=2JobSpec status=3-
        JobSpec: parallelism=1I completions=2I activeDeadlineSeconds=3I selector=4LabelSelector manualSelector=5B template=6PodTemplateSpec
          backoffLimit=7I ttlSecondsAfterFinished=8I completionMode=9s suspend=10B
        PodDisruptionBudget: metadata=1ObjectMeta spec=2PodDisruptionBudgetSpec status=3-
        PodDisruptionBudgetSpec: minAvailable=1v selector=2LabelSelector maxUnavailable=3v unhealthyPodEvictionPolicy=4s

        Role: metadata=1ObjectMeta rules=2[PolicyRule]
        ClusterRole: metadata=1ObjectMeta rules=2[PolicyRule]
        PolicyRule: verbs=1[s] apiGroups=2[s] resources=3[s] resourceNames=4[s] nonResourceURLs=5[s]
        RoleBinding: metadata=1ObjectMeta subjects=2[Subject] roleRef=3RoleRef
        ClusterRoleBinding: metadata=1ObjectMeta subjects=2[Subject] roleRef=3RoleRef
        Subject: kind=1s apiGroup=2s name=3s namespace=4s
        RoleRef: apiGroup=1s kind=2s name=3s

        ResourceAttributes: namespace=1s verb=2s group=3s version=4s resource=5s subresource=6s name=7s
        NonResourceAttributes: path=1s verb=2s
        SelfSubjectAccessReview: metadata=1ObjectMeta spec=2SelfSubjectAccessReviewSpec status=3-
        SelfSubjectAccessReviewSpec: resourceAttributes=1ResourceAttributes nonResourceAttributes=2NonResourceAttributes
        SubjectAccessReview: metadata=1ObjectMeta spec=2SubjectAccessReviewSpec status=3-
        SubjectAccessReviewSpec: resourceAttributes=1ResourceAttributes nonResourceAttributes=2NonResourceAttributes user=3s groups=4[s]
        SelfSubjectRulesReview: metadata=1ObjectMeta spec=2RulesSpec status=3-
        RulesSpec: namespace=1s
        SelfSubjectReview: metadata=1ObjectMeta status=2-
        TokenRequest: metadata=1ObjectMeta spec=2TokenRequestSpec status=3-
        TokenRequestSpec: audiences=1[s] boundObjectRef=3BoundObject expirationSeconds=4I
        BoundObject: kind=1s apiVersion=2s name=3s uid=4s
        DeleteOptions: gracePeriodSeconds=1I preconditions=2Preconditions orphanDependents=3B propagationPolicy=4s dryRun=5[s]
        Preconditions: uid=1s resourceVersion=2s
        Eviction: metadata=1ObjectMeta deleteOptions=2DeleteOptions
        """);

    private static FrozenDictionary<string, FrozenDictionary<int, (string Name, string Type)>> Read(string text)
    {
        var types = new Dictionary<string, Dictionary<int, (string, string)>>(StringComparer.Ordinal);
        Dictionary<int, (string, string)> current = [];
        foreach (var word in text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word[^1] == ':')
            {
                types.Add(word[..^1], current = []);
                continue;
            }
            var parts = word.Split('=');
            var digits = parts[1].TakeWhile(char.IsAsciiDigit).Count();
            current.Add(int.Parse(parts[1][..digits], CultureInfo.InvariantCulture), (parts[0], parts[1][digits..]));
        }
        return types.ToFrozenDictionary(t => t.Key, t => t.Value.ToFrozenDictionary(), StringComparer.Ordinal);
    }
}
