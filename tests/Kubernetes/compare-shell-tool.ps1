<#
.SYNOPSIS
Lets k2hr3 database-k8s and this module show, grow, shrink and remove each other's clusters.
.DESCRIPTION
Run by hand, against any Kubernetes and K2HR3: needs k2hr3_cli with its plugin k2hdkc_dbaas_k8s_cli (k2hr3 on the PATH, or -ShellTool; from the
sources with K2HR3CLI_LIBEXEC_DIR set), kubectl and openssl. The current context's namespace must bear the name of the K2HR3 tenant. A K2HR3 without
https gets TLS in front of it while this runs: the shell tool speaks nothing else. One line comes out for each question, with what was wanted and
what was found; the exit status is 1 when they differ. All that is made is removed again.
.EXAMPLE
$sandbox = Start-K2hdkcSandbox -Speed 5
pwsh -File tests/Kubernetes/compare-shell-tool.ps1 $sandbox.Kubeconfig $sandbox.K2hr3Uri demo -Rings
.PARAMETER Rings
Rings run in the pods, and K2HR3 can be reached from them: nodes come and go the safe way, and keys are counted.
#>
param([Parameter(Mandatory)][string]$Kubeconfig, [Parameter(Mandatory)][uri]$K2hr3Uri, [Parameter(Mandatory)][string]$UserName,
    [securestring]$Password, [string]$K2hr3CaFile, [string]$ShellTool = 'k2hr3', [switch]$Rings)
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../../K2hdkcDbaas.psd1"
if (-not $Password) { $Password = Read-Host "Password of $UserName" -AsSecureString }
$env:KUBECONFIG = $Kubeconfig = (Resolve-Path $Kubeconfig).Path
$place = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "cli-$([guid]::NewGuid().ToString('N').Substring(0, 6))")).FullName
$env:K2HR3CLI_DBAAS_K8S_CONFIG = $place
$n = 'sh' + [guid]::NewGuid().ToString('N').Substring(0, 5)
$ours, $theirs, $beside = "$n-a", "$n-b", "$n-b2"
$front = $null
$wait = $Rings ? @{ Wait = $true; Timeout = 300 } : @{ Force = $true }

