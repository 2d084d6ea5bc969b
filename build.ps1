#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests, documents and packs the module.
.DESCRIPTION
    Build   compiles everything; bin/ then holds what the manifest loads.
    Test    runs the xUnit tests, then the Pester suite in a process of its own.
    Help    makes en-US/ from the Markdown pages with PlatyPS.
    Pack    leaves out/K2hdkcDbaas, a folder that installs as a module and needs no checkout.
    Clean   removes what the other tasks have put out.
.EXAMPLE
    ./build.ps1 Build, Test
.EXAMPLE
    ./build.ps1 Pack
    The module as it is given to others: a Release build, unless -Configuration says otherwise.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Help', 'Pack', 'Clean')]
    [string[]] $Task = 'Build',

    # Debug when not given, and Release for Pack.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = ($Task -contains 'Pack' ? 'Release' : 'Debug'),

    # Where Pack leaves the folder K2hdkcDbaas.
    [string] $Output = "$PSScriptRoot/out",

    # Packs what bin/ holds already.
    [switch] $NoBuild
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$root = $PSScriptRoot

function Invoke-Tool {
    param([Parameter(Mandatory)] [string] $Command, [string[]] $Arguments)
    & $Command @Arguments
    if ($LASTEXITCODE -ne 0) { throw "'$Command $Arguments' failed with exit code $LASTEXITCODE." }
}

function Invoke-Build {
    Invoke-Tool dotnet @('build', "$root/K2hdkcDbaas.sln", '--nologo', '--configuration', $Configuration)
}

function Invoke-Test {
    Invoke-Build
    Invoke-Tool dotnet @('test', "$root/K2hdkcDbaas.sln", '--nologo', '--no-build', '--configuration', $Configuration)
    # A loaded assembly stays loaded: each run of the suite has a process of its own.
    Invoke-Tool pwsh @('-NoProfile', '-File', "$root/tests/Module/Run.ps1")
}

function Invoke-Help {
    Invoke-Build
    Invoke-Tool pwsh @('-NoProfile', '-File', "$root/src/K2hdkcDbaas/Help/New-Help.ps1")
}

function Invoke-Pack {
    $target = "$Output/K2hdkcDbaas"
    if (Test-Path $target) { Remove-Item $target -Recurse -Force }
    if (-not $NoBuild) {
        # What an earlier build has left there is none of this one's.
        if (Test-Path "$root/bin") { Remove-Item "$root/bin" -Recurse -Force }
        Invoke-Build
    }
    New-Item $target -ItemType Directory -Force | Out-Null
    Copy-Item "$root/K2hdkcDbaas.psd1", "$root/LICENSE", "$root/README.md", "$root/CHANGELOG.md" $target
    Copy-Item "$root/en-US" $target -Recurse
    Copy-Item "$root/bin" $target -Recurse -Exclude '*.pdb'
    Invoke-Tool pwsh @('-NoProfile', '-Command', "Import-Module '$target/K2hdkcDbaas.psd1' -ErrorAction Stop")
    "Packed $target"
}

function Invoke-Clean {
    foreach ($folder in 'bin', 'out', 'artifacts') {
        if (Test-Path "$root/$folder") { Remove-Item "$root/$folder" -Recurse -Force }
    }
}

foreach ($name in $Task) { & "Invoke-$name" }
