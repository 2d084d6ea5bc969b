using k8s.Models;
using static K2hdkcDbaas.Kubernetes.PodParts;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// The objects of a K2HR3 system, with the names, labels, ports and containers of <c>k2hr3 database-k8s</c>: a ring of k2hdkc that keeps
/// the data, the REST API, and the web application.
/// </summary>
/// <param name="design">The system.</param>
public sealed class K2hr3SystemObjects(K2hr3SystemDesign design)
{
    private const int HttpsPort = 443;
    private const string CaFolder = "/secret-ca";
    private const string CertificatesFolder = "/secret-certs";
    private const string SettingsFolder = "/secret-config";

    /// <summary>
    /// The label selector of all objects of the system that were made here, and of those that a chart of Helm marks in the usual way.
    /// </summary>
    public const string Selector = "app.kubernetes.io/name=k2hr3,app.kubernetes.io/instance=" + K2hr3SystemNames.Own;

    /// <summary>The label selector of all objects of the system that were made here, and of no others.</summary>
    public const string OwnSelector = Selector + ",app.kubernetes.io/managed-by=" + KubernetesNames.Manager;

    /// <summary>The Service by which a part is reached from outside.</summary>
    /// <param name="part">The part's base name.</param>
    public KubernetesObject NodePort(string part)
    {
        var isApi = part == K2hr3SystemNames.Api;
        return Service(K2hr3SystemNames.NodePort(part), part, new V1ServiceSpec
        {
            Type = "NodePort",
            Ports =
            [
                new V1ServicePort
                {
                    Name = isApi ? "k2hr3-api-port" : "k2hr3-app-port",
                    Port = 8443,
                    Protocol = "TCP",
                    TargetPort = HttpsPort,
                    NodePort = isApi ? design.ApiPort : design.AppPort,
                },
            ],
        });
    }

    /// <summary>The headless Service by which a part's pods find each other.</summary>
    /// <param name="part">The part's base name.</param>
    public KubernetesObject Service(string part) => Service(K2hr3SystemNames.Service(part), part, new V1ServiceSpec
    {
        Type = "ClusterIP",
        ClusterIP = "None",
        // chmpx must resolve the others, and itself, before any of them is in service.
        PublishNotReadyAddresses = true,
        Ports = part == K2hr3SystemNames.Data
            ? [Port("chmpx-server-port", K2hr3SystemRing.ServerPort), Port("chmpx-server-control-port", K2hr3SystemRing.ServerControlPort)]
            : [Port("chmpx-slave-control-port", K2hr3SystemRing.SlaveControlPort)],
    });

