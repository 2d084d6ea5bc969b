<#
.SYNOPSIS
    The life of a K2HDKC cluster in the session that is connected, whichever engine runs it.
.DESCRIPTION
    Makes a cluster, shows it, writes keys, adds a server node and takes it away again with all keys kept, and removes the cluster. Nothing here names an
    engine: connect first, and say in $PSDefaultParameterValues what nodes are made from, where the engine must be told.
.EXAMPLE
    Connect-K2hdkcDbaas production
    $PSDefaultParameterValues = @{ 'New-K2hdkcCluster:Image' = 'k2hdkc'; 'New-K2hdkcCluster:Flavor' = 'm1.small'; 'Add-K2hdkcNode:Image' = 'k2hdkc'; 'Add-K2hdkcNode:Flavor' = 'm1.small' }
    ./examples/runbook.ps1
.EXAMPLE
    Connect-K2hdkcDbaas -Backend Kubernetes -Namespace data
    ./examples/runbook.ps1 -Cluster web -KeyCount 1000
#>
[CmdletBinding()]
param([string] $Cluster = 'runbook', [int] $ServerCount = 2, [int] $KeyCount = 100)

$ErrorActionPreference = 'Stop'

function Measure-Key {
    $null = Connect-K2hdkcCluster $Cluster -Register
    "$(@(1..$KeyCount | ForEach-Object { "item:$_" } | Get-K2hdkcKey).Count) of $KeyCount keys are there"
    Disconnect-K2hdkcCluster
}

New-K2hdkcCluster $Cluster -ServerCount $ServerCount -SlaveCount 1 -Wait
Get-K2hdkcNode $Cluster
Get-K2hdkcSlave $Cluster

$null = Connect-K2hdkcCluster $Cluster -Register
1..$KeyCount | ForEach-Object { [pscustomobject]@{ Key = "item:$_"; Value = "value $_" } } | Set-K2hdkcKey
Disconnect-K2hdkcCluster

$added = Add-K2hdkcNode $Cluster -Wait
$added
Measure-Key

$added | Remove-K2hdkcNode -Confirm:$false -Wait
Measure-Key
Get-K2hdkcCluster $Cluster

Remove-K2hdkcCluster $Cluster -Confirm:$false -Wait -PassThru
