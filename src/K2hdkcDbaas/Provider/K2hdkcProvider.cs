using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Provider;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Commands;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Protocol.Values;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Provider;

/// <summary>
/// A ring's keys as a drive: below a key are its subkeys. K2HDKC cannot list its top-level keys, so the root of a drive made with <c>-Root
/// ''</c> shows none, and yet each key is found by its name; a drive made with a key as its root shows that key's subkeys.
/// </summary>
[SuppressMessage("Design", "CA1001",
    Justification = "PowerShell does not dispose of providers; a token source without a timer holds nothing.")]
[CmdletProvider("K2hdkc", ProviderCapabilities.ShouldProcess)]
public sealed partial class K2hdkcProvider : NavigationCmdletProvider, IContentCmdletProvider
{
    private const int ReadAtOnce = 64;

    private static readonly TimeSpan ShortestExpiry = TimeSpan.FromSeconds(1);

    /// <summary>How long a probe waits for a ring that is not connected, and completion for any ring.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromMilliseconds(800);

    /// <summary>How long work may go on after a stop before it is left behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan StopPause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();

    /// <inheritdoc/>
    protected override object NewDriveDynamicParameters() => new K2hdkcDriveParameters();

    /// <inheritdoc/>
    protected override PSDriveInfo NewDrive(PSDriveInfo drive)
    {
        ArgumentNullException.ThrowIfNull(drive);
        if (drive is K2hdkcDriveInfo) return drive;
        var parameters = DynamicParameters as K2hdkcDriveParameters ?? new K2hdkcDriveParameters();
        try
        {
            foreach (var segment in KeyPath.Split(drive.Root)) _ = KeyPath.Key(segment);
            var connection = Connect(parameters);
            var mark = DriveTable<K2hdkcDriveInfo>.NewMark(drive.Name);
            var root = string.Join('/', [KeyPath.DriveMark + mark, .. KeyPath.Split(drive.Root)]);
            var made = new K2hdkcDriveInfo(new PSDriveInfo(drive.Name, drive.Provider, root, drive.Description, drive.Credential),
                connection, ConnectionTable.Here);
            DriveTable<K2hdkcDriveInfo>.Add(mark, made);
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
        if (drive is K2hdkcDriveInfo own) DriveTable<K2hdkcDriveInfo>.Remove(own);
        return drive;
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    protected override bool IsValidPath(string path)
    {
        try
        {
            foreach (var segment in KeyPath.Split(path)) _ = KeyPath.Key(segment);
            return true;
        }
        catch (DbaasException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override bool ItemExists(string path)
    {
        var segments = KeyPath.Split(path);
        if (segments.Length == 0) return true;
        return Look(path, (ring, token) => ExistsAsync(ring, segments, token), out var exists) && exists;
    }

    /// <inheritdoc/>
    protected override bool IsItemContainer(string path) => KeyPath.Split(path).Length == 0 || HasChildItems(path);

    /// <inheritdoc/>
    protected override bool HasChildItems(string path) => Children(path).Count > 0;

    /// <inheritdoc/>
    protected override void GetItem(string path)
    {
        if (KeyOf(path) is not { } key)
        {
            WriteItemObject(DriveOf(path), path, isContainer: true);
            return;
        }

        if (Try(path, (ring, token) => ReadAsync(ring, key, token), out var item))
            WriteItemObject(item, path, item!.Subkeys is { Length: > 0 });
    }

    /// <inheritdoc/>
    protected override void GetChildItems(string path, bool recurse) => GetChildItems(path, recurse, uint.MaxValue);

    /// <inheritdoc/>
    protected override void GetChildItems(string path, bool recurse, uint depth) =>
        WriteChildren(path, recurse, depth, new HashSet<ReadOnlyMemory<byte>>(BlobOrder.Instance));

    /// <inheritdoc/>
    protected override void GetChildNames(string path, ReturnContainers returnContainers)
    {
        foreach (var child in Children(path))
        {
            if (Stopping) return;
            var segment = KeyPath.Segment(child.Span);
            WriteItemObject(segment, MakePath(path, segment), isContainer: false);
        }
    }

    /// <inheritdoc/>
    protected override void SetItem(string path, object value) => Write(path, value, "Set item");

    /// <inheritdoc/>
    protected override void ClearItem(string path) => Write(path, null, "Clear item");

    /// <inheritdoc/>
    protected override void NewItem(string path, string itemTypeName, object newItemValue)
    {
        Write(path, newItemValue, "New item", mustBeNew: !Force);
    }

    /// <inheritdoc/>
    protected override void RemoveItem(string path, bool recurse)
    {
        if (KeyOf(path) is not { } key || !ShouldProcess(KeyPath.Shown(path), recurse ? "Remove key with all below it" : "Remove key"))
            return;
        var parent = ParentKeyOf(path);
        Try(path, async (ring, token) =>
        {
            if (parent is { } list) await ring.RemoveSubkeyAsync(list, key, recurse, token).ConfigureAwait(false);
            else await ring.RemoveAsync(key, recurse, token).ConfigureAwait(false);
            return true;
        }, out _);
    }

    /// <inheritdoc/>
    protected override void RenameItem(string path, string newName)
    {
        if (KeyOf(path) is not { } key || !ShouldProcess($"{KeyPath.Shown(path)} to {newName}", "Rename key")) return;
        var parent = ParentKeyOf(path);
        var target = MakePath(GetParentPath(path, null), newName);
        Try(path, async (ring, token) =>
        {
            var newKey = KeyPath.Key(newName);
            if (!Force && await KeyErrors.ExistsAsync(ring, newKey, token).ConfigureAwait(false))
                throw new DbaasException(ErrorKind.AlreadyExists, "KeyExists", $"There is a key '{newName}' already; nothing was renamed.",
                    "Take another name, or replace it with -Force.")
                { Target = newName };
            await ring.RenameAsync(key, newKey, new RenameOptions { ParentKey = parent }, token).ConfigureAwait(false);
            return await ReadAsync(ring, newKey, token).ConfigureAwait(false);
        }, out var item);
        if (item is not null) WriteItemObject(item, target, item.Subkeys is { Length: > 0 });
    }

    /// <inheritdoc/>
    protected override void CopyItem(string path, string copyPath, bool recurse)
    {
        // As everywhere, a copy onto a container goes below it.
        if (ItemExists(copyPath) && IsItemContainer(copyPath)) copyPath = MakePath(copyPath, KeyPath.Split(path)[^1]);
        if (KeyOf(path) is not { } key || KeyOf(copyPath) is not { } target
            || !ShouldProcess($"{KeyPath.Shown(path)} to {KeyPath.Shown(copyPath)}", "Copy key")) return;
        var parent = ParentKeyOf(copyPath);
        // The two paths may be of two rings.
        if (!Try(copyPath, (ring, _) => Task.FromResult(ring), out var to)) return;
        Try(path, async (from, token) =>
        {
            if (ReferenceEquals(from, to) && key.AsSpan().SequenceEqual(target)) throw OntoItself(path, copyPath);
            if (recurse && await from.GetSubkeysAsync(key, token).ConfigureAwait(false) is { Count: > 0 }) throw SharedSubkeys(path);
            var reading = await from.GetAsync(key, null, token).ConfigureAwait(false);
            if (KeyErrors.Of(KeyReference.Of(key), reading.State) is { } fault) throw fault;
            await StoreAsync(to!, parent, target, reading.Value, await LastingAsync(from, key, token).ConfigureAwait(false),
                token).ConfigureAwait(false);
            return true;
        }, out _);
    }

    private IK2hdkcClient RingOf(string path)
    {
        var drive = DriveOf(path) ?? throw new DbaasException(
            ErrorKind.InvalidInput, ConnectionTable.NotConnected, "The path names no drive, or one whose scope has ended.",
            "Make one with New-PSDrive -PSProvider K2hdkc, and begin the path with its name.");
        return drive.Connection.Inner is { IsClosed: false } open ? open.Client : throw Closed(drive);
    }

    // Every path of a drive begins with the drive's mark, also one that comes out of the pipeline, for which PowerShell gives no drive.
    private K2hdkcDriveInfo? DriveOf(string path) =>
        KeyPath.Mark(path) is { } mark ? DriveTable<K2hdkcDriveInfo>.Find(mark) : PSDriveInfo as K2hdkcDriveInfo;

    private static DbaasException Closed(K2hdkcDriveInfo drive) => new(
        ErrorKind.Conflict, K2hdkcErrors.ClientClosed, $"The connection of drive '{drive.Name}' was closed.",
        "Connect to its ring again with Connect-K2hdkcCluster, or remove the drive and make it again with New-PSDrive.");

    // A path's last segment is the key's whole name, so a copy below another key under the same name would be the key itself.
    private static DbaasException OntoItself(string path, string copyPath) => new(
        ErrorKind.InvalidInput, "CopyOntoItself",
        $"'{KeyPath.Shown(path)}' and '{KeyPath.Shown(copyPath)}' are the same key; nothing was copied.",
        "Give the copy a name of its own, or put the key into the other's list of subkeys, too, with Add-K2hdkcSubkey.")
    { Target = KeyPath.Shown(path) };

    private static DbaasException SharedSubkeys(string path) => new(
        ErrorKind.NotSupported, "SubkeysNotCopied",
        $"'{KeyPath.Shown(path)}' has subkeys. They are keys of their own, which the copy would share and not own; nothing was copied.",
        "Leave out -Recurse to copy the value alone, and copy each subkey to a name of its own.")
    { Target = KeyPath.Shown(path) };

    private static byte[]? KeyOf(string path) => KeyPath.Split(path) is [.., var last] ? KeyPath.Key(last) : null;

    // A key right below an empty root stands in no list.
    private static byte[]? ParentKeyOf(string path) => KeyPath.Split(path) is [.., var parent, _] ? KeyPath.Key(parent) : null;

    private static async Task<bool> ExistsAsync(IK2hdkcClient ring, string[] segments, CancellationToken cancellationToken)
    {
        var key = KeyPath.Key(segments[^1]);
        if (segments.Length == 1) return await KeyErrors.ExistsAsync(ring, key, cancellationToken).ConfigureAwait(false);
        var names = await ring.GetSubkeysAsync(KeyPath.Key(segments[^2]), cancellationToken).ConfigureAwait(false);
        return names.Contains(key, BlobOrder.Instance);
    }

    private static async Task<K2hdkcKey> ReadAsync(IK2hdkcClient ring, byte[] key, CancellationToken cancellationToken) =>
        await new KeyReader { WithSubkeys = true }.ReadAsync(ring, new KeyReference(key), cancellationToken).ConfigureAwait(false);

    private IReadOnlyList<ReadOnlyMemory<byte>> Children(string path, bool isProbe = true)
    {
        if (KeyOf(path) is not { } key) return [];
        var found = isProbe
            ? Look(path, (ring, token) => ring.GetSubkeysAsync(key, token), out var names)
            : Try(path, (ring, token) => ring.GetSubkeysAsync(key, token), out names);
        return found ? [.. names!.Where(n => !n.IsEmpty)] : [];
    }

    private void WriteChildren(string path, bool recurse, uint depth, HashSet<ReadOnlyMemory<byte>> seen)
    {
        foreach (var part in Children(path, isProbe: false).Chunk(ReadAtOnce))
        {
            if (Stopping) return;
            Try(path, (ring, token) => Task.WhenAll(part.Select(c => TryReadAsync(ring, c.ToArray(), token))), out var items);
            foreach (var (key, item, fault) in items ?? [])
            {
                var child = MakePath(path, KeyPath.Segment(key));
                if (item is null) WriteError(ErrorRecords.From(fault!, child));
                else WriteItemObject(item, child, item.Subkeys is { Length: > 0 });
                // Lists of subkeys may run in circles.
                if (recurse && depth > 0 && item?.Subkeys is { Length: > 0 } && seen.Add(key))
                    WriteChildren(child, recurse, depth - 1, seen);
            }
        }
    }

    private static async Task<(byte[] Key, K2hdkcKey? Item, DbaasException? Fault)> TryReadAsync(IK2hdkcClient ring, byte[] key,
        CancellationToken cancellationToken)
    {
        try
        {
            return (key, await ReadAsync(ring, key, cancellationToken).ConfigureAwait(false), null);
        }
        catch (DbaasException fault)
        {
            return (key, null, fault);
        }
    }

    private void Write(string path, object? value, string action, bool mustBeNew = false)
    {
        if (KeyOf(path) is not { } key || !ShouldProcess(KeyPath.Shown(path), action)) return;
        var parent = ParentKeyOf(path);
        var done = Try(path, async (ring, token) =>
        {
            // A key is one wherever it is listed: that it is new below this path does not make it new.
            if (mustBeNew && await KeyErrors.ExistsAsync(ring, key, token).ConfigureAwait(false))
                throw new DbaasException(ErrorKind.AlreadyExists, "KeyExists",
                    $"There is a key at '{KeyPath.Shown(path)}' already; nothing was changed.",
                    "Replace its value with Set-Content or -Force.")
                { Target = KeyPath.Shown(path) };
            await StoreAsync(ring, parent, key, StoredValue.Encode(value, asJson: false, bare: false), null, token).ConfigureAwait(false);
            return await ReadAsync(ring, key, token).ConfigureAwait(false);
        }, out var item);
        if (done) WriteItemObject(item, path, item!.Subkeys is { Length: > 0 });
    }

    private static Task StoreAsync(IK2hdkcClient ring, byte[]? parent, byte[] key, ReadOnlyMemory<byte> value, SetOptions? options,
        CancellationToken cancellationToken) =>
        parent is null
            ? ring.SetAsync(key, value, options, cancellationToken)
            : ring.AddSubkeyAsync(parent, key, value, options, cancellationToken);

    /// <summary>The options that let a value end when the key's present value would end; null when it does not end.</summary>
    private static async Task<SetOptions?> LastingAsync(IK2hdkcClient ring, byte[] key, CancellationToken cancellationToken)
    {
        if ((await ring.GetAttributesAsync(key, cancellationToken).ConfigureAwait(false)).Expires is not { } expires) return null;
        var left = expires - DateTimeOffset.UtcNow;
        return new SetOptions { ExpiresIn = left > ShortestExpiry ? left : ShortestExpiry };
    }

    private K2hdkcConnection Connect(K2hdkcDriveParameters parameters)
    {
        var table = ConnectionTable.Here;
        var path = parameters.ConfigurationPath is { } file ? SessionState.Path.GetUnresolvedProviderPathFromPSPath(file) : null;
        if (new RingChoice(parameters.Cluster, parameters.Session, path, parameters.Server).Source(out var session) is not { } source)
            return table.Current ?? throw ConnectionTable.NothingMeant();
        var key = new ConnectionKey(session, source.Name, parameters.Transport);
        if (table.Find(key) is { } known) return known;
        var options = new DataConnectionOptions { Client = new K2hdkcClientOptions { Transport = parameters.Transport } };
        var opened = Wait(
            async token => new K2hdkcConnection(
                await DataConnection.OpenAsync(source, options, AmbientObserver.Instance, token).ConfigureAwait(false), session));
        table.Add(key, opened, makeCurrent: false);
        return opened;
    }

    /// <summary>Does asynchronous work in the ring of a path on the pipeline thread's behalf; a failure is written.</summary>
    private bool Try<T>(string path, Func<IK2hdkcClient, CancellationToken, Task<T>> work, out T? result)
    {
        result = default;
        try
        {
            var ring = RingOf(path);
            result = Wait(token => work(ring, token), path);
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

    /// <summary>
    /// Does what completion, wildcards and existence probes ask for again and again: a ring that has just not answered is not waited for
    /// each time.
    /// </summary>
    private bool Look<T>(string path, Func<IK2hdkcClient, CancellationToken, Task<T>> work, out T? result)
    {
        var drive = DriveOf(path);
        return Try(path, async (ring, token) =>
        {
            if (drive?.IsSilent == true) throw Silent(path);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            if (ring.Ring.State is ClientState.Disconnected or ClientState.Connecting) limit.CancelAfter(LookLimit);
            try
            {
                return await work(ring, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                drive?.NoteSilence();
                throw Silent(path);
            }
            catch (DbaasException fault) when (fault.ErrorId is K2hdkcErrors.CallTimeout or K2hdkcErrors.RingUnavailable)
            {
                drive?.NoteSilence();
                throw;
            }
        }, out result);
    }

    private static DbaasException Silent(string path) => new(
        ErrorKind.Unreachable, K2hdkcErrors.RingUnavailable, $"The ring of '{KeyPath.Shown(path)}' does not answer at the moment.",
        "Try again when its servers are up; Get-K2hdkcStatus shows them.");

    /// <summary>
    /// Waits for asynchronous work. Providers are synchronous: the pool does the work, so that no continuation waits for this thread. A
    /// stop is looked for, since not every call of PowerShell's is told of it, and completion never waits longer than a user does.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="path">The path that it is about; null for none that completion asks for.</param>
    private T Wait<T>(Func<CancellationToken, Task<T>> work, string? path = null)
    {
        var doing = Task.Run(() => work(_stop.Token), _stop.Token);
        var started = TimeProvider.System.GetTimestamp();
        bool? isCompletion = null;
        while (Task.WaitAny([doing], StopPause) < 0)
        {
            var isStopped = _stop.IsCancellationRequested || Stopping;
            var isOverdue = !isStopped && path is not null && (isCompletion ??= IsCompletion())
                && TimeProvider.System.GetElapsedTime(started) >= LookLimit;
            if (!isStopped && !isOverdue) continue;
            _stop.Cancel();
            if (isStopped && Task.WaitAny([doing], Patience) >= 0) break;
            // Left behind; a later failure is of no interest to anyone.
            _ = doing.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
            if (isStopped) throw new OperationCanceledException(_stop.Token);
            DriveOf(path!)?.NoteSilence();
            throw Silent(path!);
        }

        return doing.GetAwaiter().GetResult();
    }

    // PowerShell completes paths with the commands that users give, so that only the stack tells. It is asked only when an answer takes its
    // time.
    internal static bool IsCompletion() =>
        new System.Diagnostics.StackTrace().GetFrames()
            .Any(f => f.GetMethod()?.DeclaringType?.FullName == "System.Management.Automation.CommandCompletion");
}
