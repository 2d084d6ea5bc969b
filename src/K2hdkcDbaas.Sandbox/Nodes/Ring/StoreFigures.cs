using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>
/// The figures that k2hash would report for a node's data: areas, elements and pages, from its settings and what it holds.
/// </summary>
internal static class StoreFigures
{
    // Sizes of the real store's structures and of the steps in which it grows, read off real nodes.
    private const ulong HeadSize = 53248;
    private const ulong SlotSize = 32;
    private const ulong CollisionSlotSize = 16;
    private const ulong ElementSize = 112;
    private const ulong ElementsPerSlot = 4;
    private const ulong PageHead = 24;
    private const ulong PagesPerElement = 2;
    private const ulong PartsPerKey = 3;
    private const ulong MaxMask = 0x0FFF_FFFF;
    private const ulong MinMask = 3;
    private const long MaxAreas = 2048;

    public static NodeState Of(RingMember node, RingState state)
    {
        var record = state.Find(node.Id);
        var store = node.Keys.Store;
        var settings = node.Configuration.StoreSettings;
        var mask = Mask(settings, "K2HMASKBIT", 8);
        var collisionMask = Mask(settings, "K2HCMASKBIT", 4);
        var maxElements = Number(settings, "K2HMAXELE", 32);
        var pageSize = Number(settings, "K2HPAGESIZE", 128);
        var keys = (ulong)store.Count;
        // The table doubles when a slot would hold more than its share.
        var current = mask;
        while (current < MaxMask && keys / ((current + 1) * (collisionMask + 1)) >= maxElements) current = (current << 1) | 1;

        // Key, value and attributes take a page each, and more where they are long.
        var pages = (keys * PartsPerKey) + ((ulong)store.Bytes / (pageSize > PageHead ? pageSize - PageHead : 1));
        var elementsPerArea = (mask + 1) * (collisionMask + 1) * ElementsPerSlot;
        var elementAreas = 1 + (keys / elementsPerArea);
        var pageAreas = 1 + (pages / (elementsPerArea * PagesPerElement));
        var elements = elementAreas * elementsPerArea;
        var totalPages = pageAreas * elementsPerArea * PagesPerElement;
        var index = (current + 1) * (SlotSize + (CollisionSlotSize * (collisionMask + 1)));
        var used = index + (elements * ElementSize) + (totalPages * pageSize);
        return new NodeState
        {
            NodeId = node.Id,
            Name = record?.Name ?? node.Self.Name,
            BaseSlot = record?.BaseSlot ?? ServerRecord.NoSlot,
            PendingSlot = record?.PendingSlot ?? ServerRecord.NoSlot,
            StoreVersion = "K2H V2",
            HashVersion = K2hash.Version,
            TransactionVersion = "K2H TRANSFUNC BUILTIN",
            MaxMask = MaxMask,
            MinMask = MinMask,
            CurrentMask = current,
            CollisionMask = collisionMask,
            MaxElementCount = maxElements,
            TotalSize = HeadSize + used,
            PageSize = pageSize,
            FileSize = HeadSize + used,
            TotalUsedSize = used,
            TotalMapSize = used,
            TotalElementSize = elements * ElementSize,
            TotalPageSize = totalPages * pageSize,
            TotalAreaCount = MaxAreas,
            TotalElementCount = (long)elements,
            TotalPageCount = (long)totalPages,
            AssignedAreaCount = (long)(2 + elementAreas + pageAreas),
            AssignedKeyCount = (long)(current + 1),
            AssignedCollisionKeyCount = (long)((current + 1) * (collisionMask + 1)),
            AssignedElementCount = (long)keys,
            AssignedPageCount = (long)pages,
            UnassignedElementCount = (long)(elements - keys),
            UnassignedPageCount = (long)(totalPages - pages),
            LastUpdate = store.LastUpdate,
            LastAreaUpdate = node.StartedAt,
        };
    }

    private static ulong Mask(IReadOnlyDictionary<string, string> settings, string key, ulong bits) =>
        (1UL << (int)Math.Min(Number(settings, key, bits), 24)) - 1;

    private static ulong Number(IReadOnlyDictionary<string, string> settings, string key, ulong otherwise) =>
        settings.TryGetValue(key, out var text) && ulong.TryParse(text, out var number) && number > 0 ? number : otherwise;
}
