<#
.SYNOPSIS
    The whole life of a K2HDKC cluster that is a release of its Helm chart, on this machine, with the cmdlets of this module.
.DESCRIPTION
    Starts a sandbox with a Kubernetes API, makes K2HR3 there, installs K2HDKC's chart with the helm program, writes data through the API server's
    port-forward, grows and shrinks the ring with all data kept, shows its revisions, uninstalls it, and leaves nothing running. Needs helm 3
    or 4, K2HDKC's chart, and a built module: run 'dotnet build' in the checkout first.
.PARAMETER Chart
    K2HDKC's chart: a folder or an archive.
.PARAMETER ChartRepository
    The repository that helm fetches it from, when -Chart is not given; the project of the chart says its address.
.PARAMETER HelmPath
    The helm program; the one on the PATH when not given.
.EXAMPLE
    ./examples/quickstart-helm.ps1 -Chart ./k2hdkc_helm_chart -HelmPath ./bin/helm
#>
[CmdletBinding()]
param(
    [string] $Chart,
    [uri] $ChartRepository,
    [string] $HelmPath
)

$ErrorActionPreference = 'Stop'
$helm = Get-Command ($HelmPath ? $HelmPath : 'helm') -CommandType Application -ErrorAction Ignore | Select-Object -First 1
if (-not $helm) {
    throw "There is no helm program$($HelmPath ? " '$HelmPath'" : ' on the PATH'). Install Helm 3 or 4 (https://helm.sh/docs/intro/install), or name it with -HelmPath."
}
if (-not $Chart -and -not $ChartRepository) {
    throw "Name K2HDKC's chart: its folder or archive with -Chart, or its repository with -ChartRepository."
}
$from = $Chart ? @{ Chart = $Chart } : @{ Chart = 'k2hdkc'; ChartRepository = $ChartRepository }
Import-Module "$PSScriptRoot/../K2hdkcDbaas.psd1"

function Write-Step([string] $Text) { Write-Host "`n$($PSStyle.Foreground.BrightCyan)# $Text$($PSStyle.Reset)" }

$sandbox = Start-K2hdkcSandbox -Speed 10
try {
    Write-Step 'A session with the namespace that the chart is written for'
    $secret = ConvertTo-SecureString labsecret -AsPlainText
    $login = @{ K2hr3Uri = $sandbox.K2hr3Uri; K2hr3Credential = [pscredential]::new('demo', $secret); Tenant = 'demo' }
    $place = @{ Kubeconfig = $sandbox.Kubeconfig; Context = 'sandbox-admin'; Namespace = 'default'; PodAccess = 'PortForward' }
    Connect-K2hdkcDbaas -Backend Helm @place @login -HelmPath $helm.Source | Format-Table Name, Backend, Authentication, Tenant | Out-Host

    Write-Step 'K2HR3 in pods, which releases of the chart use by themselves'
    New-K2hr3Deployment https://login.example/dex k2hr3 $secret -DataCount 1 -ApiCount 1 -AppCount 1 -InMemory -Wait | Format-Table | Out-Host

    Write-Step 'A release of the chart: two server pods and a slave'
    New-K2hdkcCluster quickstart @from -ServerCount 2 -SlaveCount 1 -Wait | Format-Table | Out-Host
    Get-K2hdkcNode quickstart | Format-Table | Out-Host

    Write-Step 'Data: this host joins the ring, through the API server'
    Connect-K2hdkcCluster quickstart -Register | Format-Table Name, State, ServerCount, Replicas | Out-Host
    1..100 | ForEach-Object { [pscustomobject]@{ Key = "item:$_"; Value = "value $_" } } | Set-K2hdkcKey
    Get-K2hdkcKey item:7 | Format-Table | Out-Host
    Disconnect-K2hdkcCluster

    Write-Step 'Another server pod, and one less: helm upgrades, and keys are copied before a pod joins or leaves'
    Add-K2hdkcNode quickstart -Wait | Format-Table | Out-Host
    Remove-K2hdkcNode quickstart svrpod-quickstart-2 -Confirm:$false -Wait
    $null = Connect-K2hdkcCluster quickstart -Register
    "$(@(1..100 | ForEach-Object { "item:$_" } | Get-K2hdkcKey).Count) of 100 keys are there" | Out-Host
    Disconnect-K2hdkcCluster

    Write-Step 'What the release has been'
    Get-K2hdkcHelmRevision quickstart | Format-Table | Out-Host

    Write-Step 'Everything goes'
    Remove-K2hdkcCluster quickstart -Confirm:$false -Wait -PassThru | Format-Table | Out-Host
}
finally {
    Disconnect-K2hdkcDbaas -All -ErrorAction Ignore
    $sandbox | Stop-K2hdkcSandbox
}
