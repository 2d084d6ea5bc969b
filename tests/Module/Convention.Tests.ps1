# What every cmdlet and object keeps to, asked of the module as PowerShell has it.
BeforeDiscovery {
    Import-Module ($env:K2HDKCDBAAS_MODULE ?? "$PSScriptRoot/../../K2hdkcDbaas.psd1")
    $cmdlets = (Get-Command -Module K2hdkcDbaas -CommandType Cmdlet).ForEach{
        @{ Name = $_.Name; Verb = $_.Verb; Noun = $_.Noun; Changes = $_.Verb -notin 'Get', 'Connect', 'Wait', 'Test', 'Expand', 'Select', 'ConvertTo' -or $_.Parameters.ContainsKey('Repair') }
    }
    # Verbs after which something is gone that no other cmdlet brings back. A sandbox holds nothing of worth; keys are removed by the thousand.
    $destroying = $cmdlets.Where{ $_.Verb -in 'Remove', 'Clear' -and $_.Noun -notin 'K2hdkcKey', 'K2hdkcSubkey' }
    $silent = $cmdlets.Where{ $_.Verb -in 'Remove', 'Stop', 'Clear', 'Disconnect' }
    $inSession = $cmdlets.Where{ $_.Noun -notin 'K2hdkcSandbox', 'K2hdkcSession', 'K2hdkcKubernetesRole' -and $_.Verb -ne 'Connect' }
}

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

Describe 'A cmdlet' {
    BeforeAll { $approved = (Get-Verb).Verb }

    It '<Name> has an approved verb and a singular noun with the prefix' -ForEach $cmdlets {
        $Verb | Should -BeIn $approved
        $Noun | Should -MatchExactly '^(K2hdkc|K2hr3)[A-Z][A-Za-z]+$'
        # A chart's values are what Helm calls them.
        $Noun -match '(?<!s|Dbaa|Statu|Acces|HelmValue)s$' | Should -BeFalse
    }

    It '<Name> is a class of that name, which error ids show, four of ours deep at most' -ForEach $cmdlets {
        $type = (Get-Command $Name).ImplementingType
        $type.FullName | Should -BeExactly "K2hdkcDbaas.Commands.$Verb${Noun}Command"
        $type.IsSealed | Should -BeTrue
        $ladder = for (; $type.Namespace -like 'K2hdkcDbaas*'; $type = $type.BaseType) { $type.Name }
        $ladder.Count | Should -BeLessOrEqual 4
        @($ladder | Select-Object -Skip 1).Where{ $_ -cnotlike '*Cmdlet' } | Should -BeNullOrEmpty
    }

    It '<Name> asks before it changes anything, and only then: <Changes>' -ForEach $cmdlets {
        (Get-Command $Name).Parameters.ContainsKey('WhatIf') | Should -Be $Changes
    }

    It '<Name> says what it puts out' -ForEach $cmdlets { (Get-Command $Name).OutputType | Should -Not -BeNullOrEmpty }

    It '<Name> has parameters in Pascal case and singular, and no secret in plain text' -ForEach $cmdlets {
        $own = (Get-Command $Name).Parameters.Values.Where{ $_.Name -notin [Management.Automation.PSCmdlet]::CommonParameters -and $_.Name -notin 'WhatIf', 'Confirm' }
        $own.Name.Where{ $_ -cnotmatch '^[A-Z][A-Za-z0-9]*$' -or $_ -match '(?<!s|Statu|Alia|Clas|Addres|Acces|Pas|HelmValue)s$' } | Should -BeNullOrEmpty
        $own.Where{ $_.Name -match 'Password|Secret|PassPhrase|^Token$|K2hr3Token$' -and $_.ParameterType -eq [string] }.Name | Should -BeNullOrEmpty
    }

    It '<Name> asks for confirmation' -ForEach $destroying {
        (Get-Attribute (Get-Command $Name).ImplementingType CmdletAttribute).ConfirmImpact | Should -Be High
    }

    It '<Name>, which puts nothing out, can pass through' -ForEach $silent { (Get-Command $Name).Parameters.Keys | Should -Contain PassThru }

    It '<Name> takes a session' -ForEach $inSession { (Get-Command $Name).Parameters.Keys | Should -Contain Session }

    It '<Name> has help of every part' -ForEach $cmdlets {
        $help = Get-Help $Name -Full
        $help.Synopsis.Length | Should -BeGreaterThan 10
        (-join $help.description.Text).Length | Should -BeGreaterThan 10
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        $described = @{}
        foreach ($parameter in $help.parameters.parameter) { $described[$parameter.name] = -join $parameter.description.Text }
        $own = (Get-Command $Name).Parameters.Keys.Where{ $_ -notin [Management.Automation.PSCmdlet]::CommonParameters -and $_ -notin 'WhatIf', 'Confirm' }
        $own.Where{ $described[$_].Length -le 10 } | Should -BeNullOrEmpty
    }
}

Describe 'The manifest' {
    It 'exports what is compiled, and nothing else' {
        $manifest = Import-PowerShellDataFile $env:K2HDKCDBAAS_MODULE
        $types = [K2hdkcDbaas.Base.DbaasCmdlet].Assembly.GetExportedTypes().Where{ Get-Attribute $_ CmdletAttribute }
        $compiled = $types.ForEach{ $cmdlet = Get-Attribute $_ CmdletAttribute; "$($cmdlet.VerbName)-$($cmdlet.NounName)" }
        $commands.Name | Sort-Object | Should -Be ($compiled | Sort-Object)
        $manifest.CmdletsToExport | Sort-Object | Should -Be ($compiled | Sort-Object)
        $aliases = $types.ForEach{ (Get-Attribute $_ AliasAttribute).AliasNames }.Where{ $_ } | Sort-Object
        (Get-Command -Module K2hdkcDbaas -CommandType Alias).Name | Sort-Object | Should -Be $aliases
        Get-Command -Module K2hdkcDbaas -CommandType Function | Should -BeNullOrEmpty
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
