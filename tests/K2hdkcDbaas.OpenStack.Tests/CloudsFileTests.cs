using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack.Configuration;

namespace K2hdkcDbaas.OpenStack.Tests;

public sealed class CloudsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("k2hdkc-clouds-");
    private readonly Dictionary<string, string> _variables = [];

    private CloudResolver Resolver => new(new CloudEnvironment
    {
        Variable = n => _variables.GetValueOrDefault(n),
        CurrentFolder = Path.Combine(_folder.FullName, "here"),
        HomeFolder = Path.Combine(_folder.FullName, "home"),
        SystemFolder = Path.Combine(_folder.FullName, "etc"),
    });

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("here/clouds.yaml")]
    [InlineData("home/.config/openstack/clouds.yaml")]
    [InlineData("etc/clouds.yml")]
    public void The_file_is_looked_for_here_at_home_and_in_the_system(string path)
    {
        Write(path, Cloud("one"));
        Assert.Equal("one", Resolver.Resolve(new CloudRequest()).Name);
    }

    [Fact]
    public void The_nearest_file_wins_and_a_variable_wins_over_all()
    {
        Write("etc/clouds.yaml", Cloud("far"));
        Write("here/clouds.yaml", Cloud("near"));
        Assert.Equal("near", Resolver.Resolve(new CloudRequest()).Name);
        _variables["OS_CLIENT_CONFIG_FILE"] = Write("other.yaml", Cloud("given"));
        Assert.Equal("given", Resolver.Resolve(new CloudRequest()).Name);
    }

    [Fact]
    public void A_whole_cloud_is_read()
    {
        Write("here/clouds.yaml", """
            clouds:
              prod:
                auth_type: v3password
                auth: &auth
                  auth_url: https://keystone.example:5000
                  username: ops
                  project_name: Work
                  user_domain_name: Users
                  project_domain_id: abc
                region_name: East
                interface: internal
                verify: true
                cacert: ~/ca.pem
                cert: client.pem
                key: client.key
                compute_endpoint_override: http://nova.example/v2.1
                k2hr3_uri: https://k2hr3.example
              merged:
                auth:
                  <<: *auth
                  password: inline
            """);
        Write("here/secure.yaml", "clouds: {prod: {auth: {password: 'p: #w'}}}");
        var cloud = Resolver.Resolve(new CloudRequest { Cloud = "prod" });
        Assert.Equal(new Uri("https://keystone.example:5000"), cloud.AuthUrl);
        Assert.Equal(new PasswordCredential { UserName = "ops", DomainName = "Users", Password = "p: #w" }, cloud.Credential);
        Assert.Equal(new ProjectScope { ProjectName = "Work", DomainId = "abc" }, cloud.Scope);
        Assert.Equal(("East", "internal", true), (cloud.Region, cloud.Interface, cloud.Http.VerifyCertificates));
        Assert.Equal((Path.Combine(_folder.FullName, "home", "ca.pem"), Path.Combine(_folder.FullName, "here", "client.pem")),
            (cloud.Http.CaFile, cloud.Http.ClientCertificateFile));
        Assert.Equal(new Uri("http://nova.example/v2.1"), cloud.EndpointOverrides["compute"]);
        Assert.Equal("https://k2hr3.example", cloud.Extras["k2hr3_uri"]);
        Assert.DoesNotContain("p: #w", cloud.ToString(), StringComparison.Ordinal);
        Assert.Equal("inline", ((PasswordCredential)Resolver.Resolve(new CloudRequest { Cloud = "merged" }).Credential).Password);
        Assert.Equal(["merged", "prod"], Resolver.CloudNames(null));
    }

    [Fact]
    public void A_profile_gives_what_the_cloud_does_not()
    {
        Write("here/clouds.yaml",
            "clouds: {a: {profile: vendor, auth: {username: u, password: pass, project_name: p, user_domain_id: default}, interface: "
                + "admin}}");
        Write("here/clouds-public.yaml",
            "public-clouds: {vendor: {auth: {auth_url: 'https://vendor.example/v3', username: nobody}, interface: public, region_name: V}}");
        var cloud = Resolver.Resolve(new CloudRequest());
        Assert.Equal(("https://vendor.example/v3", "u", "admin", "V"),
            (cloud.AuthUrl.ToString(), ((PasswordCredential)cloud.Credential).UserName, cloud.Interface, cloud.Region));
    }

    [Theory]
    [InlineData(null, "East", "public")]
    [InlineData("West", "West", "internal")]
    public void A_list_of_regions_has_a_first_and_values_of_its_own(string? asked, string region, string @interface)
    {
        Write("here/clouds.yaml", Cloud("one", "regions: [East, {name: West, values: {interface: internal}}]"));
        var cloud = Resolver.Resolve(new CloudRequest { Region = asked });
        Assert.Equal((region, @interface), (cloud.Region, cloud.Interface));
        Assert.Equal("RegionNotFound",
            Assert.Throws<DbaasException>(() => Resolver.Resolve(new CloudRequest { Region = "North" })).ErrorId);
    }

    [Theory]
    [InlineData("verify: false", false)]
    [InlineData("insecure: true", false)]
    [InlineData("", true)]
    public void Certificates_are_checked_unless_told_not_to(string line, bool verify)
    {
        Write("here/clouds.yaml", Cloud("one", line));
        Assert.Equal(verify, Resolver.Resolve(new CloudRequest()).Http.VerifyCertificates);
        Assert.True(Resolver.Resolve(new CloudRequest { VerifyCertificates = true }).Http.VerifyCertificates);
    }

    [Fact]
    public void Variables_stand_for_a_whole_cloud()
    {
        foreach (var (name, value) in new[]
        {
            ("OS_AUTH_URL", "http://k.example:5000/v3"), ("OS_USERNAME", "demo"), ("OS_PASSWORD", "labsecret"), ("OS_PROJECT_NAME", "demo"),
            ("OS_USER_DOMAIN_NAME", "Default"),
            ("OS_REGION_NAME", "R"), ("OS_INTERFACE", "internalURL"), ("OS_CACERT", "/ca.pem"), ("OS_IDENTITY_API_VERSION", "3"),
        }) _variables[name] = value;
        var cloud = Resolver.Resolve(new CloudRequest());
        Assert.Equal((null, "R", "internal", "/ca.pem"), (cloud.Name, cloud.Region, cloud.Interface, cloud.Http.CaFile));
        // As the usual clients do: the project is looked for in the user's domain when none is named.
        Assert.Equal(new ProjectScope { ProjectName = "demo", DomainName = "Default" }, cloud.Scope);
    }

    [Fact]
    public void Application_credentials_come_from_variables_too()
    {
        foreach (var (name, value) in new[]
        {
            ("OS_AUTH_URL", "http://k.example/v3"), ("OS_AUTH_TYPE", "v3applicationcredential"), ("OS_APPLICATION_CREDENTIAL_ID", "a1"),
            ("OS_APPLICATION_CREDENTIAL_SECRET", "appsecret"),
        }) _variables[name] = value;
        Assert.Equal(new ApplicationCredential { Id = "a1", Secret = "appsecret" }, Resolver.Resolve(new CloudRequest()).Credential);
    }

    [Fact]
    public void A_token_is_taken_without_the_blanks_around_it()
    {
        _variables["OS_AUTH_URL"] = "http://k.example/v3";
        Assert.Equal(new TokenCredential { Token = "tok" }, Resolver.Resolve(new CloudRequest { Token = " tok\n" }).Credential);
        Assert.Equal("CredentialIncomplete",
            Assert.Throws<DbaasException>(() => Resolver.Resolve(new CloudRequest { Token = "\n" })).ErrorId);
    }

    [Fact]
    public void What_the_caller_says_wins_and_variables_fill_a_missing_password()
    {
        Write("here/clouds.yaml",
            "clouds: {one: {auth: {auth_url: 'http://k.example/v3', username: u, project_name: p, user_domain_name: D}}}");
        _variables["OS_PASSWORD"] = "from-variable";
        _variables["OS_USERNAME"] = "not-me";
        var cloud = Resolver.Resolve(new CloudRequest { Cloud = "one" });
        Assert.Equal(("u", "from-variable"),
            (((PasswordCredential)cloud.Credential).UserName, ((PasswordCredential)cloud.Credential).Password));
        cloud = Resolver.Resolve(
            new CloudRequest
            {
                Cloud = "one",
                UserName = "me",
                Password = "mine",
                UserDomain = "default",
                ProjectName = "other",
                AuthUrl = "http://x.example/v3"
            });
        Assert.Equal(new PasswordCredential { UserName = "me", DomainId = "default", Password = "mine" }, cloud.Credential);
        Assert.Equal(("other", "http://x.example/v3"), (cloud.Scope!.ProjectName, cloud.AuthUrl.ToString()));
    }

    [Theory]
    [InlineData("clouds: {a: {}, b: {}}", null, "CloudRequired", "a, b")]
    [InlineData("clouds: {a: {}}", "c", "CloudNotFound", "it has: a")]
    [InlineData("clouds: {a: {}}", "a", "CloudEmpty", "'a'")]
    [InlineData("clouds:\n  a:\n  b:\n", "a", "CloudEmpty", "'a'")]
    [InlineData("clouds: {a: {profile: v}}", "a", "ProfileNotFound", "'v'")]
    [InlineData("clouds: {a: {auth: *b}}", "a", "CloudsFileUnreadable", "cannot be read")]
    [InlineData("clouds: {a: {auth: {auth_url: 'http://k', username: u}}}", "a", "CredentialIncomplete", "password")]
    [InlineData("clouds: {a: {auth: {username: u, password: pass}}}", "a", "AuthUrlRequired", "'a'")]
    [InlineData("clouds: {a: {auth_type: v3oidcpassword, auth: {auth_url: 'http://k'}}}", "a", "AuthTypeNotSupported", "v3oidcpassword")]
    [InlineData("clouds: {a: {identity_api_version: 2, auth: {auth_url: 'http://k', password: pass}}}", "a", "KeystoneV3Required", "2")]
    [InlineData("clouds: {a: {interface: private, auth: {auth_url: 'http://k', username: u, password: pass}}}", "a", "InvalidInterface",
        "private")]
    [InlineData("clouds: {a: {auth: {auth_url: 'ftp://k', username: u, password: pass}}}", "a", "InvalidUrl", "ftp://k")]
    [InlineData("clouds: {a: {auth: {auth_url: 'http://me:TOPSECRET@k', username: u, password: pass}}}", "a", "InvalidUrl", "***@k")]
    [InlineData("clouds: {a: {auth: {password: 'TOPSECRET}}", "a", "CloudsFileUnreadable", "line")]
    [InlineData("[1, 2]", "a", "CloudsFileUnreadable", "mapping")]
    public void Each_mistake_is_told_with_its_place(string yaml, string? cloud, string errorId, string told)
    {
        Write("here/clouds.yaml", yaml);
        var failure = Assert.Throws<DbaasException>(() => Resolver.Resolve(new CloudRequest { Cloud = cloud }));
        Assert.Equal(errorId, failure.ErrorId);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
        Assert.DoesNotContain("TOPSECRET", failure.ToString(), StringComparison.Ordinal);
    }

    // What openstacksdk 0.101 makes of the same files (OpenStackConfig.get_one): user, project, its domain, region, interface.
    [Theory]
    [InlineData("base: &b {auth: {auth_url: 'https://a/v3', username: u, password: p}, region_name: One}\nclouds:\n  c:\n    <<: *b\n "
        + "   region_name: Two", "u", null, null, "Two", "public")]
    [InlineData("base: &b {auth: {auth_url: 'https://a/v3', username: u, password: p}, region_name: One}\nclouds:\n  c:\n    region_name: "
        + "Two\n    <<: *b", "u", null, null, "Two", "public")]
    [InlineData("a: &a {region_name: One, auth: {auth_url: 'https://a/v3', username: u, password: p}}\nb: &b {region_name: Two, interface: "
        + "internal}\nclouds:\n  c:\n    <<: [*a, *b]", "u", null, null, "One", "internal")]
    [InlineData("a: &a {region_name: One, auth: {auth_url: 'https://a/v3', username: u, password: p}}\nb: &b {region_name: Two, interface: "
        + "internal}\nclouds:\n  c:\n    <<: *a\n    <<: *b", "u", null, null, "Two", "internal")]
    [InlineData("a: &a {region_name: One, interface: internal}\nb: &b\n  <<: *a\n  region_name: Two\nclouds:\n  c:\n    <<: *b\n    auth: "
        + "{auth_url: 'https://a/v3', username: u, password: p}", "u", null, null, "Two", "internal")]
    [InlineData("b: &b {auth_url: 'https://a/v3', username: u, password: p}\nclouds:\n  c:\n    auth:\n      <<: *b\n      username: v",
        "v", null, null, null, "public")]
    [InlineData("clouds:\n  c: {region_name: One, auth: {auth_url: 'https://a/v3', username: u, password: p}, region_name: Two}", "u", null,
        null, "Two", "public")]
    [InlineData("clouds:\n  bad:\n    <<: text\n  c: {auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u", null, null,
        null, "public")]
    [InlineData("clouds:\n  bad: text\n  c: {auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u", null, null, null, "public")]
    [InlineData("clouds:\n  c: {auth_url: 'https://a/v3', username: u, password: p, project_name: pr, user_domain_name: D, "
        + "project_domain_name: E}", "u", "pr", "E", null, "public")]
    [InlineData("clouds:\n  c: {auth-url: 'https://a/v3', username: u, password: p, project-name: pr, user-domain-name: D, "
        + "project-domain-name: E, region-name: R}", "u", "pr", "E", "R", "public")]
    [InlineData("clouds:\n  c: {auth: {auth-url: 'https://a/v3', username: u, password: p, project-name: pr, project-domain-name: E}}", "u",
        "pr", "E", null, "public")]
    [InlineData("clouds:\n  c: {username: beside, project_name: beside, auth: {auth_url: 'https://a/v3', username: u, password: p, "
        + "project_name: pr, project_domain_name: E}}", "u", "pr", "E", null, "public")]
    [InlineData("clouds:\n  c: {tenant_name: t, auth: {auth_url: 'https://a/v3', username: u, password: p, project_domain_name: E}}",
        "u", "t", "E", null, "public")]
    [InlineData("clouds:\n  c: {auth: {auth_url: 'https://a/v3', username: u, password: p, tenant_name: t, project_name: pr, "
        + "project_domain_name: E}}", "u", "pr", "E", null, "public")]
    [InlineData("clouds:\n  c: {auth: {auth_url: 'https://a/v3', username: u, password: p, project_name: pr, domain_name: dd}}", "u", "pr",
        "dd", null, "public")]
    [InlineData("clouds:\n  c: {region_name: 'A,B', auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u", null, null,
        "A", "public")]
    [InlineData("clouds:\n  c: {region_name: [A, B], auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u", null, null,
        "A", "public")]
    [InlineData("clouds:\n  c: {region_name: B, regions: [A, B], auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u",
        null, null, "A", "public")]
    [InlineData("clouds:\n  c: {regions: [{name: A, values: {interface: internal}}, B], auth: {auth_url: 'https://a/v3', username: u, "
        + "password: p}}", "u", null, null, "A", "internal")]
    [InlineData("clouds:\n  c: {interface: [internal, public], auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u",
        null, null, null, "internal")]
    [InlineData("clouds:\n  c: {endpoint_type: internalURL, auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u", null,
        null, null, "internal")]
    [InlineData("clouds:\n  c: {identity_api_version: v3, auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u", null,
        null, null, "public")]
    [InlineData("clouds:\n  c: {profile: nowhere, auth: {auth_url: 'https://a/v3', username: u, password: p}}", "u", null, null, null,
        "public")]
    [InlineData("clouds:\n  c: {cloud: nowhere, auth_url: 'https://a/v3', username: u, password: p}", "u", null, null, null, "public")]
    public void A_file_means_what_openstacksdk_makes_of_it(string yaml, string user, string? project, string? domain, string? region,
        string @interface)
    {
        Write("here/clouds.yaml", yaml);
        var cloud = Resolver.Resolve(new CloudRequest { Cloud = "c" });
        Assert.Equal(new Uri("https://a/v3"), cloud.AuthUrl);
        var credential = Assert.IsType<PasswordCredential>(cloud.Credential);
        Assert.Equal((user, "p"), (credential.UserName, credential.Password));
        Assert.Equal((project, domain), (cloud.Scope?.ProjectName, cloud.Scope?.DomainName));
        Assert.Equal((region, @interface), (cloud.Region, cloud.Interface));
        Assert.Equal(yaml.Contains("nowhere", StringComparison.Ordinal) ? 1 : 0, cloud.Warnings.Count);
    }

    [Fact]
    public void An_address_may_name_the_region_and_the_older_word_for_a_profile_is_taken()
    {
        Write("here/clouds.yaml", "clouds: {c: {cloud: vendor, auth: {username: u, password: p}}}");
        Write("here/clouds-public.yaml",
            "public-clouds: {vendor: {regions: [East, West], auth: {auth_url: 'https://{region_name}.a/v3'}}}");
        Assert.Equal("https://east.a/v3", Resolver.Resolve(new CloudRequest()).AuthUrl.ToString());
        Assert.Equal("https://west.a/v3", Resolver.Resolve(new CloudRequest { Region = "West" }).AuthUrl.ToString());
    }

    [Fact]
    public void A_secret_laid_over_one_cloud_does_not_show_in_another_that_shares_its_anchor()
    {
        Write("here/clouds.yaml", "b: &b {auth_url: 'https://a/v3', username: u}\nclouds: {one: {auth: *b}, two: {auth: *b}}");
        Write("here/secure.yaml", "clouds: {one: {auth: {password: p}}}");
        Assert.Equal("p", ((PasswordCredential)Resolver.Resolve(new CloudRequest { Cloud = "one" }).Credential).Password);
        Assert.Equal("CredentialIncomplete",
            Assert.Throws<DbaasException>(() => Resolver.Resolve(new CloudRequest { Cloud = "two" })).ErrorId);
    }

    [Fact]
    public void Variables_of_another_cloud_do_not_show_in_a_named_one()
    {
        Write("here/clouds.yaml", Cloud("one"));
        foreach (var name in (string[])["OS_REGION_NAME", "OS_CACERT", "OS_INTERFACE", "OS_INSECURE", "OS_CERT", "OS_KEY",
            "OS_PROJECT_NAME", "OS_USERNAME", "OS_PASSWORD",
            "OS_AUTH_URL", "OS_TOKEN", "OS_USER_DOMAIN_NAME", "OS_COMPUTE_ENDPOINT_OVERRIDE", "OS_AUTH_TYPE", "OS_IDENTITY_API_VERSION"])
            _variables[name] = "leak";
        var cloud = Resolver.Resolve(new CloudRequest { Cloud = "one" });
        Assert.Equal(new PasswordCredential { UserName = "u", DomainName = "D", Password = "pass" }, cloud.Credential);
        Assert.Equal((null, "public", true, null, null),
            (cloud.Region, cloud.Interface, cloud.Http.VerifyCertificates, cloud.Http.CaFile, cloud.Http.ClientCertificateFile));
        Assert.Equal(("http://k.example/v3", "p", 0), (cloud.AuthUrl.ToString(), cloud.Scope!.ProjectName, cloud.EndpointOverrides.Count));
    }

    [Fact]
    public void Paths_in_a_file_start_at_the_file_and_those_of_variables_and_the_caller_where_one_stands()
    {
        var file = Write("etc/clouds.yaml", Cloud("one", "cacert: certs/ca.pem"));
        string In(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);
        Assert.Equal(In("etc", "certs", "ca.pem"), Resolver.Resolve(new CloudRequest { Cloud = "one" }).Http.CaFile);
        Assert.Equal(In("here", "mine.pem"), Resolver.Resolve(new CloudRequest { Cloud = "one", CaFile = "mine.pem" }).Http.CaFile);
        File.Move(file, In("moved.yaml"));
        Directory.CreateDirectory(In("here"));
        _variables["OS_CLIENT_CONFIG_FILE"] = "../moved.yaml";
        Assert.Equal(In("certs", "ca.pem"), Resolver.Resolve(new CloudRequest { Cloud = "one" }).Http.CaFile);
        _variables.Clear();
        foreach (var (name, value) in new[] { ("OS_AUTH_URL", "http://k.example/v3"), ("OS_USERNAME", "u"), ("OS_PASSWORD", "p"),
            ("OS_CACERT", "ca.pem") }) _variables[name] = value;
        Assert.Equal(In("here", "ca.pem"), Resolver.Resolve(new CloudRequest()).Http.CaFile);
    }

    [Fact]
    public void No_file_is_told_with_the_places_looked_at() =>
        Assert.Contains("clouds.yaml", Assert.Throws<DbaasException>(() => Resolver.Resolve(new CloudRequest { Cloud = "x" })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_file_that_grows_without_end_is_refused()
    {
        var yaml = new System.Text.StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 9; i++) yaml.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Write("here/clouds.yaml", yaml.ToString());
        Assert.Equal("CloudsFileUnreadable",
            Assert.Throws<DbaasException>(() => Resolver.Resolve(new CloudRequest { Cloud = "x" })).ErrorId);
    }

    private static string Cloud(string name, string more = "") =>
        $"clouds:\n  {name}:\n    auth: {{auth_url: 'http://k.example/v3', username: u, password: pass, project_name: p, user_domain_name: "
            + $"D}}\n    {more}\n";

    private string Write(string path, string text)
    {
        var full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }
}
