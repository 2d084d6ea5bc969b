<#
.SYNOPSIS
    The whole life of a K2HDKC cluster of pods, on this machine, with the cmdlets of this module.
.DESCRIPTION
    Starts a sandbox with a Kubernetes API, makes a cluster of two server pods and a slave, writes data through the API server's port-forward, grows and
    shrinks the ring with all data kept, removes it, and leaves nothing running. Needs a built module: run 'dotnet build' in the checkout first.
.EXAMPLE
    ./examples/quickstart-kubernetes.ps1
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../K2hdkcDbaas.psd1"

function Write-Step([string] $Text) { Write-Host "`n$($PSStyle.Foreground.BrightCyan)# $Text$($PSStyle.Reset)" }

$sandbox = Start-K2hdkcSandbox -Speed 10
try {
    Write-Step 'A session with a namespace: a kubeconfig, and a login to K2HR3'
    $secret = ConvertTo-SecureString labsecret -AsPlainText
    $login = @{ Kubeconfig = $sandbox.Kubeconfig; K2hr3Uri = $sandbox.K2hr3Uri; K2hr3Credential = [pscredential]::new('demo', $secret) }
    Connect-K2hdkcDbaas -Backend Kubernetes @login -PodAccess PortForward | Format-Table Name, Backend, Authentication, Tenant | Out-Host

    Write-Step 'A cluster of two server pods and a slave'
    New-K2hdkcCluster quickstart -ServerCount 2 -SlaveCount 1 -Wait | Format-Table | Out-Host
    Get-K2hdkcNode quickstart | Format-Table | Out-Host

    Write-Step 'Data: this host joins the ring, over TLS and through the API server'
    Connect-K2hdkcCluster quickstart -Register | Format-Table Name, State, ServerCount, Replicas | Out-Host
    1..100 | ForEach-Object { [pscustomobject]@{ Key = "item:$_"; Value = "value $_" } } | Set-K2hdkcKey
    Get-K2hdkcKey item:7 | Format-Table | Out-Host
    Disconnect-K2hdkcCluster

    Write-Step 'Another server pod, and one less: keys are copied before a pod joins or leaves'
    Add-K2hdkcNode quickstart -Wait | Format-Table | Out-Host
    Remove-K2hdkcNode quickstart svrpod-quickstart-2 -Confirm:$false -Wait
    $null = Connect-K2hdkcCluster quickstart -Register
    "$(@(1..100 | ForEach-Object { "item:$_" } | Get-K2hdkcKey).Count) of 100 keys are there" | Out-Host
    Disconnect-K2hdkcCluster

    Write-Step 'Everything goes'
    Remove-K2hdkcCluster quickstart -Confirm:$false -Wait -PassThru | Format-Table | Out-Host
}
finally {
    Disconnect-K2hdkcDbaas -All -ErrorAction Ignore
    $sandbox | Stop-K2hdkcSandbox
}
