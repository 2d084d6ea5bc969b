<#
.SYNOPSIS
    The whole life of a K2HDKC cluster in a minute, on this machine, with the cmdlets of this module.
.DESCRIPTION
    Starts a sandbox (a whole cloud on loopback), makes a cluster with two servers and a slave, looks at it, grows it, shrinks it, removes
    it, and leaves nothing running. Needs a built module: run 'dotnet build' in the checkout first.
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

    Write-Step 'Two more server nodes'
    Add-K2hdkcNode quickstart -Count 2 @node -Wait | Format-Table | Out-Host

    Write-Step 'One server node less, and then nothing'
    Remove-K2hdkcNode quickstart quickstart-server-4 -Force -Confirm:$false -Wait
    Get-K2hdkcCluster | Format-Table | Out-Host
    Remove-K2hdkcCluster quickstart -Confirm:$false -Wait -PassThru | Format-Table | Out-Host
}
finally {
    Disconnect-K2hdkcDbaas -All -ErrorAction Ignore
    $sandbox | Stop-K2hdkcSandbox
}
