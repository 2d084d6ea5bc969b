# What the help of one cmdlet says: taken from the compiled cmdlet, its XML documentation, and its page.

# The summaries of compiler-made XML documentation, by member key.
function Read-Summary([System.IO.FileInfo[]] $File) {
    $summaries = @{}
    foreach ($path in $File) {
        foreach ($member in ([xml](Get-Content $path -Raw)).SelectNodes('/doc/members/member[summary]')) {
            $text = $member.SelectSingleNode('summary').InnerXml
            $text = $text -replace '<see cref="\w:(?:[\w.]+\.)?(\w+)(?:\(.*?\))?"\s*/>', '$1' -replace '<see (?:langword|href)="([^"]*)"\s*/>', '$1'
            $text = $text -replace '</?(c|paramref|see|b|i)\b[^>]*>', ''
            $summaries[$member.name] = [System.Net.WebUtility]::HtmlDecode(($text -replace '\s+', ' ').Trim())
        }
    }
    $summaries
}

function Get-Summary([hashtable] $Summaries, [string] $Key) { $Summaries[$Key] ?? "{{ Fill $Key }}" }

# The value that a parameter has when it is not given; empty where that says nothing.
function Get-DefaultValue($Instance, $Property) {
    if ($Property.PropertyType -eq [switch]) { return 'False' }
    $value = try { $Property.GetValue($Instance) } catch { $null }
    if ($null -eq $value -or $value -is [System.Collections.ICollection] -or "$value" -eq '' -or "$value" -eq $value.GetType().FullName) { return '' }
    if ($value -is [bool] -or $value -is [enum] -or $value -is [string] -or $value -is [timespan] -or $value.GetType().IsPrimitive) { return "$value" }
    $value.GetType().Namespace -like 'K2hdkcDbaas*' ? "$value" : ''
}

function Get-ParameterModel($Command, $Parameter, $Instance, [hashtable] $Summaries) {
    $property = $Command.ImplementingType.GetProperty($Parameter.Name)
    $description = if ($property) { Get-Summary $Summaries "P:$($property.DeclaringType.FullName).$($Parameter.Name)" }
    elseif ($Parameter.Name -eq 'WhatIf') { 'Shows what would happen, and changes nothing.' }
    elseif ($Parameter.Name -eq 'Confirm') { 'Asks before anything is changed.' }
    else { "{{ Fill $($Parameter.Name) }}" }
    $accepted = $Parameter.Attributes | Where-Object { $_ -is [ValidateSet] } | ForEach-Object ValidValues
    $core = [Nullable]::GetUnderlyingType($Parameter.ParameterType) ?? $Parameter.ParameterType
    if ($core.IsEnum) { $accepted = [enum]::GetNames($core) }
    [pscustomobject]@{
        Name = $Parameter.Name
        Type = $core.FullName -replace '^System\.Nullable`1.*$', '$0'
        IsSwitch = $Parameter.SwitchParameter
        Description = $description
        Default = $property ? (Get-DefaultValue $Instance $property) : ''
        Globbing = [bool]($Parameter.Attributes | Where-Object { $_ -is [SupportsWildcards] })
        Aliases = @($Parameter.Aliases)
        Accepted = @($accepted)
        Sets = @(foreach ($set in $Parameter.ParameterSets.GetEnumerator() | Sort-Object Key) {
                [pscustomobject]@{
                    Name = $set.Key -eq '__AllParameterSets' ? '(All)' : $set.Key
                    Position = $set.Value.Position -lt 0 ? 'Named' : "$($set.Value.Position)"
                    IsRequired = $set.Value.IsMandatory
                    FromPipeline = $set.Value.ValueFromPipeline
                    FromPropertyName = $set.Value.ValueFromPipelineByPropertyName
                    FromRemaining = $set.Value.ValueFromRemainingArguments
                }
            })
        Page = $null
    }
}

# Cmdlets of the same noun first, then those that the page's own text names.
function Get-Link($Command, [string] $Text, [string[]] $Names) {
    $noun = $Command.Noun
    $same = $Names | Where-Object { $_ -ne $Command.Name -and $_.EndsWith("-$noun") }
    $named = [regex]::Matches($Text, '\b[A-Z][a-z]+-K2h[A-Za-z0-9]+\b').Value | Where-Object { $_ -in $Names -and $_ -ne $Command.Name }
    @($same) + @($named) | Where-Object { $_ } | Select-Object -Unique
}

