using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Provider;
using System.Text.Json;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Sessions;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Provider;

/// <summary>
/// What a tenant has in K2HR3 as a drive: <c>resource</c>, <c>policy</c>, <c>role</c> and <c>service</c> at the top, names with their
/// parents and children below. A name that only groups others is seen and walked like any.
/// </summary>
[SuppressMessage("Design", "CA1001",
    Justification = "PowerShell does not dispose of providers; a token source without a timer holds nothing.")]
[CmdletProvider("K2hr3", ProviderCapabilities.ShouldProcess)]
public sealed class K2hr3Provider : NavigationCmdletProvider, IContentCmdletProvider
{
    private static readonly TimeSpan StopPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long completion waits.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();

    /// <inheritdoc/>
    public IContentReader GetContentReader(string path)
    {
        var at = ResourceOf(path);
        return new KeyContentReader(
            Try(path, async (k2hr3, token) => (await K2hr3Names.ResourceAsync(k2hr3, at, expand: false, token).ConfigureAwait(false)).Text,
                out var text) ? text : null);
    }

    /// <inheritdoc/>
    public object? GetContentReaderDynamicParameters(string path) => null;

    /// <inheritdoc/>
    public IContentWriter GetContentWriter(string path)
    {
        var name = ResourceOf(path);
        return new TextContentWriter(
            () => Try(path, async (k2hr3, token) => (await k2hr3.Resources.GetAsync(name, expand: false, token).ConfigureAwait(false)).Text,
                out var text) ? text : null,
            text => Save(path, name, text));
    }

    /// <inheritdoc/>
    public object GetContentWriterDynamicParameters(string path) => new K2hr3ContentWriterParameters();

    /// <inheritdoc/>
    public void ClearContent(string path)
    {
        // Set-Content clears first, with its own parameters; nobody is to read an empty text before it has written the new one.
        if (DynamicParameters is K2hr3ContentWriterParameters) return;
        var name = ResourceOf(path);
        if (ShouldProcess(KeyPath.Shown(path), "Clear content")) Save(path, name, "");
    }

    /// <inheritdoc/>
    public object? ClearContentDynamicParameters(string path) => null;

    /// <inheritdoc/>
    protected override object NewDriveDynamicParameters() => new K2hr3DriveParameters();

    /// <inheritdoc/>
    protected override PSDriveInfo NewDrive(PSDriveInfo drive)
    {
        ArgumentNullException.ThrowIfNull(drive);
        if (drive is K2hr3DriveInfo) return drive;
        try
        {
            var session = SessionTable.Here.Resolve((DynamicParameters as K2hr3DriveParameters)?.Session);
            var mark = DriveTable<K2hr3DriveInfo>.NewMark(drive.Name);
            var root = string.Join('/', [KeyPath.DriveMark + mark, .. KeyPath.Split(drive.Root)]);
            var made = new K2hr3DriveInfo(new PSDriveInfo(drive.Name, drive.Provider, root, drive.Description, drive.Credential), session);
            DriveTable<K2hr3DriveInfo>.Add(mark, made);
            return made;
        }
        catch (DbaasException fault)
        {
            ThrowTerminatingError(ErrorRecords.From(fault, drive.Name));
            throw;
        }
    }

