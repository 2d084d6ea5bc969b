<#
.SYNOPSIS
    Runs the Pester suite on a built module and ends with a line 'N passed, N failed, N skipped'.
.DESCRIPTION
    A loaded assembly stays for the life of its process: start this in a process of its own. Exits 1 when a test failed, and 3, with the
    reason, when there is no Pester.
.PARAMETER Module
    The manifest to test; the checkout's when not given. Give a packed module's to test that.
.PARAMETER Filter
    Only the test files whose name is like this.
#>
[CmdletBinding()]
param([string] $Module = "$PSScriptRoot/../../K2hdkcDbaas.psd1", [string] $Filter = '*')

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -ge 5 })) {
    'skipped: there is no Pester 5 or newer on this machine'
    exit 3
}

$env:K2HDKCDBAAS_MODULE = (Resolve-Path $Module).Path
$configuration = New-PesterConfiguration
$configuration.Run.Path = @(Get-ChildItem "$PSScriptRoot/*.Tests.ps1" | Where-Object BaseName -Like "$Filter*" | ForEach-Object FullName)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
'{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $failed, $result.SkippedCount
exit [int]($failed -gt 0)
