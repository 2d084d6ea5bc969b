<#
.SYNOPSIS
    The whole life of a K2HDKC cluster in a minute, on this machine, with the cmdlets of this module.
.DESCRIPTION
    Starts a sandbox (a whole cloud on loopback), makes a cluster with two servers and a slave, looks at it and its configuration, grows it,
    writes and reads data, shrinks it with all data kept, removes it, and leaves nothing running. Needs a built module: run 'dotnet build' in the checkout first.
.EXAMPLE
    ./examples/quickstart.ps1
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../K2hdkcDbaas.psd1"

function Write-Step([string] $Text) { Write-Host "`n$($PSStyle.Foreground.BrightCyan)# $Text$($PSStyle.Reset)" }

$sandbox = Start-K2hdkcSandbox
try {
    Write-Step 'A session with the cloud'
    $session = $sandbox | Connect-K2hdkcDbaas
    $session | Format-Table | Out-Host

    Write-Step 'What nodes can be made from'
    Get-K2hdkcImage | Format-Table | Out-Host
    Get-K2hdkcFlavor lab.[ts]* | Format-Table | Out-Host

    Write-Step 'A cluster of two server nodes and a slave'
    $node = @{ Image = 'lab-image'; Flavor = 'lab.tiny' }
    New-K2hdkcCluster quickstart -ServerCount 2 -SlaveCount 1 @node -Wait | Format-Table | Out-Host
    Get-K2hdkcNode quickstart | Format-Table | Out-Host
    Get-K2hdkcSlave quickstart | Format-Table | Out-Host

    Write-Step 'What its server nodes read from K2HR3'
    $configuration = Get-K2hdkcClusterConfiguration quickstart Server
    $configuration.Text -split "`n" | Select-Object -First 8 | Out-Host

    Write-Step 'Two more server nodes and another slave'
    Add-K2hdkcNode quickstart -Count 2 @node -Wait | Format-Table | Out-Host
    Start-K2hdkcSlave quickstart -Name quickstart-worker @node -Wait | Format-Table | Out-Host

    Write-Step 'Data: this host joins the ring and writes'
    Connect-K2hdkcCluster quickstart -Register | Format-Table Name, State, ServerCount, Replicas | Out-Host
    1..100 | ForEach-Object { [pscustomobject]@{ Key = "item:$_"; Value = "value $_" } } | Set-K2hdkcKey
    Get-K2hdkcKey item:7 | Format-Table | Out-Host

    Write-Step 'One server node less: its data moves to the others first'
    Remove-K2hdkcNode quickstart quickstart-server-4 -Confirm:$false -Wait
    "$(@(1..100 | ForEach-Object { "item:$_" } | Get-K2hdkcKey).Count) of 100 keys are there" | Out-Host
    Disconnect-K2hdkcCluster

    Write-Step 'The slave goes, and then everything'
    Stop-K2hdkcSlave quickstart quickstart-worker -Confirm:$false -Wait
    Get-K2hdkcCluster | Format-Table | Out-Host
    Remove-K2hdkcCluster quickstart -Confirm:$false -Wait -PassThru | Format-Table | Out-Host
}
finally {
    Disconnect-K2hdkcDbaas -All -ErrorAction Ignore
    $sandbox | Stop-K2hdkcSandbox
}
