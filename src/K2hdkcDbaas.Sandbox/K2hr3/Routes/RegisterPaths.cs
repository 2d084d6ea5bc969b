using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>The paths under which user data is fetched: a role and its token, sealed, so that the path is all the fetcher needs.</summary>
internal sealed class RegisterPaths : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly AesGcm _seal = new(RandomNumberGenerator.GetBytes(32), TagSize);

    /// <summary>A new path, another one at each call; all stay good.</summary>
    public string Make(string role, string token)
    {
        var text = Encoding.UTF8.GetBytes(TemplateJson.Write(new TemplateMap { ["role"] = role, ["token"] = token }));
        var sealed_ = new byte[NonceSize + TagSize + text.Length];
        RandomNumberGenerator.Fill(sealed_.AsSpan(0, NonceSize));
        _seal.Encrypt(sealed_.AsSpan(0, NonceSize), text, sealed_.AsSpan(NonceSize + TagSize), sealed_.AsSpan(NonceSize, TagSize));
        return Uri.EscapeDataString(Convert.ToBase64String(sealed_));
    }

    /// <summary>Opens a path as it was made, decoded, or encoded once more.</summary>
    public bool TryOpen(string path, [NotNullWhen(true)] out string? role, [NotNullWhen(true)] out string? token)
    {
        (role, token) = (null, null);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (Open(path) is { } map)
            {
                (role, token) =
                    (map.TryGetValue("role", out var r) ? r as string : null, map.TryGetValue("token", out var t) ? t as string : null);
                return role is not null && token is not null;
            }

            path = Uri.UnescapeDataString(path);
        }

        return false;
    }

    public void Dispose() => _seal.Dispose();

    private TemplateMap? Open(string path)
    {
        var bytes = new byte[path.Length];
        if (!Convert.TryFromBase64String(path, bytes, out var length) || length <= NonceSize + TagSize)
        {
            return null;
        }

        try
        {
            var text = new byte[length - NonceSize - TagSize];
            _seal.Decrypt(bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize + TagSize, text.Length), bytes.AsSpan(NonceSize, TagSize),
                text);
            return TemplateJson.TryParse(Encoding.UTF8.GetString(text), out var value) ? value as TemplateMap : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
