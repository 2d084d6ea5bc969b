using System.Security.Cryptography;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Glance;

/// <summary>An image. Its bytes are kept only where they matter: a guest's snapshot, or what a client uploaded.</summary>
internal sealed class Image
{
    public string Id { get; init; } = Guid.NewGuid().ToString();

    public string? Name { get; set; }

    public string? DiskFormat { get; set; }

    public string? ContainerFormat { get; set; }

    public string Visibility { get; set; } = "shared";

    public required string Owner { get; init; }

    public string Status { get; set; } = "queued";

    public long? Size { get; set; }

    public bool IsProtected { get; set; }

    public bool Hidden { get; set; }

    public int MinDisk { get; set; }

    public int MinRam { get; set; }

    public List<string> Tags { get; set; } = [];

    /// <summary>The additional properties, all text.</summary>
    public Dictionary<string, string> Properties { get; } = new(StringComparer.Ordinal);

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; set; }

    public string? Checksum { get; private set; }

    public string? Hash { get; private set; }

    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>A guest's state, when the image was made from a server.</summary>
    public ReadOnlyMemory<byte> Snapshot { get; set; }

    public void Fill(ReadOnlyMemory<byte> data, DateTimeOffset now)
    {
        Data = data;
        Size = data.Length;
#pragma warning disable CA5351 // Glance's checksum is MD5; it guards nothing here.
        Checksum = Convert.ToHexStringLower(MD5.HashData(data.Span));
#pragma warning restore CA5351
        Hash = Convert.ToHexStringLower(SHA512.HashData(data.Span));
        Status = "active";
        Updated = now;
    }

    public JsonObject ToJson()
    {
        var body = new JsonObject();
        foreach (var (name, value) in Properties) body[name] = value;
        body["name"] = Name;
        body["disk_format"] = DiskFormat;
        body["container_format"] = ContainerFormat;
        body["visibility"] = Visibility;
        body["size"] = Size;
        body["virtual_size"] = DiskFormat == "raw" ? Size : null;
        body["status"] = Status;
        body["checksum"] = Checksum;
        body["protected"] = IsProtected;
        body["min_ram"] = MinRam;
        body["min_disk"] = MinDisk;
        body["owner"] = Owner;
        body["os_hidden"] = Hidden;
        body["os_hash_algo"] = Hash is null ? null : "sha512";
        body["os_hash_value"] = Hash;
        body["id"] = Id;
        body["created_at"] = Created.Seconds();
        body["updated_at"] = Updated.Seconds();
        body["tags"] = JsonHttp.Strings(Tags);
        body["self"] = "/v2/images/" + Id;
        body["file"] = $"/v2/images/{Id}/file";
        body["schema"] = "/v2/schemas/image";
        if (Status == "active") body["stores"] = "disk";
        return body;
    }
}

/// <summary>Glance's images. Callers hold <see cref="SandboxState.Gate"/>.</summary>
internal sealed class ImageStore
{
    private readonly SandboxState _state;

    public ImageStore(SandboxState state)
    {
        _state = state;
        var image = New(state.Identity.FindProject("admin")!.Id);
        (image.Name, image.DiskFormat, image.ContainerFormat, image.Visibility, image.MinDisk) = ("lab-image", "raw", "bare", "public", 1);
        image.Fill(new byte[65536], state.Now);
    }

    public List<Image> Images { get; } = [];

    public Image New(string owner, string? id = null)
    {
        var image = new Image { Id = id ?? Guid.NewGuid().ToString(), Owner = owner, Created = _state.Now, Updated = _state.Now };
        Images.Add(image);
        return image;
    }

    public IEnumerable<Image> Visible(Token token) =>
        Images.Where(i => token.IsAdmin || i.Owner == token.Project?.Id || i.Visibility is "public" or "community");

    public Image? Find(Token token, string? id) => Visible(token).FirstOrDefault(i => i.Id == id);
}
