<#
.SYNOPSIS
    Brings the Markdown page of every cmdlet up to date and makes en-US/ from the pages.
.DESCRIPTION
    Synopsis, syntax, parameters, inputs, outputs and links of a page come from the compiled cmdlet and its XML documentation: mend them in the
    code. Description, examples and notes are the page's own: mend them there. A parameter that the page marks 'IsDynamic: true' is the page's
    own, too. A new cmdlet gets a new page with the places to fill marked; a test finds what is left unfilled.

    The pages keep to the Markdown form of PlatyPS, whose package cannot be had everywhere; this script stands in for it.
#>
[CmdletBinding()]
param([string] $Configuration = 'Debug')

$ErrorActionPreference = 'Stop'
$root = (Resolve-Path "$PSScriptRoot/../../..").Path
$pages = "$PSScriptRoot/en-US"
Import-Module "$root/K2hdkcDbaas.psd1"

. "$PSScriptRoot/Model.ps1"
. "$PSScriptRoot/Markdown.ps1"
. "$PSScriptRoot/Maml.ps1"

$summaries = Read-Summary (Get-ChildItem "$root/artifacts/bin/K2hdkcDbaas*/$($Configuration.ToLowerInvariant())/K2hdkcDbaas*.xml" |
    Where-Object { $_.BaseName -eq $_.Directory.Parent.Name })
$null = New-Item $pages -ItemType Directory -Force
$commands = Get-Command -Module K2hdkcDbaas -CommandType Cmdlet | Sort-Object Name
$models = foreach ($command in $commands) {
    $path = "$pages/$($command.Name).md"
    $model = Get-HelpModel $command $summaries (Read-Page $path) $commands.Name
    Set-Content $path (ConvertTo-Page $model) -NoNewline
    $model
}
Set-Content "$root/en-US/K2hdkcDbaas.dll-Help.xml" (ConvertTo-Maml $models) -NoNewline
"$(@($models).Count) pages"
