using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>/os-keypairs: keys belong to a user.</summary>
internal sealed class KeyPairRoutes(SandboxState state)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/os-keypairs", context =>
        {
            var (token, _) = context.Enter(state);
            lock (state.Gate)
            {
                var own = state.Compute.KeyPairs.Where(k => k.UserId == token.User.Id).OrderBy(k => k.Name, StringComparer.Ordinal);
                var (page, more) = context.Version() >= 35 ? NovaHttp.Page(context, own, k => k.Name) : ([.. own], false);
                var answer = new JsonObject
                {
                    ["keypairs"] =
                    JsonHttp.ToArray(page, k => new JsonObject { ["keypair"] = Brief(context, k) })
                };
                if (more) answer["keypairs_links"] = NovaHttp.NextLink(context, page[^1].Name);
                return context.WriteJsonAsync(200, answer);
            }
        });
        routes.MapPost("/os-keypairs", CreateAsync);
        routes.MapGet("/os-keypairs/{name}", context =>
        {
            lock (state.Gate)
            {
                var key = Find(context);
                var body = Brief(context, key);
                body["user_id"] = key.UserId;
                body["created_at"] = NovaHttp.Micro(key.Created);
                body["deleted"] = false;
                body["deleted_at"] = null;
                body["id"] = key.Number;
                body["updated_at"] = null;
                return context.WriteJsonAsync(200, new JsonObject { ["keypair"] = body });
            }
        });
        routes.MapDelete("/os-keypairs/{name}", context =>
        {
            lock (state.Gate) state.Compute.KeyPairs.Remove(Find(context));
            context.Response.StatusCode = context.Version() >= 2 ? 204 : 202;
            context.Response.ContentType = "application/json";
            return Task.CompletedTask;
        });
    }

    private KeyPair Find(HttpContext context)
    {
        var (token, _) = context.Enter(state);
        var name = context.Route("name");
        return state.Compute.KeyPairs.Find(k => k.Name == name && k.UserId == token.User.Id)
            ?? throw new ApiFault(404, $"Keypair {name} not found for user {token.User.Id}");
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var version = context.Version();
        var given = await NovaHttp.ReadAsync(context, "keypair").ConfigureAwait(false);
        var name = given["name"].AsText() ?? throw NovaHttp.Schema("keypair", given, "'name' is a required property");
        var strange = given.Select(m => m.Key)
            .FirstOrDefault(k => !(k is "name" or "public_key" || (k == "type" && version >= 2) || (k == "user_id" && version >= 10)));
        if (strange is not null)
            throw NovaHttp.Schema("keypair", given, $"Additional properties are not allowed ('{strange}' was unexpected)");
        if (name.Length is 0 or > 255) throw NovaHttp.Schema("name", name, name.Length == 0 ? "'' is too short" : $"'{name}' is too long");
        // 2.92 allows @ and dot as well.
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ' ' || (version >= 92 && c is '@' or '.')))
            throw new ApiFault(400,
                $"An invalid 'name' value was provided. The name must be: Only expected characters: "
                    + $"[{(version >= 92 ? "@._- " : "_- ")}0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]");
        var publicKey = given["public_key"].AsText();
        if (version >= 92 && publicKey is null) throw NovaHttp.Schema("keypair", given, "'public_key' is a required property");
        string? privateKey = null;
        if (publicKey is null)
        {
            using var rsa = RSA.Create(2048);
            privateKey = rsa.ExportRSAPrivateKeyPem() + "\n";
            publicKey = "ssh-rsa " + Convert.ToBase64String(SshBlob(rsa.ExportParameters(false))) + " Generated-by-Nova";
        }
        var fingerprint = Fingerprint(publicKey) ?? throw new ApiFault(400, "Keypair data is invalid: failed to generate fingerprint");
        KeyPair key;
        lock (state.Gate)
        {
            var own = state.Compute.KeyPairs.Where(k => k.UserId == token.User.Id).ToList();
            if (state.Compute.Quotas(project)["key_pairs"] is >= 0 and var limit && own.Count >= limit)
                throw new ApiFault(403, "Quota exceeded, too many key pairs.");
            if (own.Exists(k => k.Name == name)) throw new ApiFault(409, $"Key pair '{name}' already exists.");
            key = new KeyPair(name, given["type"].AsText() ?? "ssh", publicKey, fingerprint, token.User.Id, state.Now,
                state.Compute.NextNumber());
            state.Compute.KeyPairs.Add(key);
        }
        var body = Brief(context, key);
        body["user_id"] = key.UserId;
        if (privateKey is not null) body["private_key"] = privateKey;
        await context.WriteJsonAsync(version >= 2 ? 201 : 200, new JsonObject { ["keypair"] = body }).ConfigureAwait(false);
    }

    private static JsonObject Brief(HttpContext context, KeyPair key)
    {
        var body = new JsonObject { ["name"] = key.Name, ["public_key"] = key.PublicKey, ["fingerprint"] = key.Fingerprint };
        if (context.Version() >= 2) body["type"] = key.Type;
        return body;
    }

    /// <summary>MD5 of an OpenSSH public key's blob as pairs of digits; null where it is no such key.</summary>
    private static string? Fingerprint(string publicKey)
    {
        var parts = publicKey.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2) return null;
        var blob = new byte[parts[1].Length];
        if (!Convert.TryFromBase64String(parts[1], blob, out var length) || length < 4) return null;
        var type = BinaryPrimitives.ReadInt32BigEndian(blob);
        if (type < 0 || type > length - 4 || Encoding.ASCII.GetString(blob, 4, type) != parts[0]) return null;
#pragma warning disable CA5351 // Nova's fingerprints are MD5.
        return string.Join(':',
            MD5.HashData(blob.AsSpan(0, length)).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
#pragma warning restore CA5351
    }

    private static byte[] SshBlob(RSAParameters key)
    {
        using var blob = new MemoryStream();
        Field("ssh-rsa"u8.ToArray());
        Field(key.Exponent!);
        Field([0, .. key.Modulus!]);
        return blob.ToArray();

        void Field(byte[] bytes)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            blob.Write(length);
            blob.Write(bytes);
        }
    }
}
