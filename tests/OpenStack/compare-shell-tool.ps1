<#
.SYNOPSIS
Measures "create a cluster and N nodes" with k2hdkc_dbaas_cli and with this module, one after the other on the same cloud.
.DESCRIPTION
Needs k2hr3 (with its plugin "database") on the PATH, a configuration file of it with valid tokens in K2HR3CLI_CONFIG, and the same cloud
and K2HR3 in K2HDKCDBAAS_TEST_CLOUD and K2HDKCDBAAS_TEST_K2HR3. The module is measured before and after the shell tool, since other work on the
machine weighs on both; all that is made is removed again. No guest is waited for: both only ask for the nodes.
#>
param([int]$Nodes = 8, [string]$Image = 'lab-image', [string]$Flavor = 'lab.tiny')
$ErrorActionPreference = 'Stop'
foreach ($name in 'K2HR3CLI_CONFIG', 'K2HDKCDBAAS_TEST_CLOUD', 'K2HDKCDBAAS_TEST_K2HR3') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "$name is not set; see Get-Help $PSCommandPath." }
}
Import-Module "$PSScriptRoot/../../K2hdkcDbaas.psd1"
$cluster = 'cmp' + [guid]::NewGuid().ToString('N').Substring(0, 6)

# Connecting is part of it, as the log-in is part of each run of a script.
function New-Whole([string]$Name) {
    Connect-K2hdkcDbaas -Cloud $env:K2HDKCDBAAS_TEST_CLOUD -K2hr3Uri $env:K2HDKCDBAAS_TEST_K2HR3
    New-K2hdkcCluster $Name -ServerCount $Nodes -Image $Image -Flavor $Flavor
}

function Measure-Module([string]$Name) {
    $seconds = (Measure-Command { New-Whole $Name }).TotalSeconds
    Remove-K2hdkcCluster $Name -Confirm:$false
    [pscustomobject]@{ Tool = 'K2hdkcDbaas'; Seconds = [math]::Round($seconds, 2) }
}

# Not timed: to put every request into words takes time.
function Measure-Request([string]$Name) {
    # Without Verbose said, Debug makes PowerShell ask at each verbose message.
    $PSDefaultParameterValues = @{ '*-K2hdkc*:Debug' = $true; '*-K2hdkc*:Verbose' = $false }
    $spoken = New-Whole $Name 5>&1 | Where-Object { $_ -is [System.Management.Automation.DebugRecord] -and $_.Message -match '^\w+: (GET|PUT|POST|DELETE|HEAD|PATCH) ' }
    # What is counted is the making; the words of the removal are for nobody.
    $PSDefaultParameterValues = @{}
    Remove-K2hdkcCluster $Name -Confirm:$false
    @($spoken).Count
}

function Invoke-ShellTool {
    $out = & k2hr3 database @args --config $env:K2HR3CLI_CONFIG 2>&1
    if ($LASTEXITCODE) { throw "k2hr3 database $args failed: $out" }
}

$ours = @(Measure-Module $cluster)
$ours[0]
$watch = [Diagnostics.Stopwatch]::StartNew()
try {
    Invoke-ShellTool create "$cluster-sh"
    foreach ($n in 1..$Nodes) { Invoke-ShellTool add host server "$cluster-sh" "$cluster-sh-$n" --op_image $Image --op_flavor $Flavor }
    $shell = $watch.Elapsed.TotalSeconds
} finally {
    # No guest ever registers the shell tool's nodes, so only the security group says that they are the cluster's.
    Remove-K2hdkcCluster "$cluster-sh" -Force -Confirm:$false
}
[pscustomobject]@{ Tool = 'k2hdkc_dbaas_cli'; Seconds = [math]::Round($shell, 2) }
$ours += Measure-Module $cluster
$ours[1]
$mean = ($ours.Seconds | Measure-Object -Average).Average
'{0} nodes: 1/{1:0} of the shell tool''s time ({2:0.00} s and {3:0.0} s), {4} requests' -f $Nodes, ($shell / $mean), $mean, $shell, (Measure-Request $cluster)