    /// <summary>The scripts, and the ring's configuration.</summary>
    public KubernetesObject ConfigMap() => new(ObjectKind.ConfigMap, K2hr3SystemNames.ConfigMap, new V1ConfigMap
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = Meta(K2hr3SystemNames.ConfigMap),
        Data = new Dictionary<string, string>(PodScripts.OfSystem)
        {
            ["k2hr3-server.ini"] = K2hr3SystemRing.Text(design, isServer: true),
            ["k2hr3-slave.ini"] = K2hr3SystemRing.Text(design, isServer: false),
        },
    });

    /// <summary>A Secret.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">What it holds.</param>
    public KubernetesObject Secret(string name, IReadOnlyDictionary<string, byte[]> data) => new(ObjectKind.Secret, name, new V1Secret
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Type = "Opaque",
        Metadata = Meta(name),
        Data = data.ToDictionary(d => d.Key, d => d.Value),
    });

    /// <summary>The Secret of the system's authority as the pods of K2HDKC's chart mount it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="authority">What the Secret of the authority's key holds. A secret.</param>
    public KubernetesObject ChartAuthority(string name, IReadOnlyDictionary<string, byte[]> authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        var stem = $"{design.Namespace}.{KubernetesNames.Domain}_CA";
        return Secret(name, new Dictionary<string, byte[]>
        {
            [stem + ".crt"] = authority[CertificateAuthority.CertificateKey],
            [stem + ".key"] = authority[CertificateAuthority.PrivateKey],
        });
    }

    /// <summary>The API's service account, and its right to list namespaces, each of which is a tenant.</summary>
    public IReadOnlyList<KubernetesObject> Account()
    {
        var account = K2hr3SystemNames.Account(K2hr3SystemNames.Api);
        var (role, binding) = (K2hr3SystemNames.Role(K2hr3SystemNames.Api, design.Namespace),
            K2hr3SystemNames.Binding(K2hr3SystemNames.Api, design.Namespace));
        const string Group = "rbac.authorization.k8s.io";
        return
        [
            new(ObjectKind.ServiceAccount, account, new V1ServiceAccount
            {
                ApiVersion = "v1",
                Kind = "ServiceAccount",
                Metadata = Meta(account, K2hr3SystemNames.Api),
                AutomountServiceAccountToken = true,
            }),
            new(ObjectKind.ClusterRole, role, new V1ClusterRole
            {
                ApiVersion = Group + "/v1",
                Kind = "ClusterRole",
                Metadata = Meta(role, K2hr3SystemNames.Api, isNamespaced: false),
                Rules = [new V1PolicyRule { ApiGroups = [""], Resources = ["namespaces"], Verbs = ["get", "list"] }],
            }),
            new(ObjectKind.ClusterRoleBinding, binding, new V1ClusterRoleBinding
            {
                ApiVersion = Group + "/v1",
                Kind = "ClusterRoleBinding",
                Metadata = Meta(binding, K2hr3SystemNames.Api, isNamespaced: false),
                RoleRef = new V1RoleRef { ApiGroup = Group, Kind = "ClusterRole", Name = role },
                Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = account, NamespaceProperty = design.Namespace }],
            }),
        ];
    }

    /// <summary>The pods that keep the data.</summary>
    public KubernetesObject Data()
    {
        var set = Set(K2hr3SystemNames.Data, design.DataCount, new V1PodSpec
        {
            Affinity = Spread(Labels(K2hr3SystemNames.Data)),
            InitContainers = [Init(K2hr3SystemNames.Data, "SERVER")],
            Containers =
            [
                new V1Container
                {
                    Name = "container-" + K2hr3SystemNames.Data,
                    Image = design.K2hdkcImage,
                    Command = Script(PodScripts.Server),
                    VolumeMounts = Mounts(),
                    ReadinessProbe = InService(),
                },
                Chmpx(K2hr3SystemNames.Data, "server"),
            ],
            Volumes = Volumes(hasLib: design.VolumeSize is null),
        });
        if (design.VolumeSize is { } size)
            set.Spec.VolumeClaimTemplates = [Claim(size, design.StorageClass, Labels(K2hr3SystemNames.Data))];
        return new KubernetesObject(ObjectKind.StatefulSet, set.Metadata.Name, set);
    }

    /// <summary>The pods of the REST API.</summary>
    public KubernetesObject Api()
    {
        var set = Set(K2hr3SystemNames.Api, design.ApiCount, new V1PodSpec
        {
            ServiceAccountName = K2hr3SystemNames.Account(K2hr3SystemNames.Api),
            Affinity = Spread(Labels(K2hr3SystemNames.Api)),
            InitContainers = [Init(K2hr3SystemNames.Api, "SLAVE")],
            Containers =
            [
                new V1Container
                {
                    Name = "container-" + K2hr3SystemNames.Api,
                    Image = design.ApiImage,
                    Command = Script(PodScripts.Api),
                    VolumeMounts = [.. Mounts(), SettingsMount()],
                    ReadinessProbe = Answers(),
                },
                Chmpx(K2hr3SystemNames.Api, "slave"),
            ],
            Volumes = [.. Volumes(hasLib: true), PodParts.Secret(K2hr3SystemNames.Settings)],
        });
        return new KubernetesObject(ObjectKind.StatefulSet, set.Metadata.Name, set);
    }

    /// <summary>The pods of the web application.</summary>
    public KubernetesObject App()
    {
        var name = K2hr3SystemNames.Pods(K2hr3SystemNames.App);
        return new KubernetesObject(ObjectKind.Deployment, name, new V1Deployment
        {
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Metadata = Meta(name, K2hr3SystemNames.App),
            Spec = new V1DeploymentSpec
            {
                Replicas = design.AppCount,
                Selector = new V1LabelSelector { MatchLabels = Mark(K2hr3SystemNames.App) },
                Template = Template(K2hr3SystemNames.App, new V1PodSpec
                {
                    InitContainers = [Init(K2hr3SystemNames.App, null)],
                    Containers =
                    [
                        new V1Container
                        {
                            Name = "container-" + K2hr3SystemNames.App,
                            Image = design.AppImage,
                            Command = Script(PodScripts.App),
                            // By these names the addresses are found again, as with the Helm chart.
                            Env =
                            [
                                Value("K2HR3API_EXTERNAL_HOST", design.ApiHost), Value("K2HR3APP_EXTERNAL_HOST", design.AppHost),
                            ],
                            VolumeMounts = [.. Mounts().Where(m => m.Name != LibVolume), SettingsMount()],
                            ReadinessProbe = Answers(),
                        },
                    ],
                    Volumes = [.. Volumes(hasLib: false), PodParts.Secret(K2hr3SystemNames.Settings)],
                }),
            },
        });
    }

    private static V1ServicePort Port(string name, int port) => new() { Name = name, Port = port, Protocol = "TCP", TargetPort = port };

    private static Dictionary<string, string> Mark(string part) => new() { ["app"] = part };

    private static Dictionary<string, string> Labels(string? part)
    {
        var labels = new Dictionary<string, string>
        {
            ["app.kubernetes.io/name"] = "k2hr3",
            ["app.kubernetes.io/instance"] = K2hr3SystemNames.Own,
        };
        if (part is not null) labels["app.kubernetes.io/component"] = part;
        return labels;
    }

    private static V1Probe Answers() => new()
    {
        HttpGet = new V1HTTPGetAction { Path = "/", Port = HttpsPort, Scheme = "HTTPS" },
        PeriodSeconds = 5,
        TimeoutSeconds = 5,
    };

    private static V1VolumeMount SettingsMount() => Mount(K2hr3SystemNames.Settings, SettingsFolder, true);

    private static List<V1VolumeMount> Mounts() =>
    [
        Mount(EtcVolume, EtcFolder), Mount(LibVolume, LibFolder), Mount(RunVolume, RunFolder),
        Mount(K2hr3SystemNames.ConfigMap, ScriptFolder, true),
    ];

    private static List<V1Volume> Volumes(bool hasLib) =>
    [
        Memory(EtcVolume), Memory(RunVolume), .. hasLib ? [Memory(LibVolume)] : (V1Volume[])[],
        PodParts.ConfigMap(K2hr3SystemNames.ConfigMap), PodParts.Secret(K2hr3SystemNames.Authority),
        PodParts.Secret(K2hr3SystemNames.Certificates),
    ];

    private V1ObjectMeta Meta(string name, string? part = null, bool isNamespaced = true)
    {
        var labels = Labels(part);
        labels["app.kubernetes.io/managed-by"] = KubernetesNames.Manager;
        return new V1ObjectMeta { Name = name, NamespaceProperty = isNamespaced ? design.Namespace : null, Labels = labels };
    }

    private KubernetesObject Service(string name, string part, V1ServiceSpec spec)
    {
        spec.Selector = Mark(part);
        return new KubernetesObject(ObjectKind.Service, name,
            new V1Service { ApiVersion = "v1", Kind = "Service", Metadata = Meta(name, part), Spec = spec });
    }

    private V1StatefulSet Set(string part, int count, V1PodSpec spec) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Metadata = Meta(K2hr3SystemNames.Pods(part), part),
        Spec = new V1StatefulSetSpec
        {
            ServiceName = K2hr3SystemNames.Service(part),
            Replicas = count,
            // All are in each one's configuration from the start: none must wait for another to be ready.
            PodManagementPolicy = "Parallel",
            Selector = new V1LabelSelector { MatchLabels = Mark(part) },
            Template = Template(part, spec),
        },
    };

    private static V1PodTemplateSpec Template(string part, V1PodSpec spec)
    {
        var labels = Labels(part);
        labels["app"] = part;
        spec.ShareProcessNamespace = true;
        return new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels }, Spec = spec };
    }

    private V1Container Init(string part, string? mode) => new()
    {
        Name = "init-" + part,
        Image = design.InitImage,
        Command = Script(PodScripts.SystemInit),
        Env =
        [
            .. mode is null ? [] : (V1EnvVar[])[Value("CHMPX_MODE", mode)],
            Value("K2HR3_CERTIFICATE", $"{K2hr3SystemNames.Pods(part)}.{K2hr3SystemNames.Service(part)}"),
            Field("CHMPX_SELF_HOSTNAME", "metadata.name"),
        ],
        VolumeMounts =
        [
            Mount(EtcVolume, EtcFolder), Mount(K2hr3SystemNames.ConfigMap, ScriptFolder, true),
            Mount(K2hr3SystemNames.Authority, CaFolder, true), Mount(K2hr3SystemNames.Certificates, CertificatesFolder, true),
        ],
    };

    private V1Container Chmpx(string part, string mode) => new()
    {
        Name = "sidecar-" + part,
        Image = design.ChmpxImage,
        Command = Script(PodScripts.Chmpx, mode),
        // All members are known from the start, so that nobody has to hear of a newcomer first.
        Env = [Value("K2HDKC_JOIN_PATIENCE", "0")],
        VolumeMounts = Mounts(),
    };
}
