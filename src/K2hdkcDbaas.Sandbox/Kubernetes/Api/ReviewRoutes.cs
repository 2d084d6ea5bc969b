using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>Requests that store nothing: access reviews, who am I, token requests and evictions.</summary>
internal sealed class ReviewRoutes(ObjectRegistry registry, Authorization authorization, Authentication authentication)
{
    private const int ShortestToken = 600;

    /// <summary>Answers such a request; false when it is none.</summary>
    public async Task<bool> AnswerAsync(ApiRequest request)
    {
        if (request.Method != "POST") return false;
        Func<JsonObject, JsonObject>? answer = (request.Group, request.Plural, request.Subresource) switch
        {
            ("authorization.k8s.io", "selfsubjectaccessreviews", "") => body => Access(body, request.User, request.Namespace),
            ("authorization.k8s.io", "subjectaccessreviews" or "localsubjectaccessreviews", "") =>
                body => Access(body, new KubeUser(body.Text("spec", "user"), [.. body.Texts("spec", "groups")]), request.Namespace),
            ("authorization.k8s.io", "selfsubjectrulesreviews", "") => body => Rules(body, request.User),
            ("authentication.k8s.io", "selfsubjectreviews", "") => body => Self(body, request.User),
            ("authentication.k8s.io", "tokenreviews", "") => Token,
            ("", "serviceaccounts", "token") => body => TokenRequest(request, body),
            ("", "pods", "eviction") => body => Evict(request, body),
            _ => null,
        };
        if (answer is null) return false;
        var posted = await RequestBody.ReadAsync(request.Context).ConfigureAwait(false);
        await request.Context.WriteJsonAsync(201, answer(posted)).ConfigureAwait(false);
        return true;
    }

    private JsonObject Access(JsonObject review, KubeUser user, string ns)
    {
        var (resource, path) = (review.At("spec", "resourceAttributes"), review.At("spec", "nonResourceAttributes"));
        var question = resource is not null
            ? new AccessQuestion(resource.Text("verb"),
                resource.Text("group"), resource.Text("resource") + (resource.Text("subresource") is { Length: > 0 } sub ? "/" + sub : ""),
                resource.Text("name"), resource.Text("namespace") is { Length: > 0 } own ? own : ns)
            : new AccessQuestion(path.Text("verb"), "", "", "", "", path.Text("path"));
        var isAllowed = authorization.IsAllowed(user, question);
        var status = new JsonObject { ["allowed"] = isAllowed };
        if (isAllowed) status["reason"] = "RBAC: allowed";
        review["status"] = status;
        return review;
    }

    private JsonObject Rules(JsonObject review, KubeUser user)
    {
        var rules = authorization.RulesOf(user, review.Text("spec", "namespace")).ToList();
        if (user.Groups.Contains("system:masters"))
            rules.Add(new JsonObject
            {
                ["verbs"] = new JsonArray("*"),
                ["apiGroups"] = new JsonArray("*"),
                ["resources"] = new JsonArray("*")
            });
        review["status"] = new JsonObject
        {
            ["resourceRules"] = JsonHttp.ToArray(rules.Where(r => r["resources"] is not null), r => r.DeepClone()),
            ["nonResourceRules"] =
                JsonHttp.ToArray(rules.Where(r => r["nonResourceURLs"] is not null),
                    r => new JsonObject { ["verbs"] = r["verbs"]?.DeepClone(), ["nonResourceURLs"] = r["nonResourceURLs"]?.DeepClone() }),
            ["incomplete"] = false,
        };
        return review;
    }

    private static JsonObject Self(JsonObject review, KubeUser user)
    {
        review["status"] = new JsonObject { ["userInfo"] = UserInfo(user) };
        return review;
    }

    private JsonObject Token(JsonObject review)
    {
        var user = authentication.UserOf(review.Text("spec", "token"));
        review["status"] = user is null
            ? new JsonObject { ["authenticated"] = false, ["error"] = "[invalid bearer token]", ["user"] = new JsonObject() }
            : new JsonObject { ["authenticated"] = true, ["user"] = UserInfo(user) };
        return review;
    }

    private static JsonObject UserInfo(KubeUser user) => new() { ["username"] = user.Name, ["groups"] = JsonHttp.Strings(user.Groups) };

