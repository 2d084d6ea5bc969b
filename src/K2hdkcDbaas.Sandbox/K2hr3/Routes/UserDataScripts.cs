namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>
/// What a new machine is told to do. The real scripts install packages as well; these register, which is what others can see.
/// </summary>
internal static class UserDataScripts
{
    public const string CloudConfig = "#cloud-config\npackages:\n  - curl\n";

    /// <summary>The script that registers a machine in its role and reads what it has to run.</summary>
    public static string Init(string token, string role, string tenant, string uri) => $$"""
        #!/bin/sh
        K2HR3_ROLE_TOKEN="{{token}}"
        K2HR3_ROLE_NAME="{{role}}"
        K2HR3_ROLE_TENANT="{{tenant}}"
        K2HR3_API_HOST_URI="{{uri}}"

        cuk=$(cat /var/lib/cloud/data/instance-id)
        domain=$(awk '$1 == "search" || $1 == "domain" { name = $NF } END { print name }' /etc/resolv.conf)
        tag="$(hostname)${domain:+.$domain}"
        resource=$(echo "${K2HR3_ROLE_NAME}" | sed 's/:role:/:resource:/')

        curl -s -f -X PUT -H "x-auth-token: R=${K2HR3_ROLE_TOKEN}" \
            "${K2HR3_API_HOST_URI}/v1/role/${K2HR3_ROLE_NAME}?cuk=${cuk}&extra=openstack-auto-v1&tag=${tag}" || exit 1
        for key in k2hr3-init-packages k2hr3-init-packagecloud-packages k2hr3-init-systemd-packages; do
            curl -s -H "x-auth-token: R=${K2HR3_ROLE_TOKEN}" "${K2HR3_API_HOST_URI}/v1/resource/${resource}?type=keys&keyname=${key}"
        done

        """.ReplaceLineEndings("\n");

    /// <summary>The script that a path leads to which cannot be opened.</summary>
    public static string Error(string message) => $"#!/bin/sh\necho \"k2hr3-init: {message}\" | tee -a /var/log/k2hr3-init.log\nexit 1\n";
}
