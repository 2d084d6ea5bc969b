# The pages: PlatyPS' Markdown form, read and written.

function Read-Section([string] $Text, [string] $Heading) {
    $found = [regex]::Match($Text, "(?ms)^## $Heading\n(.*?)(?=^## |\z)")
    $found.Success ? $found.Groups[1].Value.Trim() : ''
}

# What a page says of its own: description, examples, notes, parameters of a back end.
function Read-Page([string] $Path) {
    $text = (Test-Path $Path) ? (Get-Content $Path -Raw).Replace("`r`n", "`n") : ''
    $name = [System.IO.Path]::GetFileNameWithoutExtension($Path)
    $examples = @([regex]::Matches((Read-Section $text 'EXAMPLES'), '(?ms)^### (?<title>[^\n]+)\n+```powershell\n(?<code>.*?)\n```(?<rest>.*?)(?=^### |\z)') |
        ForEach-Object { [pscustomobject]@{ Title = $_.Groups['title'].Value.Trim(); Code = $_.Groups['code'].Value; Remarks = $_.Groups['rest'].Value.Trim() } })
    if (-not $text) { $examples = @(1, 2 | ForEach-Object { [pscustomobject]@{ Title = "Example ${_}: {{ Fill }}"; Code = "$name {{ Fill }}"; Remarks = '{{ Fill }}' } }) }
    # A page may say more of an output than the type does.
    $outputs = @{}
    [pscustomobject]@{
        Description = $text ? (Read-Section $text 'DESCRIPTION') : '{{ Fill in the description }}'
        Notes = Read-Section $text 'NOTES'
        Examples = $examples
        Outputs = $outputs
        Dynamic = @([regex]::Matches((Read-Section $text 'PARAMETERS'), '(?ms)^### -(?<name>\w+)\n+(?<text>.*?)\n+```yaml\n(?<yaml>.*?)\n```') |
            Where-Object { $_.Groups['yaml'].Value -match '(?m)^IsDynamic: true$' } | ForEach-Object { Read-DynamicParameter $_ })
    }
}

function Read-DynamicParameter($Found) {
    $yaml = $Found.Groups['yaml'].Value
    $type = [regex]::Match($yaml, '(?m)^Type: (.*)$').Groups[1].Value
    [pscustomobject]@{
        Name = $Found.Groups['name'].Value
        Type = $type
        IsSwitch = $type -like '*SwitchParameter'
        Description = $Found.Groups['text'].Value.Trim()
        Default = [regex]::Match($yaml, "(?m)^DefaultValue: '?(.*?)'?$").Groups[1].Value
        Globbing = $yaml -match '(?m)^SupportsWildcards: true$'
        Aliases = @()
        Accepted = @()
        Sets = @([pscustomobject]@{ Name = '(All)'; Position = 'Named'; IsRequired = $false; FromPipeline = $false; FromPropertyName = $false; FromRemaining = $false })
        Page = $yaml
    }
}

# Syntax in lines of at most 100 columns, broken between parameters.
function Split-Syntax([string] $Syntax) {
    $lines = [System.Collections.Generic.List[string]]::new()
    $line = ''
    foreach ($word in [regex]::Split($Syntax, ' (?=\[|-)(?![^<]*>)')) {
        if ($line -and $line.Length + $word.Length -ge 99) { $lines.Add($line); $line = '' }
        $line += " $word"
    }
    $lines.Add($line)
    ($lines -join "`n").Substring(1)
}

function ConvertTo-YamlList([string] $Name, [string[]] $Values) {
    if (-not $Values) { return "${Name}: []" }
    "${Name}:`n" + (($Values | ForEach-Object { "- $_" }) -join "`n")
}

function ConvertTo-ParameterText($Parameter) {
    $yaml = $Parameter.Page ?? (@(
            "Type: $($Parameter.Type)"
            "DefaultValue: '$("$($Parameter.Default)".Replace("'", "''"))'"
            "SupportsWildcards: $("$($Parameter.Globbing)".ToLowerInvariant())"
            ConvertTo-YamlList 'Aliases' $Parameter.Aliases
            'ParameterSets:'
            foreach ($set in $Parameter.Sets) {
                "- Name: $($set.Name)"
                "  Position: $($set.Position)"
                "  IsRequired: $("$($set.IsRequired)".ToLowerInvariant())"
                "  ValueFromPipeline: $("$($set.FromPipeline)".ToLowerInvariant())"
                "  ValueFromPipelineByPropertyName: $("$($set.FromPropertyName)".ToLowerInvariant())"
                "  ValueFromRemainingArguments: $("$($set.FromRemaining)".ToLowerInvariant())"
            }
            'DontShow: false'
            ConvertTo-YamlList 'AcceptedValues' $Parameter.Accepted
            "HelpMessage: ''"
        ) -join "`n")
    "### -$($Parameter.Name)`n`n$($Parameter.Description)`n`n``````yaml`n$yaml`n``````"
}

function ConvertTo-Page($Model) {
    $parts = @(
        "---`ndocument type: cmdlet`nexternal help file: K2hdkcDbaas.dll-Help.xml`nHelpUri: ''`nLocale: en-US`nModule Name: K2hdkcDbaas`nPlatyPS schema version: 2024-05-01`ntitle: $($Model.Name)`n---"
        "# $($Model.Name)"
        "## SYNOPSIS`n`n$($Model.Synopsis)"
        '## SYNTAX'
        foreach ($set in $Model.Sets) { "### $($set.Name)`n`n```````n$(Split-Syntax $set.Syntax)`n``````" }
        "## DESCRIPTION`n`n$($Model.Description)"
        '## EXAMPLES'
        foreach ($example in $Model.Examples) { ("### $($example.Title)`n`n``````powershell`n$($example.Code)`n```````n`n$($example.Remarks)").TrimEnd() }
        '## PARAMETERS'
        foreach ($parameter in $Model.Parameters) { ConvertTo-ParameterText $parameter }
        "### CommonParameters`n`nThis cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,`n-InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,`n-ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see`n[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216)."
        '## INPUTS'
        foreach ($taken in $Model.Inputs) { "### $taken`n`nBound from the pipeline." }
        '## OUTPUTS'
        foreach ($given in $Model.Outputs) { "### $($given.Type)`n`n$($given.Description)" }
        "## NOTES`n`n$($Model.Notes)".TrimEnd()
        if ($Model.Links) { "## RELATED LINKS`n`n" + (($Model.Links | ForEach-Object { "- [$_]($_.md)" }) -join "`n") }
    )
    ($parts -join "`n`n") + "`n"
}