    private JsonObject TokenRequest(ApiRequest request, JsonObject body)
    {
        var account = registry.Store.Find(ResourceTypes.ServiceAccounts, request.Namespace, request.Name)
            ?? throw KubeFault.NotFound(ResourceTypes.ServiceAccounts, request.Name);
        var seconds = body.Number(3600, "spec", "expirationSeconds");
        if (seconds < ShortestToken)
            throw new KubeFault(422, "Invalid",
                $"TokenRequest.authentication.k8s.io \"{request.Name}\" is invalid: spec.expirationSeconds: Invalid value: {seconds}: may "
                    + $"not specify a duration less than 10 minutes");
        var audiences = body.Texts("spec", "audiences").ToList();
        if (audiences.Count == 0) audiences.Add("https://kubernetes.default.svc.cluster.local");
        var (token, expires) = authentication.Issue(account, seconds, audiences);
        return new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = request.Name,
                ["namespace"] = request.Namespace,
                ["creationTimestamp"] = registry.Now
            },
            ["spec"] = new JsonObject
            {
                ["audiences"] = JsonHttp.Strings(audiences),
                ["expirationSeconds"] = seconds,
                ["boundObjectRef"] = body.At("spec", "boundObjectRef")?.DeepClone()
            },
            ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = expires.Seconds() },
        };
    }

    private JsonObject Evict(ApiRequest request, JsonObject body)
    {
        var store = registry.Store;
        lock (store.Gate)
        {
            var pod = store.Find(ResourceTypes.Pods, request.Namespace, request.Name)
                ?? throw KubeFault.NotFound(ResourceTypes.Pods, request.Name);
            var isDryRun = request.Query("dryRun") == "All" || body.Texts("deleteOptions", "dryRun").Contains("All");
            // Pods that do not run yet, or no more, may always go.
            if (pod.Text("status", "phase") == "Running" && !pod.IsLeaving())
            {
                var budgets = store.All(ResourceTypes.Budgets, request.Namespace)
                    .Where(b => Selectors.Labels(b.At("spec", "selector"))(pod)).ToList();
                if (budgets.Count > 1)
                    throw new KubeFault(500, "InternalError",
                        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
                if (budgets is [var budget] && (pod.IsReady() || budget.Text("spec", "unhealthyPodEvictionPolicy") != "AlwaysAllow"))
                {
                    var allowed = budget.Number(0, "status", "disruptionsAllowed");
                    var isKnown = budget.Number(0, "status", "observedGeneration") >= budget.Number(1, "metadata", "generation");
                    if ((allowed <= 0
                        && (pod.IsReady() || budget.Number(0, "status", "currentHealthy") < budget.Number(0, "status", "desiredHealthy")))
                        || !isKnown)
                    {
                        var details = new JsonObject
                        {
                            ["causes"] = new JsonArray(new JsonObject
                            {
                                ["reason"] = "DisruptionBudget",
                                ["message"] = string.Create(CultureInfo.InvariantCulture,
                                    $"The disruption budget {budget.Name()} needs {budget.Number(0, "status", "desiredHealthy")} healthy "
                                        + $"pods and has {budget.Number(0, "status", "currentHealthy")} currently"),
                            }),
                        };
                        throw new KubeFault(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.",
                            details);
                    }
                    if (pod.IsReady() && !isDryRun)
                    {
                        registry.SetStatus(ResourceTypes.Budgets, budget, s =>
                        {
                            s["disruptionsAllowed"] = allowed - 1;
                            s.Ensure("disruptedPods")[request.Name] = registry.Now;
                        });
                    }
                }
            }
            if (!isDryRun)
            {
                registry.SetStatus(ResourceTypes.Pods, pod, s =>
                {
                    if (s["conditions"] is not JsonArray conditions) s["conditions"] = conditions = [];
                    conditions.Add(new JsonObject
                    {
                        ["type"] = "DisruptionTarget",
                        ["status"] = "True",
                        ["reason"] = "EvictionByEvictionAPI",
                        ["message"] = "Eviction API: evicting",
                        ["lastTransitionTime"] = registry.Now
                    });
                });
            }
            registry.Delete(ResourceTypes.Pods, request.Namespace, request.Name, new DeleteOptions
            {
                GracePeriod = body.At("deleteOptions", "gracePeriodSeconds").AsInt(),
                Uid = body.At("deleteOptions", "preconditions", "uid").AsText(),
                IsDryRun = isDryRun,
            });
            return new JsonObject
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject(),
                ["status"] = "Success",
                ["code"] = 201
            };
        }
    }
}
