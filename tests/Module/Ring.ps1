# A ring for the suites: the sandbox's, or a real one whose slave configuration K2HDKCDBAAS_TEST_RING names. Dot-source it in BeforeAll.

. "$PSScriptRoot/Harness.ps1"
Import-Module $env:K2HDKCDBAAS_MODULE

function Start-TestRing {
    param([int] $ServerCount = 3)
    if ($env:K2HDKCDBAAS_TEST_RING) { return $script:ringConfiguration = $env:K2HDKCDBAAS_TEST_RING }
    $script:ringConfiguration = Join-Path ([IO.Path]::GetTempPath()) "ring-$([guid]::NewGuid()).ini"
    $program = Join-Path (Split-Path $env:K2HDKCDBAAS_MODULE) 'bin/sandbox/K2hdkcDbaas.Sandbox.dll'
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', @($program, 'ring', '--servers', $ServerCount, '--ini-out', $script:ringConfiguration))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $script:ringProcess = [Diagnostics.Process]::Start($start)
    $ready = $script:ringProcess.StandardOutput.ReadLine()
    if ($ready -notmatch '"ready":true') { throw "The ring did not start: $ready $($script:ringProcess.StandardError.ReadToEnd())" }
    $script:ringConfiguration
}

function Stop-TestRing {
    Disconnect-K2hdkcCluster -All
    if (-not $script:ringProcess) { return }
    $script:ringProcess.StandardInput.WriteLine('quit')
    if (-not $script:ringProcess.WaitForExit(5000)) { $script:ringProcess.Kill() }
    Remove-Item $script:ringConfiguration -ErrorAction Ignore
}

# The first control port of the ring, as -Server takes it.
function Get-TestControlPort {
    $text = Get-Content $script:ringConfiguration -Raw
    if ($text -notmatch '(?s)\[SVRNODE\].*?NAME\s*=\s*(?<name>\S+).*?CTLPORT\s*=\s*(?<port>\d+)') { throw 'The configuration names no server.' }
    "$($Matches.name):$($Matches.port)"
}
