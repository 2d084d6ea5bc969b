BeforeAll {
    . "$PSScriptRoot/Ring.ps1"
    $configuration = Start-TestRing
    $null = Connect-K2hdkcCluster -ConfigurationPath $configuration
    $null = New-PSDrive -PSProvider K2hdkc -Name ring -Root '' -ConfigurationPath $configuration -Scope Global
    $prefix = [guid]::NewGuid().ToString('N').Substring(0, 8)
    function Fault { param($Records) @($Records)[0].FullyQualifiedErrorId -replace ',.*' }
}

AfterAll {
    Remove-PSDrive ring -Scope Global
    Stop-TestRing
}

Describe 'The drive' {
    It 'writes, reads and lists' {
        Set-Content ring:/$prefix-d root
        $null = New-Item ring:/$prefix-d/$prefix-a -Value one
        Set-Content ring:/$prefix-d/$prefix-b two
        Get-ChildItem ring:/$prefix-d -Name | Should -Be "$prefix-a", "$prefix-b"
        Get-Content ring:/$prefix-d/* | Should -Be one, two
        (Get-ChildItem ring:/$prefix-d | Get-Content) | Should -Be one, two
        (Get-K2hdkcKey "$prefix-b").Value | Should -Be two
    }

    It 'knows what is there' {
        Test-Path ring:/$prefix-d/$prefix-a | Should -BeTrue
        Test-Path ring:/$prefix-a/$prefix-d | Should -BeFalse
        Test-Path ring:/$prefix-none | Should -BeFalse
    }

    It 'appends, renames, copies and removes' {
        Add-Content ring:/$prefix-d/$prefix-a more
        Get-Content ring:/$prefix-d/$prefix-a | Should -Be "one`nmore"
        Rename-Item ring:/$prefix-d/$prefix-a $prefix-renamed
        Copy-Item ring:/$prefix-d/$prefix-renamed ring:/$prefix-copy
        Get-Content ring:/$prefix-copy | Should -Be "one`nmore"
        Remove-Item ring:/$prefix-d -Recurse
        Test-Path ring:/$prefix-renamed | Should -BeFalse
    }

    It 'has a path for every key: <Name>' -ForEach @(
        @{ Name = 'separators and wildcards'; Stored = [byte[]][char[]]"a/b\c:d*[x]?%20`0" }
        @{ Name = 'bytes'; Stored = [byte[]](1, 255, 2) }
        @{ Name = 'dots'; Stored = [byte[]][char[]]"..`0" }
        @{ Name = 'no NUL'; Stored = [byte[]][char[]]'plain' }
        @{ Name = 'two NULs'; Stored = [byte[]](65, 0, 0) }
        @{ Name = 'a tilde'; Stored = [byte[]][char[]]"~ring`0" }
    ) {
        Add-K2hdkcSubkey "$prefix-odd" $Stored found
        $child = @(Get-ChildItem "ring:/$prefix-odd" -Name)
        $child.Count | Should -Be 1
        Get-Content "ring:/$prefix-odd/$child" | Should -Be found
        Remove-Item "ring:/$prefix-odd/$child"
        Get-K2hdkcSubkey "$prefix-odd" | Should -BeNullOrEmpty
    }
}

Describe 'Two drives' {
    BeforeAll {
        $null = New-PSDrive -PSProvider K2hdkc -Name other -Root '' -ConfigurationPath (Start-SandboxRing -Group OTHER) -Scope Global
    }

    AfterAll { Remove-PSDrive other -Scope Global }

    It 'copy from one ring to the other' {
        Set-Content ring:/$prefix-from 'of the first'
        Copy-Item ring:/$prefix-from other:/$prefix-to
        Get-Content other:/$prefix-to | Should -Be 'of the first'
        Test-Path ring:/$prefix-to | Should -BeFalse
    }
}