# A parameter that a back end brings, as the code describes it, for a page that does not know it yet.
function Get-DynamicModel($Command, $Parameter) {
    $attribute = $Parameter.Attributes.Where{ $_ -is [System.Management.Automation.ParameterAttribute] }[0]
    $found = "Type: $($Parameter.ParameterType.FullName)`nDefaultValue: ''`nSupportsWildcards: false`nAliases: []`nParameterSets:`n- Name: (All)`n" +
        "  Position: Named`n  IsRequired: false`n  ValueFromPipeline: false`n" +
        "  ValueFromPipelineByPropertyName: $("$($attribute.ValueFromPipelineByPropertyName)".ToLowerInvariant())`n" +
        "  ValueFromRemainingArguments: false`nDontShow: false`nAcceptedValues: []`nHelpMessage: ''`nIsDynamic: true"
    Read-DynamicParameter @{ Groups = @{ name = @{ Value = $Parameter.Name }; text = @{ Value = $attribute.HelpMessage }; yaml = @{ Value = $found } } }
}

function Get-HelpModel($Command, [hashtable] $Summaries, $Page, [string[]] $Names) {
    $type = $Command.ImplementingType
    $instance = [Activator]::CreateInstance($type)
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters
    $parameters = @($Command.Parameters.Values | Where-Object { $_.Name -notin $common -and -not $_.IsDynamic } |
        ForEach-Object { Get-ParameterModel $Command $_ $instance $Summaries }) + @($Page.Dynamic) | Where-Object { $_ } | Sort-Object Name
    $parameters = @($parameters) + @($Command.Parameters.Values | Where-Object { $_.IsDynamic -and $_.Name -notin $common -and $_.Name -notin $Page.Dynamic.Name } |
        ForEach-Object { Get-DynamicModel $Command $_ }) | Sort-Object Name
    $sets = foreach ($set in $Command.ParameterSets | Sort-Object { -not $_.IsDefault }, Name) {
        [pscustomobject]@{
            Name = $set.Name
            Syntax = "$($Command.Name) $set" -replace ' \[<CommonParameters>\]$', ''
            Members = @($set.Parameters | Where-Object { $_.Name -notin $common -and -not $_.IsDynamic })
        }
    }
    $inputs = $Command.Parameters.Values | Where-Object { $_.Name -notin $common -and ($_.ParameterSets.Values | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }) } |
        ForEach-Object { ([Nullable]::GetUnderlyingType($_.ParameterType) ?? $_.ParameterType).FullName } | Select-Object -Unique | Sort-Object
    $outputs = foreach ($output in $Command.OutputType.Name | Select-Object -Unique) {
        $said = switch ($output) {
            'System.String' { $Command.Verb -eq 'ConvertTo' ? 'The text of a YAML file, with -AsYaml.' : 'The name of each thing that was changed, with -PassThru.' }
            'System.Collections.Specialized.OrderedDictionary' { 'Names and values, those of groups again such.' }
            'System.Boolean' { 'Whether it is so, with -Quiet.' }
            'System.IO.FileInfo' { 'The file that was written, with -PassThru.' }
            'System.IO.DirectoryInfo' { 'The folder that was written, with -PassThru.' }
            'System.Int64' { 'How many items were dropped, with -PassThru.' }
            default { Get-Summary $Summaries "T:$output" }
        }
        [pscustomobject]@{ Type = $output; Description = $Page.Outputs[$output] ?? $said }
    }
    [pscustomobject]@{
        Name = $Command.Name
        Verb = $Command.Verb
        Noun = $Command.Noun
        Synopsis = Get-Summary $Summaries "T:$($type.FullName)"
        Description = $Page.Description
        Notes = $Page.Notes
        Examples = $Page.Examples
        Sets = @($sets)
        Parameters = @($parameters)
        Inputs = @($inputs)
        Outputs = @($outputs)
        Links = @(Get-Link $Command "$($Page.Description) $($Page.Notes) $($Page.Examples)" $Names)
        AllParameters = $Command.Parameters
    }
}
