namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>
/// The fields of the API's types, from the API reference of Kubernetes 1.32: which there are, of what type, and how lists and maps
/// are merged. One line a type; see <see cref="Schema"/> for how it is written.
/// </summary>
internal static class SchemaText
{
    /// <summary>s text, i whole number, b boolean, q quantity, x number or text, y base64, any free; {s} map; [s] list replaced as a whole,
    /// [s!] set; [T#k,l] list of T merged by k (server-side apply by k and l); T@ object replaced as a whole; ~ before: retainKeys; ! after
    /// a name: required.</summary>
    public const string Text = """
        ObjectMeta: name=s generateName=s namespace=s selfLink=s uid=s resourceVersion=s generation=i creationTimestamp=s deletionTimestamp=s
          deletionGracePeriodSeconds=i labels={s} annotations={s} ownerReferences=[OwnerReference#uid] finalizers=[s!] managedFields=[any]
        OwnerReference: apiVersion!=s kind!=s name!=s uid!=s controller=b blockOwnerDeletion=b
        LabelSelector: matchLabels={s} matchExpressions=[LabelSelectorRequirement]
        LabelSelectorRequirement: key!=s operator!=s values=[s]
        Condition: type!=s status!=s reason=s message=s lastTransitionTime=s lastProbeTime=s lastUpdateTime=s lastHeartbeatTime=s observedGeneration=i
        ObjectReference: kind=s namespace=s name=s uid=s apiVersion=s resourceVersion=s fieldPath=s
        LocalReference: name=s
        KeySelector: name=s key!=s optional=b
        TypedReference: apiGroup=s kind!=s name!=s namespace=s
        Namespace: apiVersion=s kind=s metadata=ObjectMeta spec=NamespaceSpec status=NamespaceStatus
        NamespaceSpec: finalizers=[s]
        NamespaceStatus: phase=s conditions=[Condition#type]
        ConfigMap: apiVersion=s kind=s metadata=ObjectMeta data={s} binaryData={y} immutable=b
        Secret: apiVersion=s kind=s metadata=ObjectMeta data={y} stringData={s} type=s immutable=b
        ServiceAccount: apiVersion=s kind=s metadata=ObjectMeta secrets=[ObjectReference#name] imagePullSecrets=[LocalReference] automountServiceAccountToken=b
        Service: apiVersion=s kind=s metadata=ObjectMeta spec=ServiceSpec status=ServiceStatus
        ServiceSpec: ports=[ServicePort#port,protocol] selector={s}@ clusterIP=s clusterIPs=[s] type=s externalIPs=[s] sessionAffinity=s loadBalancerIP=s
          loadBalancerSourceRanges=[s] externalName=s externalTrafficPolicy=s healthCheckNodePort=i publishNotReadyAddresses=b sessionAffinityConfig=any
          ipFamilies=[s] ipFamilyPolicy=s allocateLoadBalancerNodePorts=b loadBalancerClass=s internalTrafficPolicy=s trafficDistribution=s
        ServicePort: name=s protocol=s appProtocol=s port!=i targetPort=x nodePort=i
        ServiceStatus: loadBalancer=any conditions=[Condition#type]
        Endpoints: apiVersion=s kind=s metadata=ObjectMeta subsets=[any]
        Event: apiVersion=s kind=s metadata=ObjectMeta involvedObject=ObjectReference reason=s message=s source=EventSource firstTimestamp=s lastTimestamp=s
          count=i type=s eventTime=s series=any action=s related=ObjectReference reportingComponent=s reportingInstance=s
        EventSource: component=s host=s
        Node: apiVersion=s kind=s metadata=ObjectMeta spec=NodeSpec status=NodeStatus
        NodeSpec: podCIDR=s podCIDRs=[s] providerID=s unschedulable=b taints=[Taint] configSource=any externalID=s
        Taint: key!=s value=s effect!=s timeAdded=s
        NodeStatus: capacity={q} allocatable={q} phase=s conditions=[Condition#type] addresses=[NodeAddress#type,address] daemonEndpoints=any nodeInfo=any
          images=[any] volumesInUse=[s] volumesAttached=[any] config=any runtimeHandlers=[any] features=any
        NodeAddress: type!=s address!=s
        PersistentVolumeClaim: apiVersion=s kind=s metadata=ObjectMeta spec=PersistentVolumeClaimSpec status=PersistentVolumeClaimStatus
        PersistentVolumeClaimSpec: accessModes=[s] selector=LabelSelector@ resources=VolumeResources volumeName=s storageClassName=s volumeMode=s
          dataSource=TypedReference@ dataSourceRef=TypedReference volumeAttributesClassName=s
        VolumeResources: limits={q} requests={q}
        PersistentVolumeClaimStatus: phase=s accessModes=[s] capacity={q} conditions=[Condition#type] allocatedResources={q} allocatedResourceStatuses={s}
          currentVolumeAttributesClassName=s modifyVolumeStatus=any
        PersistentVolume: apiVersion=s kind=s metadata=ObjectMeta spec=PersistentVolumeSpec status=PersistentVolumeStatus
        PersistentVolumeSpec: capacity={q} accessModes=[s] claimRef=ObjectReference@ persistentVolumeReclaimPolicy=s storageClassName=s mountOptions=[s]
          volumeMode=s nodeAffinity=any hostPath=any local=any csi=any nfs=any volumeAttributesClassName=s
        PersistentVolumeStatus: phase=s message=s reason=s lastPhaseTransitionTime=s
        StorageClass: apiVersion=s kind=s metadata=ObjectMeta provisioner!=s parameters={s} reclaimPolicy=s mountOptions=[s] allowVolumeExpansion=b
          volumeBindingMode=s allowedTopologies=[any]
        Pod: apiVersion=s kind=s metadata=ObjectMeta spec=PodSpec status=PodStatus
        PodTemplateSpec: metadata=ObjectMeta spec=PodSpec
        PodSpec: volumes=~[Volume#name] initContainers=[Container#name] containers!=[Container#name] ephemeralContainers=[Container#name] restartPolicy=s
          terminationGracePeriodSeconds=i activeDeadlineSeconds=i dnsPolicy=s nodeSelector={s}@ serviceAccountName=s serviceAccount=s
          automountServiceAccountToken=b nodeName=s hostNetwork=b hostPID=b hostIPC=b shareProcessNamespace=b securityContext=PodSecurityContext
          imagePullSecrets=[LocalReference#name] hostname=s subdomain=s affinity=Affinity schedulerName=s tolerations=[Toleration]
          hostAliases=[HostAlias#ip] priorityClassName=s priority=i dnsConfig=any readinessGates=[any] runtimeClassName=s enableServiceLinks=b
          preemptionPolicy=s overhead={q} topologySpreadConstraints=[TopologySpreadConstraint#topologyKey,whenUnsatisfiable] setHostnameAsFQDN=b os=any
          hostUsers=b schedulingGates=[LocalReference#name] resourceClaims=[any] resources=any
        PodSecurityContext: seLinuxOptions=any windowsOptions=any runAsUser=i runAsGroup=i runAsNonRoot=b supplementalGroups=[i] supplementalGroupsPolicy=s
          fsGroup=i sysctls=[any] fsGroupChangePolicy=s seccompProfile=any appArmorProfile=any seLinuxChangePolicy=s
        Affinity: nodeAffinity=NodeAffinity podAffinity=PodAffinity podAntiAffinity=PodAffinity
        NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution=any preferredDuringSchedulingIgnoredDuringExecution=[any]
        PodAffinity: requiredDuringSchedulingIgnoredDuringExecution=[PodAffinityTerm] preferredDuringSchedulingIgnoredDuringExecution=[WeightedPodAffinityTerm]
        WeightedPodAffinityTerm: weight!=i podAffinityTerm!=PodAffinityTerm
        PodAffinityTerm: labelSelector=LabelSelector@ namespaces=[s] topologyKey!=s namespaceSelector=LabelSelector@ matchLabelKeys=[s] mismatchLabelKeys=[s]
        Toleration: key=s operator=s value=s effect=s tolerationSeconds=i
        HostAlias: ip!=s hostnames=[s]
        TopologySpreadConstraint: maxSkew!=i topologyKey!=s whenUnsatisfiable!=s labelSelector=LabelSelector@ minDomains=i nodeAffinityPolicy=s
          nodeTaintsPolicy=s matchLabelKeys=[s]
        Volume: name!=s hostPath=HostPathVolume emptyDir=EmptyDirVolume secret=SecretVolume configMap=ConfigMapVolume persistentVolumeClaim=ClaimVolume
          projected=any downwardAPI=any nfs=any csi=any ephemeral=any image=any
        HostPathVolume: path!=s type=s
        EmptyDirVolume: medium=s sizeLimit=q
        SecretVolume: secretName=s items=[KeyToPath] defaultMode=i optional=b
        ConfigMapVolume: name=s items=[KeyToPath] defaultMode=i optional=b
        KeyToPath: key!=s path!=s mode=i
        ClaimVolume: claimName!=s readOnly=b
        Container: name!=s image=s command=[s] args=[s] workingDir=s ports=[ContainerPort#containerPort,protocol] envFrom=[EnvFromSource] env=[EnvVar#name]
          resources=ResourceRequirements resizePolicy=[any] restartPolicy=s volumeMounts=[VolumeMount#mountPath] volumeDevices=[VolumeDevice#devicePath]
          livenessProbe=Probe readinessProbe=Probe startupProbe=Probe lifecycle=Lifecycle terminationMessagePath=s terminationMessagePolicy=s
          imagePullPolicy=s securityContext=SecurityContext stdin=b stdinOnce=b tty=b targetContainerName=s
        ContainerPort: name=s hostPort=i containerPort!=i protocol=s hostIP=s
        EnvVar: name!=s value=s valueFrom=EnvVarSource
        EnvVarSource: fieldRef=FieldReference@ resourceFieldRef=any configMapKeyRef=KeySelector@ secretKeyRef=KeySelector@
        FieldReference: apiVersion=s fieldPath!=s
        EnvFromSource: prefix=s configMapRef=OptionalReference secretRef=OptionalReference
        OptionalReference: name=s optional=b
        ResourceRequirements: limits={q} requests={q} claims=[any]
        VolumeMount: name!=s mountPath!=s readOnly=b subPath=s mountPropagation=s subPathExpr=s recursiveReadOnly=s
        VolumeDevice: name!=s devicePath!=s
        Probe: exec=ExecAction httpGet=HttpGetAction tcpSocket=TcpSocketAction grpc=any initialDelaySeconds=i timeoutSeconds=i periodSeconds=i
          successThreshold=i failureThreshold=i terminationGracePeriodSeconds=i
        ExecAction: command=[s]
        HttpGetAction: path=s port!=x host=s scheme=s httpHeaders=[any]
        TcpSocketAction: port!=x host=s
        Lifecycle: postStart=LifecycleHandler preStop=LifecycleHandler
        LifecycleHandler: exec=ExecAction httpGet=HttpGetAction tcpSocket=TcpSocketAction sleep=SleepAction
        SleepAction: seconds!=i
        SecurityContext: capabilities=any privileged=b seLinuxOptions=any windowsOptions=any runAsUser=i runAsGroup=i runAsNonRoot=b
          readOnlyRootFilesystem=b allowPrivilegeEscalation=b procMount=s seccompProfile=any appArmorProfile=any
        PodStatus: phase=s conditions=[Condition#type] message=s reason=s nominatedNodeName=s hostIP=s hostIPs=[any] podIP=s podIPs=[IpEntry#ip] startTime=s
          initContainerStatuses=[any] containerStatuses=[any] qosClass=s ephemeralContainerStatuses=[any] resize=s resourceClaimStatuses=[any]
        IpEntry: ip=s
        StatefulSet: apiVersion=s kind=s metadata=ObjectMeta spec=StatefulSetSpec status=StatefulSetStatus
        StatefulSetSpec: replicas=i selector!=LabelSelector@ template!=PodTemplateSpec volumeClaimTemplates=[PersistentVolumeClaim] serviceName=s
          podManagementPolicy=s updateStrategy=StatefulSetUpdateStrategy revisionHistoryLimit=i minReadySeconds=i
          persistentVolumeClaimRetentionPolicy=ClaimRetention ordinals=Ordinals
        StatefulSetUpdateStrategy: type=s rollingUpdate=StatefulSetRolling
        StatefulSetRolling: partition=i maxUnavailable=x
        ClaimRetention: whenDeleted=s whenScaled=s
        Ordinals: start=i
        StatefulSetStatus: observedGeneration=i replicas=i readyReplicas=i currentReplicas=i updatedReplicas=i currentRevision=s updateRevision=s
          collisionCount=i conditions=[Condition#type] availableReplicas=i
        Deployment: apiVersion=s kind=s metadata=ObjectMeta spec=DeploymentSpec status=DeploymentStatus
        DeploymentSpec: replicas=i selector!=LabelSelector@ template!=PodTemplateSpec strategy=~DeploymentStrategy minReadySeconds=i revisionHistoryLimit=i
          paused=b progressDeadlineSeconds=i
        DeploymentStrategy: type=s rollingUpdate=DeploymentRolling
        DeploymentRolling: maxUnavailable=x maxSurge=x
        DeploymentStatus: observedGeneration=i replicas=i updatedReplicas=i readyReplicas=i availableReplicas=i unavailableReplicas=i
          conditions=[Condition#type] collisionCount=i terminatingReplicas=i
        ReplicaSet: apiVersion=s kind=s metadata=ObjectMeta spec=ReplicaSetSpec status=ReplicaSetStatus
        ReplicaSetSpec: replicas=i minReadySeconds=i selector!=LabelSelector@ template=PodTemplateSpec
        ReplicaSetStatus: replicas=i fullyLabeledReplicas=i readyReplicas=i availableReplicas=i observedGeneration=i conditions=[Condition#type]
        ControllerRevision: apiVersion=s kind=s metadata=ObjectMeta data=any revision=i
        Job: apiVersion=s kind=s metadata=ObjectMeta spec=JobSpec status=JobStatus
        JobSpec: parallelism=i completions=i activeDeadlineSeconds=i podFailurePolicy=any successPolicy=any backoffLimit=i backoffLimitPerIndex=i
          maxFailedIndexes=i selector=LabelSelector@ manualSelector=b template!=PodTemplateSpec ttlSecondsAfterFinished=i completionMode=s suspend=b
          podReplacementPolicy=s managedBy=s
        JobStatus: conditions=[Condition#type] startTime=s completionTime=s active=i succeeded=i failed=i terminating=i completedIndexes=s failedIndexes=s
          uncountedTerminatedPods=any ready=i
        PodDisruptionBudget: apiVersion=s kind=s metadata=ObjectMeta spec=PodDisruptionBudgetSpec status=PodDisruptionBudgetStatus
        PodDisruptionBudgetSpec: minAvailable=x selector=LabelSelector@ maxUnavailable=x unhealthyPodEvictionPolicy=s
        PodDisruptionBudgetStatus: observedGeneration=i disruptedPods={s} disruptionsAllowed=i currentHealthy=i desiredHealthy=i expectedPods=i
          conditions=[Condition#type]
        Role: apiVersion=s kind=s metadata=ObjectMeta rules=[PolicyRule]
        ClusterRole: apiVersion=s kind=s metadata=ObjectMeta rules=[PolicyRule] aggregationRule=any
        PolicyRule: verbs!=[s] apiGroups=[s] resources=[s] resourceNames=[s] nonResourceURLs=[s]
        RoleBinding: apiVersion=s kind=s metadata=ObjectMeta subjects=[Subject] roleRef!=RoleRef@
        ClusterRoleBinding: apiVersion=s kind=s metadata=ObjectMeta subjects=[Subject] roleRef!=RoleRef@
        Subject: kind!=s apiGroup=s name!=s namespace=s
        RoleRef: apiGroup=s kind!=s name!=s
        Lease: apiVersion=s kind=s metadata=ObjectMeta spec=LeaseSpec
        LeaseSpec: holderIdentity=s leaseDurationSeconds=i acquireTime=s renewTime=s leaseTransitions=i strategy=s preferredHolder=s
        Scale: apiVersion=s kind=s metadata=ObjectMeta spec=ScaleSpec status=ScaleStatus
        ScaleSpec: replicas=i
        ScaleStatus: replicas!=i selector=s
        """;
}