    /// <inheritdoc/>
    protected override PSDriveInfo RemoveDrive(PSDriveInfo drive)
    {
        if (drive is K2hr3DriveInfo own) DriveTable<K2hr3DriveInfo>.Remove(own);
        return drive;
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    protected override bool IsValidPath(string path) =>
        KeyPath.Split(path) is [] || KeyPath.Split(path) is [var kind, ..] && K2hr3Tree.KindOf(kind) is not null;

    /// <inheritdoc/>
    protected override bool ItemExists(string path)
    {
        var (kind, name) = At(path);
        if (kind is null) return name.Length == 0;
        return name.Length == 0
            || (Try(path, (k2hr3, token) => K2hr3Tree.NamesAsync(k2hr3, kind.Value, token), out var names) && names!.Contains(name));
    }

    /// <inheritdoc/>
    protected override bool IsItemContainer(string path) => At(path) is (null, "") or (not null, "") || HasChildItems(path);

    /// <inheritdoc/>
    protected override bool HasChildItems(string path) => Children(path).Count > 0;

    /// <inheritdoc/>
    protected override void GetItem(string path)
    {
        var (kind, name) = At(path);
        if (kind is null) WriteItemObject(DriveOf(path), path, isContainer: true);
        else if (Try(path, (k2hr3, token) => FindAsync(k2hr3, kind.Value, name, token), out var found))
            WriteItemObject(K2hr3Item.Among(found.Item), path, found.HasChildren);
    }

    /// <inheritdoc/>
    protected override void GetChildItems(string path, bool recurse) => GetChildItems(path, recurse, uint.MaxValue);

    /// <inheritdoc/>
    protected override void GetChildItems(string path, bool recurse, uint depth)
    {
        foreach (var child in Children(path))
        {
            if (Stopping) return;
            var below = MakePath(path, child);
            GetItem(below);
            if (recurse && depth > 0) GetChildItems(below, recurse, depth - 1);
        }
    }

    /// <inheritdoc/>
    protected override void GetChildNames(string path, ReturnContainers returnContainers)
    {
        foreach (var child in Children(path)) WriteItemObject(child, MakePath(path, child), isContainer: false);
    }

    /// <inheritdoc/>
    protected override void NewItem(string path, string itemTypeName, object newItemValue)
    {
        var (kind, name) = Named(path);
        if (!ShouldProcess(KeyPath.Shown(path), $"New K2HR3 {K2hr3Names.Word(kind)}")) return;
        var value = newItemValue is PSObject wrapped ? wrapped.BaseObject : newItemValue;
        var force = Force.IsPresent;
        var made = Try(path, async (k2hr3, token) =>
        {
            if (!force) await K2hr3Names.DemandAbsentAsync(k2hr3, kind, name, token).ConfigureAwait(false);
            var tenant = await K2hr3Names.TenantAsync(k2hr3, token).ConfigureAwait(false);
            switch (kind)
            {
                case ListKind.Resource:
                    await k2hr3.Resources.SaveAsync(name, Content(value), token).ConfigureAwait(false);
                    break;
                case ListKind.Policy:
                    var policy = new Policy
                    {
                        Name = name,
                        Effect = "allow",
                        Actions = [Yrn.Read],
                        Resources = K2hr3Names.Full(YrnKind.Resource, tenant, Texts(value)) ?? []
                    };
                    await k2hr3.Policies.SaveAsync(policy, token).ConfigureAwait(false);
                    break;
                case ListKind.Role:
                    await k2hr3.Roles.SaveAsync(name, K2hr3Names.Full(YrnKind.Policy, tenant, Texts(value)), null,
                        token).ConfigureAwait(false);
                    break;
                default:
                    if (value is null)
                        throw new DbaasException(ErrorKind.InvalidInput, "K2hr3ServiceWithoutSource",
                            $"The service '{name}' needs to say where its resources come from.",
                            "Give an address, or the resources, with -Value.");
                    await k2hr3.Services.SaveAsync(name, JsonSerializer.SerializeToElement(JsonValues.From(value)),
                        token).ConfigureAwait(false);
                    break;
            }

            return await FindAsync(k2hr3, kind, name, token).ConfigureAwait(false);
        }, out var found);
        if (made) WriteItemObject(found.Item, path, found.HasChildren);
    }

    /// <inheritdoc/>
    protected override void SetItem(string path, object value)
    {
        var name = ResourceOf(path);
        if (ShouldProcess(KeyPath.Shown(path), "Set item")) Save(path, name, value is PSObject wrapped ? wrapped.BaseObject : value);
    }

    /// <inheritdoc/>
    protected override void RemoveItem(string path, bool recurse)
    {
        var (kind, name) = Named(path);
        if (!ShouldProcess(KeyPath.Shown(path), recurse ? "Remove from K2HR3 with all below it" : "Remove from K2HR3")) return;
        Try(path, async (k2hr3, token) =>
        {
            var all = await K2hr3Tree.NamesAsync(k2hr3, kind, token).ConfigureAwait(false);
            foreach (var one in Tree(all, name, recurse)) await DeleteAsync(k2hr3, kind, one, token).ConfigureAwait(false);
            return true;
        }, out _);
    }

    /// <inheritdoc/>
    protected override void CopyItem(string path, string copyPath, bool recurse) => Transfer(path, copyPath, recurse, isMove: false);

    /// <inheritdoc/>
    protected override void MoveItem(string path, string destination) => Transfer(path, destination, recurse: true, isMove: true);

    /// <inheritdoc/>
    protected override void RenameItem(string path, string newName) =>
        Transfer(path, MakePath(GetParentPath(path, null), newName), recurse: true, isMove: true);

    private static IEnumerable<string> Tree(IReadOnlyList<string> names, string name, bool recurse) =>
        names.Where(n => n == name || (recurse && n.StartsWith(name + "/", StringComparison.Ordinal))).OrderByDescending(n => n.Length);

    private static Task DeleteAsync(K2hr3Client k2hr3, ListKind kind, string name, CancellationToken cancellationToken) =>
        ContentsUse.RemoveAsync(k2hr3, kind, name, ct => kind switch
        {
            ListKind.Resource => k2hr3.Resources.DeleteAsync(name, ct),
            ListKind.Policy => k2hr3.Policies.DeleteAsync(name, ct),
            ListKind.Role => k2hr3.Roles.DeleteAsync(name, ct),
            _ => k2hr3.Services.DeleteAsync(name, ct),
        }, cancellationToken);

    private static async Task<(object Item, bool HasChildren)> FindAsync(K2hr3Client k2hr3, ListKind kind, string name,
        CancellationToken cancellationToken)
    {
        var names = await K2hr3Tree.NamesAsync(k2hr3, kind, cancellationToken).ConfigureAwait(false);
        var below = K2hr3Tree.Below(names, name).Count();
        if (name.Length == 0) return (new K2hr3Branch(K2hr3Names.Word(kind), "", below), true);
        if (!names.Contains(name)) throw K2hr3Names.NotFound(kind, name);
        return (await K2hr3Tree.ReadAsync(k2hr3, kind, name, names, cancellationToken).ConfigureAwait(false), below > 0);
    }

    private static ResourceChange Content(object? value) => value is null or string
        ? new ResourceChange { Text = (string?)value ?? "" }
        : new ResourceChange { Data = JsonSerializer.SerializeToElement(JsonValues.From(value)) };

    private static string[]? Texts(object? value) => value is null ? null : LanguagePrimitives.ConvertTo<string[]>(value);

    private static (ListKind? Kind, string Name) At(string path) => KeyPath.Split(path) switch
    {
        [] => (null, ""),
        [var kind, .. var rest] =>
            (K2hr3Tree.KindOf(kind), K2hr3Names.Normal(string.Join('/', rest))) is (not null, _) known ? known : (null, kind),
    };

    private static (ListKind Kind, string Name) Named(string path) =>
        At(path) is ({ } kind, { Length: > 0 } name) ? (kind, name) : throw NoObject(path);

    private static string ResourceOf(string path) => At(path) is (ListKind.Resource, { Length: > 0 } name) ? name : throw NoText(path);

    private static DbaasException NoObject(string path) => new(
        ErrorKind.InvalidInput, "InvalidK2hr3Path", $"'{KeyPath.Shown(path)}' names nothing that can be changed.",
        "Write KIND/NAME with the kind resource, policy, role or service.")
    { Target = KeyPath.Shown(path) };

    private static DbaasException NoText(string path) => new(
        ErrorKind.InvalidInput, "InvalidK2hr3Path", $"'{KeyPath.Shown(path)}' has no text: only resources have.",
        "Name a resource, as in resource/NAME.")
    { Target = KeyPath.Shown(path) };

    /// <summary>
    /// Copies or moves an object with what is below it; moved roles keep their hosts. What names the old place still names it.
    /// </summary>
    private void Transfer(string path, string destination, bool recurse, bool isMove)
    {
        var (kind, name) = Named(path);
        var (targetKind, target) = At(destination);
        if (targetKind != kind || kind == ListKind.Service)
        {
            throw new DbaasException(
                ErrorKind.InvalidInput, "InvalidK2hr3Path", $"'{KeyPath.Shown(path)}' cannot become '{KeyPath.Shown(destination)}'.",
                "Resources, policies and roles are copied within their kind; services are not.")
            { Target = KeyPath.Shown(destination) };
        }

        // As with files: into what is there and has children, or to the top.
        if (target.Length == 0 || IsItemContainer(destination)) target = (target.Length == 0 ? "" : target + "/") + name.Split('/')[^1];
        if (!ShouldProcess($"{KeyPath.Shown(path)} to {K2hr3Names.Word(kind)}/{target}", isMove ? "Move in K2HR3" : "Copy in K2HR3"))
            return;
        var force = Force.IsPresent;
        Try(path, async (k2hr3, token) =>
        {
            if (target == name || target.StartsWith(name + "/", StringComparison.Ordinal))
                throw new DbaasException(ErrorKind.InvalidInput, "CopyOntoItself",
                    $"'{target}' is '{name}' or below it; nothing was changed.", "Give another name.")
                { Target = target };
            var names = await K2hr3Tree.NamesAsync(k2hr3, kind, token).ConfigureAwait(false);
            if (!names.Contains(name)) throw K2hr3Names.NotFound(kind, name);
            if (!force && names.Contains(target)) await K2hr3Names.DemandAbsentAsync(k2hr3, kind, target, token).ConfigureAwait(false);
            var all = Tree(names, name, recurse).Reverse().ToArray();
            foreach (var one in all) await CopyAsync(k2hr3, kind, one, target + one[name.Length..], isMove, token).ConfigureAwait(false);
            foreach (var one in isMove ? all.Reverse() : []) await DeleteAsync(k2hr3, kind, one, token).ConfigureAwait(false);
            return true;
        }, out _);
    }

    private static async Task CopyAsync(K2hr3Client k2hr3, ListKind kind, string from, string to, bool withHosts,
        CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case ListKind.Resource:
                Resource resource;
                try
                {
                    resource = await k2hr3.Resources.GetAsync(from, expand: false, cancellationToken).ConfigureAwait(false);
                }
                catch (DbaasException fault) when (fault.Kind == ErrorKind.NotFound)
                {
                    // A branch with no object of its own comes with what is below it.
                    return;
                }

                var data = resource.Data is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } own
                    ? own
                    : (JsonElement?)null;
                await k2hr3.Resources.SaveAsync(
                    to, new ResourceChange
                    {
                        Text = data is null ? resource.Text : null,
                        Data = data,
                        Keys = resource.Keys,
                        Aliases = resource.Aliases
                    }, cancellationToken).ConfigureAwait(false);
                break;
            case ListKind.Policy:
                var policy = await k2hr3.Policies.GetAsync(from, cancellationToken).ConfigureAwait(false);
                await k2hr3.Policies.SaveAsync(policy with { Name = to }, cancellationToken).ConfigureAwait(false);
                break;
            default:
                var role = await k2hr3.Roles.GetAsync(from, cancellationToken).ConfigureAwait(false);
                await k2hr3.Roles.SaveAsync(to, role.Policies, role.Aliases, cancellationToken).ConfigureAwait(false);
                if (withHosts && role.Hosts.Count > 0)
                    await k2hr3.Roles.AddHostsAsync(to, role.Hosts, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private void Save(string path, string name, object? value) => Try(path, async (k2hr3, token) =>
    {
        await k2hr3.Resources.SaveAsync(name, Content(value), token).ConfigureAwait(false);
        return true;
    }, out _);

    private IReadOnlyList<string> Children(string path)
    {
        var (kind, name) = At(path);
        if (kind is null) return name.Length == 0 ? K2hr3Tree.Kinds : [];
        return Try(path, (k2hr3, token) => K2hr3Tree.NamesAsync(k2hr3, kind.Value, token), out var names)
            ? [.. K2hr3Tree.Below(names!, name).Select(n => n.Split('/')[^1])]
            : [];
    }

    // Every path of a drive begins with the drive's mark, also one that comes out of the pipeline, for which PowerShell gives no drive.
    private K2hr3DriveInfo? DriveOf(string path) =>
        KeyPath.Mark(path) is { } mark ? DriveTable<K2hr3DriveInfo>.Find(mark) : PSDriveInfo as K2hr3DriveInfo;

    /// <summary>Does asynchronous work in the session of a path on the pipeline thread's behalf; a failure is written.</summary>
    private bool Try<T>(string path, Func<K2hr3Client, CancellationToken, Task<T>> work, out T? result)
    {
        result = default;
        try
        {
            var drive = DriveOf(path) ?? throw new DbaasException(
                ErrorKind.InvalidInput, SessionTable.NotConnected, "The path names no drive, or one whose scope has ended.",
                "Make one with New-PSDrive -PSProvider K2hr3, and begin the path with its name.");
            result = Wait(async token =>
                await work(await drive.Session.GetK2hr3Async(token).ConfigureAwait(false), token).ConfigureAwait(false));
            return true;
        }
        catch (DbaasException fault)
        {
            WriteError(ErrorRecords.From(fault, KeyPath.Shown(path)));
            return false;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    // Providers are synchronous: the pool does the work. A stop is looked for, since not every call of PowerShell's is told of it, and
    // completion ends soon.
    private T Wait<T>(Func<CancellationToken, Task<T>> work)
    {
        var doing = Task.Run(() => work(_stop.Token), _stop.Token);
        var started = TimeProvider.System.GetTimestamp();
        bool? isCompletion = null;
        while (Task.WaitAny([doing], StopPause) < 0)
        {
            var isOverdue = (isCompletion ??= K2hdkcProvider.IsCompletion()) && TimeProvider.System.GetElapsedTime(started) >= LookLimit;
            if (!_stop.IsCancellationRequested && !Stopping && !isOverdue) continue;
            _stop.Cancel();
            _ = doing.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
            throw new OperationCanceledException(_stop.Token);
        }

        return doing.GetAwaiter().GetResult();
    }
}
