# The XML that Get-Help reads (MAML), made from the same model as the pages.

function ConvertTo-Xml([string] $Text) { [System.Security.SecurityElement]::Escape($Text) }

# One paragraph per blank line of the Markdown.
function ConvertTo-Para([string] $Text) {
    ([regex]::Split($Text.Trim(), '\n{2,}') | ForEach-Object { "<maml:para>$(ConvertTo-Xml $_)</maml:para>" }) -join ''
}

function Get-PipelineInput($Set) {
    $ways = @(if ($Set.FromPipeline) { 'ByValue' }; if ($Set.FromPropertyName) { 'ByPropertyName' })
    $ways ? "true ($($ways -join ', '))" : 'false'
}

function ConvertTo-ParameterXml($Parameter, $Set, [string] $Type, [bool] $WithText) {
    $aliases = $Parameter.Aliases ? ($Parameter.Aliases -join ', ') : 'none'
    $default = $Parameter.Default -and -not $Parameter.IsSwitch ? "<dev:defaultValue>$(ConvertTo-Xml $Parameter.Default)</dev:defaultValue>" : ''
    $value = $Parameter.IsSwitch ? '' : "<command:parameterValue required=""true"" variableLength=""$("$($Type.EndsWith('[]'))".ToLowerInvariant())"">$(ConvertTo-Xml $Type)</command:parameterValue>"
    $text = $WithText ? "<maml:description>$(ConvertTo-Para $Parameter.Description)</maml:description>" : '<maml:description />'
    "<command:parameter required=""$("$($Set.IsRequired)".ToLowerInvariant())"" variableLength=""false"" globbing=""$("$($Parameter.Globbing)".ToLowerInvariant())"" " +
    "pipelineInput=""$(Get-PipelineInput $Set)"" position=""$($Set.Position.ToLowerInvariant())"" aliases=""$aliases""><maml:name>$($Parameter.Name)</maml:name>$text$value" +
    "<dev:type><maml:name>$(ConvertTo-Xml $Parameter.Type)</maml:name></dev:type>$default</command:parameter>"
}

function ConvertTo-SyntaxXml($Model, $Set) {
    $members = @($Set.Members | Sort-Object { $_.Position -lt 0 ? [int]::MaxValue : $_.Position } -Stable | ForEach-Object {
            $member = $_
            $parameter = $Model.Parameters | Where-Object Name -EQ $member.Name
            $here = [pscustomobject]@{
                IsRequired = $member.IsMandatory; Position = $member.Position -lt 0 ? 'named' : "$($member.Position)"
                FromPipeline = $member.ValueFromPipeline; FromPropertyName = $member.ValueFromPipelineByPropertyName
            }
            ConvertTo-ParameterXml $parameter $here ($parameter.Type -replace '^.*\.', '') $false
        })
    $dynamic = @($Model.Parameters | Where-Object Page | ForEach-Object { ConvertTo-ParameterXml $_ $_.Sets[0] ($_.Type -replace '^.*\.', '') $false })
    "<command:syntaxItem><maml:name>$($Model.Name)</maml:name>$($members -join '')$($dynamic -join '')</command:syntaxItem>"
}

function ConvertTo-CommandXml($Model) {
    $examples = foreach ($example in $Model.Examples) {
        "<command:example><maml:title>--------- $(ConvertTo-Xml $example.Title) ---------</maml:title><dev:code>$(ConvertTo-Xml $example.Code)</dev:code><dev:remarks>$(ConvertTo-Para $example.Remarks)</dev:remarks></command:example>"
    }
    $links = foreach ($link in $Model.Links) { "<maml:navigationLink><maml:linkText>$link</maml:linkText><maml:uri /></maml:navigationLink>" }
    @(
        "<command:command><command:details><command:name>$($Model.Name)</command:name><maml:description>$(ConvertTo-Para $Model.Synopsis)</maml:description>"
        "<command:verb>$($Model.Verb)</command:verb><command:noun>$($Model.Noun)</command:noun></command:details>"
        "<maml:description>$(ConvertTo-Para $Model.Description)</maml:description>"
        "<command:syntax>$(($Model.Sets | ForEach-Object { ConvertTo-SyntaxXml $Model $_ }) -join '')</command:syntax>"
        "<command:parameters>$(($Model.Parameters | ForEach-Object { ConvertTo-ParameterXml $_ $_.Sets[0] $_.Type $true }) -join '')</command:parameters>"
        "<command:inputTypes>$(($Model.Inputs | ForEach-Object { "<command:inputType><dev:type><maml:name>$(ConvertTo-Xml $_)</maml:name></dev:type><maml:description><maml:para>Bound from the pipeline.</maml:para></maml:description></command:inputType>" }) -join '')</command:inputTypes>"
        "<command:returnValues>$(($Model.Outputs | ForEach-Object { "<command:returnValue><dev:type><maml:name>$(ConvertTo-Xml $_.Type)</maml:name></dev:type><maml:description>$(ConvertTo-Para $_.Description)</maml:description></command:returnValue>" }) -join '')</command:returnValues>"
        "<maml:alertSet><maml:alert>$(ConvertTo-Para $Model.Notes)</maml:alert></maml:alertSet>"
        "<command:examples>$($examples -join '')</command:examples>"
        "<maml:relatedLinks>$($links -join '')</maml:relatedLinks></command:command>"
    ) -join ''
}

function ConvertTo-Maml($Models) {
    $spaces = 'xmlns:maml="http://schemas.microsoft.com/maml/2004/10" xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10" xmlns:dev="http://schemas.microsoft.com/maml/dev/2004/10"'
    $document = [System.Xml.Linq.XDocument]::Parse("<helpItems $spaces schema=""maml"" xmlns=""http://msh"">$(($Models | ForEach-Object { ConvertTo-CommandXml $_ }) -join '')</helpItems>")
    '<?xml version="1.0" encoding="utf-8"?>' + "`n" + $document.ToString().Replace("`r`n", "`n") + "`n"
}