# A relay that speaks TLS with a certificate of its own, in a thread of its own.
function Start-Front([uri]$Behind) {
    $key = [Security.Cryptography.RSA]::Create(2048)
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=localhost', $key, 'SHA256',
        [Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $names = [Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder]::new()
    $names.AddDnsName('localhost')
    $request.CertificateExtensions.Add($names.Build())
    $request.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
    $certificate = $request.CreateSelfSigned([DateTimeOffset]::Now.AddHours(-1), [DateTimeOffset]::Now.AddHours(8))
    Set-Content "$place/front.pem" $certificate.ExportCertificatePem()
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $job = Start-ThreadJob -ArgumentList $listener, $certificate, $Behind.Host, $Behind.Port {
        param($listener, $certificate, $address, $port)
        while ($true) {
            $client = $listener.AcceptTcpClient()
            try {
                $tls = [Net.Security.SslStream]::new($client.GetStream())
                $tls.AuthenticateAsServer($certificate)
                $behind = [Net.Sockets.TcpClient]::new($address, $port).GetStream()
                $null = $tls.CopyToAsync($behind), $behind.CopyToAsync($tls)
            } catch { $client.Dispose() }
        }
    }
    @{ Listener = $listener; Job = $job; Uri = [uri]"https://localhost:$($listener.LocalEndpoint.Port)"; CaFile = "$place/front.pem" }
}

# Its exit status says nothing.
function Invoke-ShellTool([string]$Command, [switch]$Signed) {
    $words = @($Command -split ' ') + @('--k8s_namespace', $space, '--k8s_domain', 'svc.cluster.local', '--dbaas_k8s_config', $place, '--nocolor', '--nodate')
    if ($Signed) { $words += '--unscopedtoken', $unscoped }
    $out = (& $ShellTool database-k8s k2hdkc @words 2>&1) -join "`n"
    if ($out -notmatch '(?m)^Succeed : ') {
        $why = ($out -split "`n" -match '^\[ERROR\]|^Failed') -join ' '
        throw "k2hr3 database-k8s k2hdkc $Command failed: $($why.Replace($unscoped, '***'))"
    }
    $out
}

$differ = 0
function Assert-Same([string]$Question, $Wanted, [scriptblock]$Find) {
    # What is asked for comes after a while, where nobody waits for it.
    $until = [DateTime]::UtcNow.AddMinutes(5)
    do {
        $found = "$(& $Find)"
        if ($found -ceq "$Wanted") { break }
        Start-Sleep 1
    } while ([DateTime]::UtcNow -lt $until)
    if ($found -cne "$Wanted") { $script:differ++ }
    [pscustomobject]@{ Same = $found -ceq "$Wanted"; Question = $Question; Wanted = "$Wanted"; Found = $found }
}

function Get-Count([string]$Cluster) { Get-K2hdkcCluster $Cluster | ForEach-Object { "$($_.ServerCount) $($_.SlaveCount)" } }
function Get-ShownCount([string]$Cluster) {
    $said = Invoke-ShellTool "show $Cluster --configuration"
    ('server', 'slave' | ForEach-Object { [regex]::Match($said, "K2HDKC $_ count:\s+(\d+)").Groups[1].Value }) -join ' '
}
function Get-Left([string]$Cluster) {
    $made = kubectl get "statefulsets,services,pods,secrets,configmaps,persistentvolumeclaims,poddisruptionbudgets" -o name 2>$null |
        Where-Object { $_ -match "[-/]$Cluster(-|$)" }
    $kept = & { Get-K2hr3Role -ErrorAction Ignore; Get-K2hr3Policy -ErrorAction Ignore; Get-K2hr3Resource -ErrorAction Ignore } |
        Where-Object { $_.Name -match "^$Cluster(/|$)" } | ForEach-Object Name
    @($made) + @($kept) | Where-Object { $_ }
}
function Set-TestKey([string]$Cluster) {
    if (-not $Rings) { return }
    $null = Connect-K2hdkcCluster $Cluster -Register
    1..100 | ForEach-Object { [pscustomobject]@{ Key = "item:$_"; Value = "value $_" } } | Set-K2hdkcKey
    Disconnect-K2hdkcCluster
}
function Get-TestKeyCount([string]$Cluster) {
    $null = Connect-K2hdkcCluster $Cluster -Register
    @(1..100 | ForEach-Object { "item:$_" } | Get-K2hdkcKey -ErrorAction Ignore).Count
    Disconnect-K2hdkcCluster
}

$session = $system = $null
try {
    if ($K2hr3Uri.Scheme -ne 'https') {
        $front = Start-Front $K2hr3Uri
        $K2hr3Uri, $K2hr3CaFile = $front.Uri, $front.CaFile
    }
    $trust = $K2hr3CaFile ? @{ K2hr3CaFile = $K2hr3CaFile } : @{}
    $login = @{ Kubeconfig = $Kubeconfig; K2hr3Uri = $K2hr3Uri; K2hr3Credential = [pscredential]::new($UserName, $Password) }
    $session = Connect-K2hdkcDbaas -Backend Kubernetes @login @trust -PodAccess PortForward
    $space = $session.Tenant
    $secret = [Net.NetworkCredential]::new('', $Password).Password
    $body = @{ auth = @{ passwordCredentials = @{ username = $UserName; password = $secret } } } | ConvertTo-Json -Depth 4
    $ca = $K2hr3CaFile ? @('--cacert', $K2hr3CaFile) : @()
    $url = "$($K2hr3Uri.OriginalString.TrimEnd('/'))/v1/user/tokens"
    $unscoped = ($body | curl -sS @ca -H 'Content-Type: application/json' --data-binary '@-' $url | ConvertFrom-Json).token
    if (-not $unscoped) { throw "K2HR3 at $K2hr3Uri gives $UserName no token." }
    if ($Rings -and -not (Get-K2hr3Deployment)) {
        # The shell tool's pods look for K2HR3 there and nowhere else.
        $system = New-K2hr3Deployment https://login.example/dex k2hr3 (ConvertTo-SecureString unused -AsPlainText) -InMemory -Wait
    }

    # Ours, in the shell tool's hands.
    $null = New-K2hdkcCluster $ours -ServerCount 2 -SlaveCount 1 -Wait:$Rings
    Export-K2hdkcCluster $ours
    Set-TestKey $ours
    Assert-Same 'ours, shown by the shell tool' '2 1' { Get-ShownCount $ours }
    $null = Invoke-ShellTool "scale $ours --server_count 3 --slave_count 2"
    Assert-Same 'ours, grown by the shell tool' '3 2' { Get-Count $ours }
    Assert-Same 'ours, grown by the shell tool: certificates of all nodes' 'True' {
        $keys = (kubectl get secret "secret-$ours-certs" -o json | ConvertFrom-Json -AsHashtable).data.Keys
        -not (@("svrpod-$ours-2.svrsvc-$ours", "slvpod-$ours-1.slvsvc-$ours") | Where-Object { "$_.server.crt" -notin $keys })
    }
    if ($Rings) { Assert-Same 'ours, grown by the shell tool: running' 'Ready' { (Get-K2hdkcCluster $ours).Status } }
    $null = Start-K2hdkcSlave $ours -Wait:$Rings
    Assert-Same 'ours, grown by us once more, shown by the shell tool' '3 3' { Get-ShownCount $ours }
    $null = Invoke-ShellTool "scale $ours --slave_count 1"
    Assert-Same 'ours, shrunk by the shell tool' '3 1' { Get-Count $ours }
    $null = Invoke-ShellTool "delete $ours" -Signed
    Remove-K2hdkcCluster $ours -Confirm:$false
    Assert-Same 'ours, deleted by the shell tool, the rest by us: left' '' { Get-Left $ours }

    # Theirs, in our hands. The authority's key is in the folder that was written before.
    foreach ($cluster in $theirs, $beside) {
        $null = Invoke-ShellTool "setup $cluster" -Signed
        $null = Invoke-ShellTool "create $cluster --server_count $($cluster -eq $theirs ? 2 : 1) --slave_count 1"
    }
    Assert-Same 'theirs, shown by us' '2 1' { Get-Count $theirs }
    Assert-Same 'theirs, shown by us: ports' '8020 8021 8022' {
        $ports = (Get-K2hdkcCluster $theirs).Ports
        "$($ports.Server) $($ports.ServerControl) $($ports.SlaveControl)"
    }
    if ($Rings) { Assert-Same 'theirs, shown by us: running' 'Ready' { (Get-K2hdkcCluster $theirs).Status } }
    Set-TestKey $theirs
    $null = Add-K2hdkcNode $theirs @wait -WarningAction Ignore
    Assert-Same 'theirs, grown by us' '3 1' { Get-Count $theirs }
    Assert-Same 'theirs, grown by us, shown by the shell tool' '3 1' { Get-ShownCount $theirs }
    Remove-K2hdkcNode $theirs "svrpod-$theirs-2" -Confirm:$false -Force:(-not $Rings)
    Assert-Same 'theirs, shrunk by us, shown by the shell tool' '2 1' { Get-ShownCount $theirs }
    if ($Rings) { Assert-Same 'theirs, grown and shrunk by us: keys of 100' '100' { Get-TestKeyCount $theirs } }
    $pods = kubectl get pods -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}' | Where-Object { $_ -match "-$beside-" }
    Remove-K2hdkcCluster $theirs -Confirm:$false
    Assert-Same 'theirs, removed by us: left' '' { Get-Left $theirs }
    Assert-Same 'theirs, removed by us: its folder' 'False' { Test-Path "$place/DBAAS-$space.svc.cluster.local/K2HDKC-$theirs" }
    Assert-Same 'one whose name begins alike: pods' ($pods -join "`n") {
        (kubectl get pods -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}' | Where-Object { $_ -match "-$beside-" }) -join "`n"
    }
    Remove-K2hdkcCluster $beside -Confirm:$false
    Assert-Same 'one whose name begins alike, removed by us: left' '' { Get-Left $beside }
} finally {
    # What was made before a failure goes; what was not is passed over.
    foreach ($cluster in $ours, $theirs, $beside) {
        try { Remove-K2hdkcCluster $cluster -Confirm:$false -ErrorAction Ignore } catch { Write-Warning "$cluster may be left: $_" }
    }
    if ($system) { $system | Remove-K2hr3Deployment -ErrorAction Continue -Confirm:$false }
    if ($session) { $session | Disconnect-K2hdkcDbaas }
    if ($front) {
        $front.Listener.Stop()
        $front.Job | Stop-Job -PassThru | Remove-Job
    }
    Remove-Item $place -Recurse -Force
}
exit [int]($differ -gt 0)
