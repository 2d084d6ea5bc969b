<#
.SYNOPSIS
    Brings the Markdown page of every cmdlet up to date and makes en-US/ from the pages. Needs Microsoft.PowerShell.PlatyPS 1.0.
.DESCRIPTION
    Synopsis, syntax, parameters, inputs and outputs of a page come from the compiled cmdlet and its XML documentation: mend them in the code.
    Description, examples, notes and links are the page's own: mend them there. A new cmdlet gets a new page with
    the places to fill marked; a test finds what is left unfilled.
#>
[CmdletBinding()]
param([string] $Configuration = 'Debug')

$ErrorActionPreference = 'Stop'
$root = (Resolve-Path "$PSScriptRoot/../../..").Path
$pages = "$PSScriptRoot/en-US"
Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0
Import-Module "$root/K2hdkcDbaas.psd1"

$summaries = @{}
$comments = 'K2hdkcDbaas', 'K2hdkcDbaas.Core' | ForEach-Object {
    [xml](Get-Content "$root/artifacts/bin/$_/$($Configuration.ToLowerInvariant())/$_.xml" -Raw)
}
foreach ($member in $comments.doc.members.member) {
    if (-not $member.SelectSingleNode('summary')) { continue }
    $text = $member.SelectSingleNode('summary').InnerXml
    $text = $text -replace '<see cref="\w:(?:[\w.]+\.)?(\w+)(?:\(.*?\))?"\s*/>', '$1' -replace '</?(c|paramref|see)\b[^>]*>', ''
    $summaries[$member.name] = [System.Net.WebUtility]::HtmlDecode(($text -replace '\s+', ' ').Trim())
}

function Get-Summary([string] $Key) { $summaries[$Key] ?? "{{ Fill $Key }}" }

# PlatyPS leaves an example's code in its introduction, fences and all; Get-Help has a place for it.
function Format-Maml([string] $Path) {
    $namespaces = @{
        command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
        dev = 'http://schemas.microsoft.com/maml/dev/2004/10'
        maml = 'http://schemas.microsoft.com/maml/2004/10'
    }
    $document = [xml]::new()
    $document.Load($Path)
    foreach ($example in $document | Select-Xml '//command:example' -Namespace $namespaces | ForEach-Object Node) {
        $text = @($example | Select-Xml 'maml:introduction/maml:para' -Namespace $namespaces | ForEach-Object { $_.Node.InnerText }) -join "`n`n"
        if ($text -notmatch '(?s)^```powershell\n(?<code>.*?)\n```(?<rest>.*)$') { throw "Example without code: $text" }
        ($example | Select-Xml 'dev:code' -Namespace $namespaces).Node.InnerText = $Matches.code
        $remarks = ($example | Select-Xml 'dev:remarks' -Namespace $namespaces).Node
        $para = $document.CreateElement('maml', 'para', $namespaces.maml)
        $para.InnerText = $Matches.rest.Replace([string][char]0x80, '').Trim()
        $null = $remarks.AppendChild($para)
        $null = $example.RemoveChild(($example | Select-Xml 'maml:introduction' -Namespace $namespaces).Node)
    }
    foreach ($links in $document | Select-Xml '//command:relatedLinks' -Namespace $namespaces | ForEach-Object Node) { $null = $links.ParentNode.RemoveChild($links) }
    $writer = [System.IO.StringWriter]::new()
    $document.Save($writer)
    ($writer.ToString() -replace 'encoding="utf-16"', 'encoding="utf-8"').Replace("`r`n", "`n").TrimEnd() + "`n"
}

# What New-CommandHelp finds in the help that exists, it takes: that is the pages' business.
if (Test-Path "$root/en-US/K2hdkcDbaas.dll-Help.xml") { Remove-Item "$root/en-US/K2hdkcDbaas.dll-Help.xml" }
$null = New-Item $pages -ItemType Directory -Force
$help = foreach ($command in Get-Command -Module K2hdkcDbaas -CommandType Cmdlet | Sort-Object Name) {
    $page = "$pages/$($command.Name).md"
    $type = $command.ImplementingType
    $fresh = New-CommandHelp -CommandInfo $command
    if (Test-Path $page) {
        $written = Import-MarkdownCommandHelp -Path $page
        $fresh.Description = $written.Description
        $fresh.Notes = $written.Notes
        if ($fresh.Examples) { $fresh.Examples.Clear() }
        foreach ($example in $written.Examples) { $fresh.Examples.Add($example) }
    }

    # Pages that name each other do it in their text; a link needs an address.
    if ($fresh.RelatedLinks) { $fresh.RelatedLinks.Clear() }
    foreach ($entry in $fresh.Inputs) { $entry.Description = 'Bound from the pipeline.' }
    foreach ($entry in $fresh.Outputs) {
        $entry.Description = switch ($entry.Typename) {
            'System.String' { 'The name of each thing that was changed, with -PassThru.' }
            'System.IO.FileInfo' { 'The file that was written, with -PassThru.' }
            'System.Int64' { 'How many items were dropped, with -PassThru.' }
            default { Get-Summary "T:$_" }
        }
    }
    if ($fresh.Notes -like '{{*') { $fresh.Notes = '' }
    $fresh.AliasHeaderFound = $false
    $fresh.Synopsis = Get-Summary "T:$($type.FullName)"
    foreach ($parameter in $fresh.Parameters) {
        $property = $type.GetProperty($parameter.Name)
        if ($property) { $parameter.Description = Get-Summary "P:$($property.DeclaringType.FullName).$($parameter.Name)" }
        elseif ($parameter.Name -eq 'WhatIf') { $parameter.Description = 'Shows what would happen, and changes nothing.' }
        elseif ($parameter.Name -eq 'Confirm') { $parameter.Description = 'Asks before anything is changed.' }
    }

    # A date would make each run a change.
    if ($fresh.Metadata) { $fresh.Metadata.Remove('ms.date') }
    $fresh.ExternalHelpFile = 'K2hdkcDbaas.dll-Help.xml'
    $fresh
}

$made = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid())
try {
    $help | Export-MarkdownCommandHelp -OutputFolder $made -Force | Move-Item -Destination $pages -Force
    Get-ChildItem $pages -Filter *.md | ForEach-Object {
        # One end of line and one final newline, whatever machine made it.
        $text = (Get-Content $_ -Raw).Replace("`r`n", "`n") -replace '[ \t]+(?=\n)', '' -replace '## ALIASES\n[^#]*', '' -replace '(?s)## RELATED LINKS.*$', ''
        Set-Content $_ ($text.TrimEnd() + "`n") -NoNewline
    }
    $maml = Import-MarkdownCommandHelp -Path (Get-ChildItem "$pages/*-*.md" | Sort-Object Name).FullName | Export-MamlCommandHelp -OutputFolder $made -Force
    Format-Maml $maml | Set-Content "$root/en-US/K2hdkcDbaas.dll-Help.xml" -NoNewline
}
finally {
    if (Test-Path $made) { Remove-Item $made -Recurse -Force }
}
"$(@($help).Count) pages"
