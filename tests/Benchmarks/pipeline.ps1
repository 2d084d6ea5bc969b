<#
.SYNOPSIS
    Measures Set-K2hdkcKey and Get-K2hdkcKey in a pipeline beside the bare client, on the same ring.
.DESCRIPTION
    Prints keys a second of each and the ratio of their times, and the growth of this process's memory. Without -ConfigurationPath a sandbox ring
    of three nodes is started. Build in Release first: ./build.ps1 Build -Configuration Release.
.PARAMETER ConfigurationPath
    A slave's configuration of a ring that this host may join.
.PARAMETER Count
    Keys to write.
#>
[CmdletBinding()]
param([string] $ConfigurationPath, [int] $Count = 100000)

$ErrorActionPreference = 'Stop'
$root = (Resolve-Path "$PSScriptRoot/../..").Path
Import-Module "$root/K2hdkcDbaas.psd1"
$sandbox = $null
if (-not $ConfigurationPath) {
    $ConfigurationPath = Join-Path ([IO.Path]::GetTempPath()) "ring-$([guid]::NewGuid()).ini"
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', @("$root/bin/sandbox/K2hdkcDbaas.Sandbox.dll", 'ring', '--ini-out', $ConfigurationPath))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $sandbox = [Diagnostics.Process]::Start($start)
    $null = $sandbox.StandardOutput.ReadLine()
}

function Measure-Pipeline([scriptblock] $Script) { (Measure-Command $Script).TotalSeconds }

try {
    $null = Connect-K2hdkcCluster -ConfigurationPath $ConfigurationPath
    # Made before the clock runs: the time is that of the cmdlet.
    $pairs = foreach ($n in 0..($Count - 1)) { [pscustomobject]@{ Key = "pipe:$n"; Value = "value $n" } }
    $null = Measure-Pipeline { $pairs | Set-K2hdkcKey }
    [GC]::Collect()
    $before = [Diagnostics.Process]::GetCurrentProcess().WorkingSet64
    $set = Measure-Pipeline { $pairs | Set-K2hdkcKey }
    $grown = ([Diagnostics.Process]::GetCurrentProcess().WorkingSet64 - $before) / 1MB
    $script:read = 0
    $get = Measure-Pipeline { $pairs | Get-K2hdkcKey | ForEach-Object { $script:read++ } }
    $bare = [double](dotnet run --configuration Release --project $PSScriptRoot -- many $ConfigurationPath $Count | Select-Object -Last 1)
    [pscustomobject]@{
        Keys = $Count
        SetsPerSecond = [int]($Count / $set)
        BareSetsPerSecond = [int]($Count / $bare)
        SetTimeToBare = [math]::Round($set / $bare, 2)
        GetsPerSecond = [int]($script:read / $get)
        Read = $script:read
        GrownMiB = [math]::Round($grown, 1)
    }
} finally {
    Disconnect-K2hdkcCluster -All
    if ($sandbox) {
        $sandbox.StandardInput.WriteLine('quit')
        if (-not $sandbox.WaitForExit(5000)) { $sandbox.Kill() }
        Remove-Item $ConfigurationPath -ErrorAction Ignore
    }
}
