using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace K2hdkcDbaas.Tests.Support;

/// <summary>Certificates for tests, made in memory and good for a day.</summary>
internal static class TestCertificates
{
    /// <summary>Makes one with its key, which can be exported.</summary>
    /// <param name="name">Its common name, and its DNS name.</param>
    /// <param name="issuer">What signs it; itself when not given, and then it is an authority.</param>
    /// <param name="isAuthority">Whether it may sign others.</param>
    public static X509Certificate2 Make(string name, X509Certificate2? issuer = null, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null || isAuthority, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name.Replace(' ', '-'));
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        // An issuer is valid for longer than what it signs on either side.
        using var made = issuer is null ? request.CreateSelfSigned(now.AddDays(-2), now.AddDays(2)) : Signed(request, issuer, key, now);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static X509Certificate2 Signed(CertificateRequest request, X509Certificate2 issuer, ECDsa key, DateTimeOffset now)
    {
        var half = issuer.NotBefore < now.AddDays(-1.5) ? 1 : 0.5;
        using var bare = request.Create(issuer, now.AddDays(-half), now.AddDays(half), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }
}
