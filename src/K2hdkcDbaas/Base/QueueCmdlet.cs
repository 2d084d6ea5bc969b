using System.Management.Automation;
using System.Security;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that works with a queue. Names of queues are stored without a trailing NUL, as k2hdkclinetool does.</summary>
public abstract class QueueCmdlet : DataCmdlet
{
    /// <summary>The queue's name. Other tools store it without a trailing NUL, and so do we.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Queue { get; set; } = null!;

    /// <summary>Which end: Fifo (first in, first out) or Lifo (last in, first out); Fifo when not given.</summary>
    [Parameter]
    public QueueOrder Order { get; set; } = QueueOrder.Fifo;

    /// <summary>The pass phrase that items are encrypted with.</summary>
    [Parameter]
    public SecureString? PassPhrase { get; set; }

    /// <summary>The queue's name as stored.</summary>
    private protected ReadOnlyMemory<byte> StoredQueue => StoredText.Encode(Queue, bare: true);

    /// <summary>How the queue is used.</summary>
    private protected QueueOptions Options(TimeSpan? expiresIn = null) =>
        new() { Order = Order, PassPhrase = Secret.Reveal(PassPhrase), ExpiresIn = expiresIn };
}
