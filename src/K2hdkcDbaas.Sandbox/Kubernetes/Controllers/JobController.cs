using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Jobs: pods until enough have succeeded, or too many have failed; removed after their time to live.</summary>
internal sealed class JobController(ObjectRegistry registry, EventRecorder events, PodMaker pods, ControllerLoop loop) : IController
{
    private const int FirstBackoff = 10;
    private const int LongestBackoff = 360;
    private static readonly ResourceType Type = ResourceTypes.Jobs;

    public void Sync()
    {
        foreach (var job in registry.Store.All(Type))
        {
            if (!job.IsLeaving()) Sync(job);
        }
    }

    private void Sync(JsonObject job)
    {
        if (IsFinished(job))
        {
            Expire(job);
            return;
        }
        if (job.Flag("spec", "suspend")) return;
        var owned = pods.Owned(Type, job);
        var active = owned.Where(p => !PodMaker.IsOver(p) && !p.IsLeaving()).ToList();
        var succeeded = owned.Count(p => p.Text("status", "phase") == "Succeeded");
        var failed = owned.Where(p => p.Text("status", "phase") == "Failed" || (p.IsLeaving() && !PodMaker.IsOver(p))).ToList();
        var restarts = active.Sum(
            p => p.Items("status", "containerStatuses").Concat(p.Items("status", "initContainerStatuses"))
                .Sum(c => c.Number(0, "restartCount")));
        var completions = job.At("spec", "completions").AsInt();
        var limit = job.Number(6, "spec", "backoffLimit");
        var started = job.Text("status", "startTime") is { Length: > 0 } s
            ? DateTimeOffset.Parse(s, CultureInfo.InvariantCulture)
            : registry.Time;
        var deadline = job.At("spec", "activeDeadlineSeconds").AsInt();
        if (deadline is not null) loop.WakeAfter(started.AddSeconds(deadline.Value) - registry.Time);

        string? failure = failed.Count > limit || (restarts > limit && job.Text("spec", "template", "spec", "restartPolicy") == "OnFailure")
            ? "BackoffLimitExceeded"
            : deadline is not null && registry.Time >= started.AddSeconds(deadline.Value) ? "DeadlineExceeded" : null;
        var isDone = failure is null && (completions is null ? succeeded > 0 && active.Count == 0 : succeeded >= completions);
        if (failure is not null || isDone)
        {
            foreach (var pod in active) registry.Delete(ResourceTypes.Pods, pod.Namespace(), pod.Name(), new DeleteOptions());
            Finish(job, succeeded, failed.Count + (failure is null ? 0 : active.Count), failure, started);
            return;
        }

        var wanted = Math.Min(job.Number(1, "spec", "parallelism"), (completions ?? int.MaxValue) - succeeded);
        if (completions is null && succeeded > 0) wanted = active.Count;
        if (active.Count < wanted && MayStart(failed))
        {
            for (var i = active.Count; i < wanted; i++)
            {
                var pod = PodMaker.Of(Type, job, job.At("spec", "template")!);
                pod.Meta()["generateName"] = job.Name() + "-";
                if (pods.Make(Type, job, pod) is { } made) active.Add(made);
            }
        }
        registry.SetStatus(Type, job, status =>
        {
            status["startTime"] = started.Seconds();
            Count(status, "active", active.Count);
            Count(status, "succeeded", succeeded);
            Count(status, "failed", failed.Count);
            status["ready"] = active.Count(p => p.IsReady());
            status["terminating"] = owned.Count(p => p.IsLeaving());
            status["uncountedTerminatedPods"] = new JsonObject();
        });
    }

    private bool MayStart(List<JsonObject> failed)
    {
        if (failed.Count == 0) return true;
        var last = failed.Select(
            p => p.Items("status", "containerStatuses").Concat(p.Items("status", "initContainerStatuses"))
                .Select(c => c.Text("state", "terminated", "finishedAt")).Where(t => t.Length > 0).Order(StringComparer.Ordinal)
                .LastOrDefault())
            .OfType<string>().Order(StringComparer.Ordinal).LastOrDefault();
        if (last is null) return true;
        var wait = Math.Min(LongestBackoff, FirstBackoff * Math.Pow(2, failed.Count - 1));
        var left = DateTimeOffset.Parse(last, CultureInfo.InvariantCulture).AddSeconds(wait) - registry.Time;
        if (left <= TimeSpan.Zero) return true;
        loop.WakeAfter(left);
        return false;
    }

    private void Finish(JsonObject job, int succeeded, int failed, string? failure, DateTimeOffset started)
    {
        var message = failure switch
        {
            "BackoffLimitExceeded" => "Job has reached the specified backoff limit",
            "DeadlineExceeded" => "Job was active longer than specified deadline",
            _ => "Reached expected number of succeeded pods",
        };
        registry.SetStatus(Type, job, s =>
        {
            s["startTime"] = started.Seconds();
            s.Remove("active");
            Count(s, "succeeded", succeeded);
            Count(s, "failed", failed);
            s["ready"] = 0;
            s["terminating"] = 0;
            s["uncountedTerminatedPods"] = new JsonObject();
            PodMaker.SetCondition(s, failure is null ? "SuccessCriteriaMet" : "FailureTarget", true, failure ?? "CompletionsReached",
                message, registry.Now, "lastProbeTime");
            PodMaker.SetCondition(s, failure is null ? "Complete" : "Failed", true, failure ?? "CompletionsReached", message, registry.Now,
                "lastProbeTime");
            if (failure is null) s["completionTime"] = registry.Now;
        });
        events.Note(Type, job, failure ?? "Completed", failure is null ? "Job completed" : message, "job-controller",
            isWarning: failure is not null);
    }

    private void Expire(JsonObject job)
    {
        if (job.At("spec", "ttlSecondsAfterFinished").AsInt() is not { } ttl) return;
        var ended = job.Items("status", "conditions").Where(c => c.Text("type") is "Complete" or "Failed")
            .Select(c => DateTimeOffset.Parse(c.Text("lastTransitionTime"), CultureInfo.InvariantCulture)).First();
        var left = ended.AddSeconds(ttl) - registry.Time;
        if (left > TimeSpan.Zero) loop.WakeAfter(left);
        else registry.Delete(Type, job.Namespace(), job.Name(), new DeleteOptions { Propagation = "Foreground" });
    }

    private static bool IsFinished(JsonObject job) => job.ConditionOf("Complete") == "True" || job.ConditionOf("Failed") == "True";

    private static void Count(JsonObject status, string name, int count)
    {
        if (count > 0) status[name] = count;
        else status.Remove(name);
    }
}
