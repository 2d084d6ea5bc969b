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

    It 'takes an expired key for gone' {
        Set-K2hdkcKey "$prefix-gone" soon -ExpiresIn 00:00:01
        Start-Sleep -Milliseconds 2300
        Test-Path ring:/$prefix-gone | Should -BeFalse
        (New-Item ring:/$prefix-gone -Value new).Value | Should -Be new
    }

    It 'makes no new key of one that is listed elsewhere' {
        Set-K2hdkcKey "$prefix-taken" mine
        New-Item ring:/$prefix-d/$prefix-taken -Value other -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be KeyExists
        (Get-K2hdkcKey "$prefix-taken").Value | Should -Be mine
    }

    It 'outlives the connection that it was made with' {
        Set-Content ring:/$prefix-again before
        $null = Connect-K2hdkcCluster -ConfigurationPath $configuration
        Get-Content ring:/$prefix-again | Should -Be before
        Disconnect-K2hdkcCluster
        { Get-Content ring:/$prefix-again } | Should -Throw '*was closed*'
        $null = Connect-K2hdkcCluster -ConfigurationPath $configuration
        Get-Content ring:/$prefix-again | Should -Be before
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

Describe 'Adding content' {
    It 'leaves an encrypted value alone' {
        $phrase = ConvertTo-SecureString open -AsPlainText -Force
        Set-K2hdkcKey "$prefix-s" hidden -PassPhrase $phrase
        Add-Content ring:/$prefix-s more -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be PassPhraseRequired
        (Get-K2hdkcKey "$prefix-s" -PassPhrase $phrase).Value | Should -Be hidden
    }

    It 'adds <What>' -ForEach @(
        @{ What = 'text to text'; Before = [byte[]](97, 0); Added = 'b'; After = 97, 10, 98, 0 }
        @{ What = 'text to text without a NUL'; Before = [byte[]](97); Added = 'b'; After = 97, 10, 98 }
        @{ What = 'text to bytes'; Before = [byte[]](255, 254); Added = 'b'; After = 255, 254, 98 }
        @{ What = 'bytes to bytes'; Before = [byte[]](255, 254); Added = [byte[]](1, 2); After = 255, 254, 1, 2 }
        @{ What = 'text to nothing'; Before = $null; Added = 'b'; After = 98, 0 }
    ) {
        Set-K2hdkcKey "$prefix-add" $Before
        Add-Content ring:/$prefix-add $Added
        (Get-K2hdkcKey "$prefix-add" -AsByteStream).Value | Should -Be $After
    }

    It 'keeps the expiry' {
        Set-K2hdkcKey "$prefix-x" v -ExpiresIn 1:0:0
        Add-Content ring:/$prefix-x more
        (Get-K2hdkcKeyAttribute "$prefix-x").Expires | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddMinutes(59))
    }
}

Describe 'Setting content' {
    It 'writes once, and nobody reads an empty value meanwhile' {
        Set-K2hdkcKey "$prefix-once" before
        & { 'first'; (Get-K2hdkcKey "$prefix-once").Value } | Set-Content ring:/$prefix-once
        Get-Content ring:/$prefix-once | Should -Be "first`nbefore"
    }

    It 'empties a key when nothing is given' {
        Set-K2hdkcKey "$prefix-empty" before
        Set-Content ring:/$prefix-empty -Value @()
        (Get-K2hdkcKey "$prefix-empty").Size | Should -Be 0
    }

    It 'changes nothing with -WhatIf' {
        Set-K2hdkcKey "$prefix-what" before
        Set-Content ring:/$prefix-what after -WhatIf
        Add-Content ring:/$prefix-what after -WhatIf
        Clear-Content ring:/$prefix-what -WhatIf
        Get-Content ring:/$prefix-what | Should -Be before
    }

    It 'takes numbers for bytes when told to, and gives one object with -Raw' {
        Set-Content ring:/$prefix-raw 1, 255 -AsByteStream
        (Get-K2hdkcKey "$prefix-raw").Value | Should -Be 1, 255
        { Set-Content ring:/$prefix-raw 1, 256 -AsByteStream } | Should -Throw
        (Get-K2hdkcKey "$prefix-raw").Value | Should -Be 1, 255
        Set-Content ring:/$prefix-raw one, two
        Get-Content ring:/$prefix-raw -Raw | Should -Be "one`ntwo"
    }

    It 'clears' {
        Set-K2hdkcKey "$prefix-clear" before
        Clear-Content ring:/$prefix-clear
        (Get-K2hdkcKey "$prefix-clear").Size | Should -Be 0
    }
}

Describe 'Copies' {
    It 'keep the expiry' {
        Set-K2hdkcKey "$prefix-e1" v -ExpiresIn 1:0:0
        Copy-Item ring:/$prefix-e1 ring:/$prefix-e2
        (Get-K2hdkcKeyAttribute "$prefix-e2").Expires | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddMinutes(59))
    }

    It 'share no subkeys' {
        Add-K2hdkcSubkey "$prefix-tree" "$prefix-tree/leaf" green
        Copy-Item ring:/$prefix-tree ring:/$prefix-tree2 -Recurse -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be SubkeysNotCopied
        Test-Path ring:/$prefix-tree2 | Should -BeFalse
        Copy-Item "ring:/$prefix-tree/$prefix-tree%2Fleaf" ring:/$prefix-leaf2 -Recurse
        Get-Content ring:/$prefix-leaf2 | Should -Be green
    }

    It 'are not made of a key below another under its own name' {
        Add-K2hdkcSubkey "$prefix-box" "$prefix-box/x" 1
        Set-K2hdkcKey "$prefix-own" v
        Copy-Item ring:/$prefix-own ring:/$prefix-box -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be CopyOntoItself
        (Get-K2hdkcSubkey "$prefix-box").Key | Should -Be "$prefix-box/x"
    }
}

