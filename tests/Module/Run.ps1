<#
.SYNOPSIS
    Runs the Pester suite on a built module and ends with a line 'N passed, N failed, N skipped'.
.DESCRIPTION
    A loaded assembly stays for the life of its process: start this in a process of its own. 'dotnet test' does so, a file at a time. Exits 1
    when a test failed.
.PARAMETER Module
    The manifest to test; the checkout's when not given. Give a packed module's to test that.
.PARAMETER Filter
    Only the test files whose name begins like this.
.PARAMETER Exact
    Takes -Filter as the whole name.
.PARAMETER Pester
    Pester's manifest; when not given, the package that the build has restored, else what is on the module path.
#>
[CmdletBinding()]
param([string] $Module = "$PSScriptRoot/../../K2hdkcDbaas.psd1", [string] $Filter = '', [switch] $Exact, [string] $Pester)

$ErrorActionPreference = 'Stop'
if (-not $Pester) {
    $version = ([xml](Get-Content "$PSScriptRoot/../../Directory.Packages.props" -Raw)).SelectSingleNode('//PackageVersion[@Include="Pester"]').Version
    $packages = $env:NUGET_PACKAGES ? $env:NUGET_PACKAGES : (Join-Path ([Environment]::GetFolderPath('UserProfile')) '.nuget/packages')
    $restored = Join-Path $packages "pester/$version/tools/Pester.psd1"
    $Pester = (Test-Path $restored) ? $restored : 'Pester'
}
Import-Module $Pester -MinimumVersion 5.0

$env:K2HDKCDBAAS_MODULE = (Resolve-Path $Module).Path
$configuration = New-PesterConfiguration
$configuration.Run.Path = @(Get-ChildItem "$PSScriptRoot/*.Tests.ps1" |
        Where-Object Name -Like ($Exact ? "$Filter.Tests.ps1" : "$Filter*") | ForEach-Object FullName)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$result = Invoke-Pester -Configuration $configuration
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
'{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $failed, $result.SkippedCount
exit [int]($failed -gt 0)
