#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests, documents and packs the module.
.DESCRIPTION
    Build   compiles everything; bin/ then holds what the manifest loads.
    Test    runs all tests: xUnit, and the Pester suite in processes of its own.
    Help    brings the Markdown pages of the cmdlets up to date and makes en-US/ from them.
    Pack    leaves out/K2hdkcDbaas, a folder that installs as a module and needs no checkout.
    Clean   removes what the other tasks have put out.
    With no PowerShell on the machine: 'dotnet tool restore', then 'dotnet pwsh build.ps1 ...'.
.EXAMPLE
    ./build.ps1 Build, Test
.EXAMPLE
    dotnet pwsh build.ps1 Help
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

# Another PowerShell like this one. As a dotnet tool, PowerShell is a library that the process 'dotnet' runs.
function Invoke-PowerShell {
    param([string[]] $Arguments)
    $program = (Get-Process -Id $PID).Path
    $library = [IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet' ? @(Join-Path $PSHOME 'pwsh.dll') : @()
    Invoke-Tool $program ($library + '-NoProfile' + $Arguments)
}

function Invoke-Build {
    Invoke-Tool dotnet @('build', "$root/K2hdkcDbaas.sln", '--nologo', '--configuration', $Configuration)
}

function Invoke-Test {
    Invoke-Build
    Invoke-Tool dotnet @('test', "$root/K2hdkcDbaas.sln", '--nologo', '--no-build', '--configuration', $Configuration)
}

function Invoke-Help {
    Invoke-Build
    Invoke-PowerShell @('-File', "$root/src/K2hdkcDbaas/Help/New-Help.ps1")
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
    Invoke-PowerShell @('-Command', "Import-Module '$target/K2hdkcDbaas.psd1' -ErrorAction Stop")
    "Packed $target"
}

function Invoke-Clean {
    foreach ($folder in 'bin', 'out', 'artifacts') {
        if (Test-Path "$root/$folder") { Remove-Item "$root/$folder" -Recurse -Force }
    }
}

foreach ($name in $Task) { & "Invoke-$name" }