Describe 'Two drives' {
    BeforeAll {
        $otherConfiguration = Start-SandboxRing -Group OTHER
        $null = New-PSDrive -PSProvider K2hdkc -Name other -Root '' -ConfigurationPath $otherConfiguration -Scope Global
    }

    AfterAll { Remove-PSDrive other -Scope Global }

    It 'copy from one ring to the other' {
        Set-Content ring:/$prefix-from 'of the first'
        Copy-Item ring:/$prefix-from other:/$prefix-to
        Get-Content other:/$prefix-to | Should -Be 'of the first'
        Test-Path ring:/$prefix-to | Should -BeFalse
    }

    It 'does not wait for a ring that is gone to list names' {
        Stop-SandboxRing $otherConfiguration
        foreach ($attempt in 1..40) {
            if ((Get-PSDrive other).Connection.State -eq 'Disconnected') { break }
            Start-Sleep -Milliseconds 250
        }
        { Get-ChildItem other:/$prefix-to -Name } | Should -Throw '*at the moment*'
    }
}

Describe 'Drives of one name' {
    BeforeAll {
        $innerConfiguration = Start-SandboxRing -Group INNER
        # A function as a user writes it: its drive is gone when it ends.
        function Invoke-Inner {
            param([scriptblock] $Script)
            $null = New-PSDrive -PSProvider K2hdkc -Name ring -Root '' -ConfigurationPath $innerConfiguration
            . $Script
        }
        function Inner([string] $Key) { (Get-K2hdkcKey $Key -ConfigurationPath $innerConfiguration -ErrorAction Ignore).Value }
        function Outer([string] $Key) { (Get-K2hdkcKey $Key -ConfigurationPath $configuration -ErrorAction Ignore).Value }
    }

    It 'are the drive of their scope for <Name>' -ForEach @(
        @{ Name = 'Set-Content'; Script = { Set-Content ring:/$key inner } }
        @{ Name = 'New-Item'; Script = { $null = New-Item ring:/$key -Value inner } }
        @{ Name = 'Set-Item'; Script = { Set-Item ring:/$key inner } }
        @{ Name = 'Add-Content'; Script = { Add-Content ring:/$key inner } }
        @{ Name = 'Set-Location'; Script = { Push-Location ring:/; try { Set-Content $key inner } finally { Pop-Location } } }
        @{ Name = 'a path from the pipeline'; Script = { Set-Content ring:/$key before; Get-Item ring:/$key | Set-Content -Value inner } }
    ) {
        $key = "$prefix-s-$($Name -replace '\W')"
        Invoke-Inner $Script
        Inner $key | Should -Be inner
        Outer $key | Should -BeNullOrEmpty
        Set-Content ring:/$key outer
        Outer $key | Should -Be outer
        Inner $key | Should -Be inner
    }

    It 'read, list and remove in the ring of their scope' {
        Set-K2hdkcKey "$prefix-both" outer -ConfigurationPath $configuration
        Set-K2hdkcKey "$prefix-both" inner -ConfigurationPath $innerConfiguration
        Add-K2hdkcSubkey "$prefix-both" "$prefix-child" 1 -ConfigurationPath $innerConfiguration
        Invoke-Inner { Get-Content ring:/$prefix-both; (Get-Item ring:/$prefix-both).Value; (Get-ChildItem ring:/$prefix-both/*).Key; Test-Path ring:/$prefix-both/$prefix-child } |
            Should -Be inner, inner, "$prefix-child", $true
        Get-Content ring:/$prefix-both | Should -Be outer
        Test-Path ring:/$prefix-both/$prefix-child | Should -BeFalse
        Invoke-Inner { Remove-Item ring:/$prefix-both -Recurse }
        Inner "$prefix-both" | Should -BeNullOrEmpty
        Outer "$prefix-both" | Should -Be outer
    }

    It 'work in a script without a drive outside' {
        $found = Invoke-Child {
            param($module, $file)
            Import-Module $module
            function f { $null = New-PSDrive -PSProvider K2hdkc -Name own -Root '' -ConfigurationPath $file; Set-Content own:/k v; Get-Content own:/k }
            f
        } $env:K2HDKCDBAAS_MODULE, $innerConfiguration
        $found | Should -Be v
    }
}

Describe 'A drive whose ring is silent' {
    BeforeAll {
        $mute = Start-SandboxRing -Group MUTE
        $null = New-PSDrive -PSProvider K2hdkc -Name mute -Root '' -ConfigurationPath $mute -Scope Global
        Set-Content mute:/k v
        $process = $script:rings.Where{ $_.File -eq $mute }.Process
        $null = & kill -STOP $process.Id
    }

    AfterAll {
        $null = & kill -CONT $process.Id
        Remove-PSDrive mute -Scope Global
    }

    It 'does not keep a prompt waiting' {
        foreach ($line in 'Get-Item mute:/k/', 'Get-Content mute:/k/x') {
            (Measure-Command { $null = TabExpansion2 $line $line.Length }).TotalSeconds | Should -BeLessThan 5
        }
        
    }

    It 'lets go of a stopped command' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript({ param($module, $file) Import-Module $module; $null = New-PSDrive -PSProvider K2hdkc -Name own -Root k -ConfigurationPath $file -ErrorAction SilentlyContinue; Get-ChildItem own:/ }).AddArgument($env:K2HDKCDBAAS_MODULE).AddArgument($mute)
        $running = $shell.BeginInvoke()
        Start-Sleep -Milliseconds 1500
        (Measure-Command { $shell.Stop() }).TotalSeconds | Should -BeLessThan 5
        $null = $running
        $shell.Dispose()
    }
}
