namespace K2hdkcDbaas.Client.Model;

/// <summary>Which end of a queue is used.</summary>
public enum QueueOrder
{
    /// <summary>First in, first out: push at the end, pop the oldest.</summary>
    Fifo,

    /// <summary>Last in, first out: push at the front, pop the newest.</summary>
    Lifo,
}
