# What every cmdlet and object keeps to, asked of the module as PowerShell has it.
BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    Import-Module $env:K2HDKCDBAAS_MODULE
    $commands = Get-Command -Module K2hdkcDbaas -CommandType Cmdlet

    function Get-Attribute($Member, [string] $Name) { $Member.GetCustomAttributes($true).Where{ $_.GetType().Name -eq $Name } }

    # The types that cmdlets put out, and those of their properties.
    function Get-OutputType {
        $seen = [Collections.Generic.HashSet[type]]::new()
        $left = [Collections.Generic.Stack[type]]::new([type[]]@($commands.OutputType.Type))
        while ($left.Count) {
            $type = $left.Pop()
            foreach ($part in @($type.GetGenericArguments()) + $type.GetElementType()) { if ($part) { $left.Push($part) } }
            if ($type.Namespace -notlike 'K2hdkcDbaas*' -or $type.IsEnum -or -not $seen.Add($type)) { continue }
            foreach ($property in $type.GetProperties()) { $left.Push($property.PropertyType) }
        }
        $seen
    }
}

Describe 'Durations' {
    It 'are all written in the same way' {
        $wrong = foreach ($command in $commands) {
            foreach ($property in $command.ImplementingType.GetProperties()) {
                if (-not (Get-Attribute $property ParameterAttribute)) { continue }
                $type = [Nullable]::GetUnderlyingType($property.PropertyType) ?? $property.PropertyType
                if ($type -ne [timespan] -and $property.Name -notmatch 'Timeout|Lifetime|ExpiresIn|OlderThan|BuildTime|Interval|Period') { continue }
                if ($type -ne [timespan] -or -not (Get-Attribute $property DurationAttribute)) { "$command -$($property.Name)" }
            }
        }
        $wrong | Should -BeNullOrEmpty
    }

    It 'say their unit and their default in the help' {
        $wrong = foreach ($command in $commands) {
            foreach ($property in $command.ImplementingType.GetProperties().Where{ Get-Attribute $_ DurationAttribute }) {
                $text = (Get-Help $command.Name -Parameter $property.Name).description.Text -join ' '
                if ($text -notmatch 'seconds.*when not given|seconds.*not given') { "$command -$($property.Name): $text" }
            }
        }
        $wrong | Should -BeNullOrEmpty
    }
}

Describe 'Objects' {
    It 'have no property that arrays or PSObject have' {
        $taken = @([object[]].GetMembers().Name) + 'Count', 'ForEach', 'Where' + @([psobject].GetProperties().Name) +
            'psbase', 'psadapted', 'psextended', 'psobject', 'pstypenames' | Where-Object { $_ -notmatch '^[gs]et_|\.ctor' }
        $types = Get-OutputType
        $types.Count | Should -BeGreaterThan 25
        $wrong = foreach ($type in $types) { $type.GetProperties().Where{ $_.Name -in $taken }.ForEach{ "$($type.Name).$($_.Name)" } }
        $wrong | Should -BeNullOrEmpty
    }

    It 'say in lists and files what they are' {
        $wrong = foreach ($type in Get-OutputType) {
            if ($type.Namespace -notmatch '^K2hdkcDbaas\.(Model|Sessions|Core\.Model|Core\.Flows)$') { continue }
            $method = $type.GetMethod('ToString', [type[]]@())
            if ($method.DeclaringType -ne $type -or (Get-Attribute $method CompilerGeneratedAttribute)) { $type.Name }
        }
        $wrong | Should -BeNullOrEmpty
    }
}
