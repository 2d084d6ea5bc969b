# A ring for the suites: the sandbox's, or a real one whose slave configuration K2HDKCDBAAS_TEST_RING names. Dot-source it in BeforeAll.

. "$PSScriptRoot/Harness.ps1"
Import-Module $env:K2HDKCDBAAS_MODULE

function Start-TestRing {
    param([int] $ServerCount = 3)
    $script:ringConfiguration = if ($env:K2HDKCDBAAS_TEST_RING) { $env:K2HDKCDBAAS_TEST_RING } else { Start-SandboxRing -ServerCount $ServerCount }
    $script:ringConfiguration
}

# A ring of the sandbox beside the suite's own; gives its configuration file.
function Start-SandboxRing {
    param([int] $ServerCount = 1, [string] $Group = 'SANDBOXRING')
    $file = Join-Path ([IO.Path]::GetTempPath()) "ring-$([guid]::NewGuid()).ini"
    $program = Join-Path (Split-Path $env:K2HDKCDBAAS_MODULE) 'bin/sandbox/K2hdkcDbaas.Sandbox.dll'
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', @($program, 'ring', '--servers', $ServerCount, '--group', $Group, '--ini-out', $file))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    $ready = $process.StandardOutput.ReadLine()
    if ($ready -notmatch '"ready":true') { throw "The ring did not start: $ready $($process.StandardError.ReadToEnd())" }
    $script:rings += @(@{ Process = $process; File = $file })
    $file
}

# Ends rings of the sandbox: the one of a configuration file, or all.
function Stop-SandboxRing {
    param([string] $File = '*')
    foreach ($ring in $script:rings) {
        if ($ring.File -notlike $File -or $ring.Process.HasExited) { continue }
        $ring.Process.StandardInput.WriteLine('quit')
        if (-not $ring.Process.WaitForExit(5000)) { $ring.Process.Kill() }
        Remove-Item $ring.File -ErrorAction Ignore
    }
}

function Stop-TestRing {
    Disconnect-K2hdkcCluster -All
    Stop-SandboxRing
}

# The first control port of the ring, as -Server takes it.
function Get-TestControlPort {
    $text = Get-Content $script:ringConfiguration -Raw
    if ($text -notmatch '(?s)\[SVRNODE\].*?NAME\s*=\s*(?<name>\S+).*?CTLPORT\s*=\s*(?<port>\d+)') { throw 'The configuration names no server.' }
    "$($Matches.name):$($Matches.port)"
}
