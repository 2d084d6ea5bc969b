BeforeAll {
    . "$PSScriptRoot/Ring.ps1"
    $configuration = Start-TestRing
    $null = Connect-K2hdkcCluster -ConfigurationPath $configuration
    $prefix = [guid]::NewGuid().ToString('N').Substring(0, 8)
    function Fault { param($Records) @($Records)[0].FullyQualifiedErrorId -replace ',.*' }
}

AfterAll { Stop-TestRing }

Describe 'Connections' {
    It 'are found from a configuration file, and shared' {
        Set-K2hdkcKey "$prefix-c" 1 -ConfigurationPath $configuration
        (Get-K2hdkcKey "$prefix-c").Value | Should -Be 1
    }

    It 'are found from a server alone' {
        (Get-K2hdkcStatus -Server (Get-TestControlPort)).Count | Should -Be 3
    }

    It 'are listed, with the one that commands use' {
        (Get-K2hdkcConnection -Current).Name | Should -Be $configuration
        (Get-K2hdkcConnection).Name | Should -Contain $configuration
        { Get-K2hdkcConnection nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'NotConnectedToCluster,*'
        "$(Get-K2hdkcConnection -Current | Format-Table | Out-String -Width 200)" | Should -Match 'False'
    }

    It 'say when two rings are meant' {
        { Get-K2hdkcKey a -ConfigurationPath $configuration -Server localhost } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'say what the native transport needs' {
        { Get-K2hdkcKey a -Server localhost -Transport Native } | Should -Throw -ErrorId 'InvalidRequest,*' -ExpectedMessage '*configuration file*'
    }

    It 'say what to do when none is meant' {
        $id = Invoke-Child { param($module) Import-Module $module; try { Get-K2hdkcKey a } catch { $_.FullyQualifiedErrorId } } $env:K2HDKCDBAAS_MODULE
        $id | Should -BeLike 'NotConnectedToCluster,*'
    }

    It 'end soon where nobody listens' {
        $time = Measure-Command { try { Get-K2hdkcKey a -Server 127.0.0.1:1 } catch { $script:caught = $_ } }
        $caught.FullyQualifiedErrorId | Should -BeLike 'ControlPortFailed,*'
        $time.TotalSeconds | Should -BeLessThan 10
    }
}

Describe 'Keys' {
    It 'keep <Name>' -ForEach @(
        @{ Name = 'text'; Value = "h\u{e9}llo `$x" }
        @{ Name = 'an empty text'; Value = '' }
        @{ Name = 'numbers as text'; Value = 42 }
    ) {
        Set-K2hdkcKey "$prefix-v" $Value
        (Get-K2hdkcKey "$prefix-v").Value | Should -BeExactly "$Value"
    }

    It 'keep bytes' {
        Set-K2hdkcKey "$prefix-b" ([byte[]](0, 1, 255))
        (Get-K2hdkcKey "$prefix-b").Value | Should -Be 0, 1, 255
        Set-K2hdkcKey "$prefix-b" text
        (Get-K2hdkcKey "$prefix-b" -AsByteStream).Value | Should -Be ([byte[]][char[]]"text`0")
    }

    It 'keep objects' {
        Set-K2hdkcKey "$prefix-j" @{ a = 1; b = @('x', $true) } -AsJson
        $value = (Get-K2hdkcKey "$prefix-j" -AsJson).Value
        $value.a, $value.b[0], $value.b[1] | Should -Be 1, 'x', $true
    }

    It 'keep the types that JSON has' {
        class Point { [int] $X = 1; [string] $Y = 'y' }
        $value = [ordered]@{
            numbers = [byte]7, [int16]-3, [uint32]5, [uint64]::MaxValue, [single]1.5, [bigint]::Pow(2, 80); bytes = [byte[]](1, 2); day = [DayOfWeek]::Friday
            time = [datetime]::new(2026, 1, 2, 3, 4, 5, 678, [DateTimeKind]::Utc); zoned = [DateTimeOffset]::new(2026, 1, 2, 3, 4, 5, [timespan]'2:00'); id = [guid]::Empty
            span = [timespan]'1:02:03'; uri = [uri]'http://a/b'; point = [Point]::new(); nothing = $null
        }
        Set-K2hdkcKey "$prefix-jt" $value -AsJson
        (Get-K2hdkcKey "$prefix-jt").Value | Should -BeExactly (
            '{"numbers":[7,-3,5,18446744073709551615,1.5,1208925819614629174706176],"bytes":[1,2],"day":"Friday",' +
            '"time":"2026-01-02T03:04:05.6780000Z","zoned":"2026-01-02T03:04:05.0000000\u002B02:00","id":"00000000-0000-0000-0000-000000000000",' +
            '"span":"01:02:03","uri":"http://a/b","point":{"X":1,"Y":"y"},"nothing":null}')
    }

    It 'keep times as text with their zone' {
        Set-K2hdkcKey "$prefix-time" ([datetime]::new(2026, 1, 2, 3, 4, 5, 678, [DateTimeKind]::Utc))
        (Get-K2hdkcKey "$prefix-time").Value | Should -BeExactly '2026-01-02T03:04:05.6780000Z'
    }

    It 'refuse objects as text' {
        Set-K2hdkcKey "$prefix-o" @{ a = 1 } -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be UnfitValue
    }

    It 'read others when one is odd: <Odd>' -ForEach @(
        @{ Odd = '{"a":"\ud800"}' }
        @{ Odd = '{"psobject":1}' }
        @{ Odd = 'no JSON' }
    ) {
        Set-K2hdkcKey "$prefix-odd1" 1
        Set-K2hdkcKey "$prefix-odd2" $Odd
        Set-K2hdkcKey "$prefix-odd3" 3
        $found = 1..3 | ForEach-Object { "$prefix-odd$_" } | Get-K2hdkcKey -AsJson -ErrorVariable fault -ErrorAction SilentlyContinue
        $found.Value | Should -Be 1, 3
        Fault $fault | Should -Be UnfitValue
        $fault[0].TargetObject | Should -Be "$prefix-odd2"
    }

    It 'write others when one is odd: <Name>' -ForEach @(
        @{ Name = 'no number'; Odd = [double]::NaN }
        @{ Name = 'an endless object'; Odd = [IO.DirectoryInfo]::new('/') }
    ) {
        $records = foreach ($n in 1..3) { [pscustomobject]@{ Key = "$prefix-nan$n"; Value = if ($n -eq 2) { $Odd } else { $n } } }
        $written = $records | Set-K2hdkcKey -AsJson -PassThru -ErrorVariable fault -ErrorAction SilentlyContinue
        $written.Key | Should -Be "$prefix-nan1", "$prefix-nan3"
        Fault $fault | Should -Be UnfitValue
    }

    It 'go back to the byte: <Name>' -ForEach @(
        @{ Name = 'text'; Stored = [byte[]](97, 98, 0) }
        @{ Name = 'text without a NUL'; Stored = [byte[]](97, 98) }
        @{ Name = 'bytes'; Stored = [byte[]](255, 0, 1, 0) }
        @{ Name = 'nothing'; Stored = [byte[]]@() }
        @{ Name = 'a NUL alone'; Stored = [byte[]](0) }
    ) {
        Set-K2hdkcKey "$prefix-rt" $Stored
        $read = Get-K2hdkcKey "$prefix-rt"
        Remove-K2hdkcKey "$prefix-rt"
        $read | Set-K2hdkcKey
        (Get-K2hdkcKey "$prefix-rt" -AsByteStream).Value | Should -Be $Stored
        $read | Set-K2hdkcKey -PassThru | Set-K2hdkcKey
        (Get-K2hdkcKey "$prefix-rt" -AsByteStream).Value | Should -Be $Stored
    }

    It 'are told apart by a trailing NUL' {
        $with, $without = [byte[]][char[]]"$prefix-two`0", [byte[]][char[]]"$prefix-two"
        Add-K2hdkcSubkey "$prefix-twice" $with 1
        Add-K2hdkcSubkey "$prefix-twice" $without 2
        $names = Get-K2hdkcSubkey "$prefix-twice" | Sort-Object IsBare
        $names.Key | Should -Be "$prefix-two", "$prefix-two"
        $names.IsBare | Should -Be $false, $true
        ($names | Get-K2hdkcKey).Value | Should -Be 1, 2
        $names[1] | Get-K2hdkcKey | Set-K2hdkcKey -Value 3
        ($names | Get-K2hdkcKey).Value | Should -Be 1, 3
        ($names[1] | Get-K2hdkcKeyAttribute).IsBare | Should -BeTrue
        $names[0] | Remove-K2hdkcKey
        $names | Get-K2hdkcKey -ErrorAction SilentlyContinue | ForEach-Object Value | Should -Be 3
    }

    It 'are written from <Name>' -ForEach @(
        @{ Name = 'custom objects'; Record = { [pscustomobject]@{ Key = $args[0]; Value = 'v' } } }
        @{ Name = 'entries of a table'; Record = { @{ $args[0] = 'v' }.GetEnumerator() } }
        @{ Name = 'selected properties'; Record = { Get-K2hdkcKey $args[0] | Select-Object Key, Value } }
        @{ Name = 'what was read'; Record = { Get-K2hdkcKey $args[0] } }
    ) {
        Set-K2hdkcKey "$prefix-from" v
        & $Record "$prefix-from" | Set-K2hdkcKey
        (Get-K2hdkcKey "$prefix-from" -AsByteStream).Value | Should -Be ([byte[]][char[]]"v`0")
    }

    It 'are not emptied by what was never read' {
        Set-K2hdkcKey "$prefix-full" v
        Get-K2hdkcKey "$prefix-full" -OutFile "$TestDrive/full" | Set-K2hdkcKey -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be UnfitValue
        (Get-K2hdkcKey "$prefix-full").Value | Should -Be v
    }

    It 'are missing with an error of their own, and the others come' {
        Set-K2hdkcKey "$prefix-1" one
        $found = "$prefix-no", "$prefix-1" | Get-K2hdkcKey -ErrorVariable fault -ErrorAction SilentlyContinue
        $found.Value | Should -Be one
        Fault $fault | Should -Be KeyNotFound
        $fault[0].TargetObject | Should -Be "$prefix-no"
        $fault[0].CategoryInfo.Category | Should -Be ObjectNotFound
        Get-K2hdkcKey "$prefix-item:*" -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Fault $fault | Should -Be KeyNotFound
        $fault.ErrorDetails.RecommendedAction | Should -Match 'Keys have no wildcards'
    }

    It 'tell an empty value from a missing key' {
        Set-K2hdkcKey "$prefix-e" $null
        $empty = Get-K2hdkcKey "$prefix-e"
        $empty.Size | Should -Be 0
        $empty.Value | Should -BeNullOrEmpty
    }

    It 'are found with and without a trailing NUL' {
        Set-K2hdkcKey "$prefix-bare" x -Bare
        (Get-K2hdkcKey "$prefix-bare").Value | Should -Be x
        (Get-K2hdkcKeyAttribute "$prefix-bare").IsBare | Should -BeTrue
        Get-K2hdkcSubkey "$prefix-bare" | Should -BeNullOrEmpty
        Add-K2hdkcSubkey "$prefix-bare" "$prefix-below" y -Bare
        (Get-K2hdkcSubkey "$prefix-bare").Key | Should -Be "$prefix-below"
        Remove-K2hdkcSubkey "$prefix-bare" "$prefix-below"
        Rename-K2hdkcKey "$prefix-bare" "$prefix-renamed"
        (Get-K2hdkcKey "$prefix-renamed").IsBare | Should -BeFalse
        Set-K2hdkcKey "$prefix-bare" x -Bare
        Remove-K2hdkcKey "$prefix-bare" -Force
        (Remove-K2hdkcKey "$prefix-bare" -PassThru).IsBare | Should -BeTrue
        Remove-K2hdkcKey "$prefix-bare" -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be KeyNotFound
    }

    It 'can be bytes' {
        Set-K2hdkcKey ([byte[]](9, 255, 1)) x
        $found = Get-K2hdkcKey ([byte[]](9, 255, 1))
        $found.Value | Should -Be x
        $found.Key | Should -Be 9, 255, 1
        Remove-K2hdkcKey (, [byte[]](9, 255, 1))
    }

    It 'expire' {
        Set-K2hdkcKey "$prefix-x" soon -ExpiresIn 00:00:01
        (Get-K2hdkcKeyAttribute "$prefix-x").Expires | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddSeconds(-2))
        Start-Sleep -Milliseconds 2300
        Get-K2hdkcKey "$prefix-x" -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Fault $fault | Should -Be KeyNotFound
    }

    It 'make room for others when they have expired' {
        1..3 | ForEach-Object { Set-K2hdkcKey "$prefix-gone$_" soon -ExpiresIn 00:00:01 }
        Set-K2hdkcKey "$prefix-stay" v
        Start-Sleep -Milliseconds 2300
        (New-K2hdkcCounter "$prefix-gone1" 7).Value | Should -Be 7
        Rename-K2hdkcKey "$prefix-stay" "$prefix-gone2"
        (Get-K2hdkcKey "$prefix-gone2").Value | Should -Be v
        Remove-K2hdkcKey "$prefix-gone3"
    }

    It 'are encrypted' {
        $phrase = ConvertTo-SecureString open -AsPlainText -Force
        Set-K2hdkcKey "$prefix-s" hidden -PassPhrase $phrase
        (Get-K2hdkcKey "$prefix-s" -PassPhrase $phrase).Value | Should -Be hidden
        Get-K2hdkcKey "$prefix-s" -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Fault $fault | Should -Be PassPhraseRequired
        (Get-K2hdkcKeyAttribute "$prefix-s").IsEncrypted | Should -BeTrue
    }

    It 'travel from files and to files' {
        $from, $to = "$TestDrive/from.bin", "$TestDrive/to.bin"
        $bytes = [byte[]]::new(3MB + 17)
        [Random]::new(7).NextBytes($bytes)
        [IO.File]::WriteAllBytes($from, $bytes)
        (Set-K2hdkcKey "$prefix-f" -InFile $from -PassThru).Size | Should -Be $bytes.Length
        (Get-K2hdkcKey "$prefix-f" -OutFile $to).File | Should -Be $to
        (Get-FileHash $to).Hash | Should -Be (Get-FileHash $from).Hash
        Get-K2hdkcKey "$prefix-nofile" -OutFile "$TestDrive/none" -ErrorAction SilentlyContinue
        "$TestDrive/none", "$TestDrive/none.partial" | Should -Not -Exist
    }

    It 'have a file each' {
        $folder = (New-Item "$TestDrive/out" -ItemType Directory).FullName
        'a/b', 'c' | ForEach-Object { Set-K2hdkcKey "$prefix-$_" "of $_" }
        $saved = 'a/b', 'c' | ForEach-Object { "$prefix-$_" } | Get-K2hdkcKey -OutFile $folder
        $saved.File | Should -Be "$folder/$prefix-a%2Fb", "$folder/$prefix-c"
        [IO.File]::ReadAllText($saved[0].File) | Should -Be "of a/b`0"
        (Get-ChildItem $folder).Count | Should -Be 2

        $one = "$folder/one"
        'a/b', 'c' | ForEach-Object { "$prefix-$_" } | Get-K2hdkcKey -OutFile $one -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be FileTaken
        [IO.File]::ReadAllText($one) | Should -Be "of a/b`0"
    }

    It 'come from values and files in one pipeline, in order' {
        $file = "$TestDrive/in.bin"
        [IO.File]::WriteAllBytes($file, (1, 2, 3))
        $records = foreach ($n in 1..40) {
            [pscustomobject]@{ Key = "$prefix-mix$($n % 2)"; Value = "v$n" }
            [pscustomobject]@{ Key = "$prefix-mix$($n % 2)"; InFile = $file }
        }
        $last = [pscustomobject]@{ Key = "$prefix-mix0"; Value = 'last' }, [pscustomobject]@{ Key = "$prefix-none" }, [pscustomobject]@{ Key = "$prefix-null"; Value = $null }
        $written = $records + $last | Set-K2hdkcKey -PassThru -ErrorVariable fault -ErrorAction SilentlyContinue
        $written.Key | Should -Be (($records + $last).Key -ne "$prefix-none")
        $written.File | Should -Be (@($null, $file) * 40 + $null, $null)
        Fault $fault | Should -Be UnfitValue
        $fault[0].TargetObject | Should -Be "$prefix-none"
        (Get-K2hdkcKey "$prefix-mix0").Value | Should -Be last
        (Get-K2hdkcKey "$prefix-mix1").Value | Should -Be "`u{1}`u{2}`u{3}"
        (Get-K2hdkcKey "$prefix-null").Size | Should -Be 0
    }

    It 'are removed, once' {
        Set-K2hdkcKey "$prefix-r" 1
        (Remove-K2hdkcKey "$prefix-r" -PassThru).Key | Should -Be "$prefix-r"
        Remove-K2hdkcKey "$prefix-r" -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be KeyNotFound
        Remove-K2hdkcKey "$prefix-r" -Force
    }

    It 'are renamed, and replace others only when told to' {
        Set-K2hdkcKey "$prefix-old" 1
        Set-K2hdkcKey "$prefix-new" 2
        Rename-K2hdkcKey "$prefix-old" "$prefix-new" -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be KeyExists
        Rename-K2hdkcKey "$prefix-old" "$prefix-new" -Force
        (Get-K2hdkcKey "$prefix-new").Value | Should -Be 1
    }

    It 'are left alone by -WhatIf' {
        Set-K2hdkcKey "$prefix-w" before
        Set-K2hdkcKey "$prefix-w" after -WhatIf
        Remove-K2hdkcKey "$prefix-w" -WhatIf
        (Get-K2hdkcKey "$prefix-w").Value | Should -Be before
    }
}

Describe 'Many keys' {
    It 'come out in the order of input, with each failure told' {
        $records = 1..3000 | ForEach-Object { [pscustomobject]@{ Key = "$prefix-m$_"; Value = if ($_ % 1000) { "v$_" } else { @{ no = 1 } } } }
        $written = $records | Set-K2hdkcKey -PassThru -ErrorVariable fault -ErrorAction SilentlyContinue
        $written.Count | Should -Be 2997
        $fault.Count | Should -Be 3
        $written[998].Key, $written[999].Key | Should -Be "$prefix-m999", "$prefix-m1001"
        $read = $written | Get-K2hdkcKey
        ($read.Value -join ',') | Should -BeExactly ($written.Value -join ',')
    }

    It 'keep the order of writes to one key' {
        1..500 | ForEach-Object { [pscustomobject]@{ Key = "$prefix-same"; Value = $_ } } | Set-K2hdkcKey
        (Get-K2hdkcKey "$prefix-same").Value | Should -Be 500
    }

    It 'stop when the pipeline wants no more' {
        $first = 1..2000 | ForEach-Object { "$prefix-m1" } | Get-K2hdkcKey | Select-Object -First 1
        $first.Value | Should -Be v1
        (Get-K2hdkcKey "$prefix-m2").Value | Should -Be v2
    }
}

Describe 'Subkeys' {
    BeforeAll {
        Add-K2hdkcSubkey "$prefix-p" "$prefix-p/a" 1
        Add-K2hdkcSubkey "$prefix-p" "$prefix-p/b" 2
        Add-K2hdkcSubkey "$prefix-p/a" "$prefix-p/a/x" 3
        Add-K2hdkcSubkey "$prefix-p/a/x" "$prefix-p" round
    }

    It 'are listed, each once, though they run in circles' {
        (Get-K2hdkcSubkey "$prefix-p").Key | Should -Be "$prefix-p/a", "$prefix-p/b"
        (Get-K2hdkcSubkey "$prefix-p" '*b').Key | Should -Be "$prefix-p/b"
        (Get-K2hdkcKey "$prefix-p" -Recurse).Depth | Should -Be 0, 1, 2, 1
    }

    It 'pipe into reading' { (Get-K2hdkcSubkey "$prefix-p" | Get-K2hdkcKey).Value | Should -Be 1, 2 }

    It 'are completed' {
        $line = "Remove-K2hdkcSubkey $prefix-p $prefix-p/"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "$prefix-p/a", "$prefix-p/b"
    }

    It 'are removed with their names' {
        Remove-K2hdkcSubkey "$prefix-p" "$prefix-p/b"
        (Get-K2hdkcSubkey "$prefix-p").Key | Should -Be "$prefix-p/a"
        Remove-K2hdkcSubkey "$prefix-p" "$prefix-p/b" -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be SubkeyNotFound
    }
}

Describe 'Queues' {
    It 'give items in order, and nothing in the end' {
        1..4 | Push-K2hdkcQueue "$prefix-q"
        (Pop-K2hdkcQueue "$prefix-q" 2).Value | Should -Be 1, 2
        Clear-K2hdkcQueue "$prefix-q" -PassThru -Confirm:$false | Should -Be 2
        Pop-K2hdkcQueue "$prefix-q" | Should -BeNullOrEmpty
    }

    It 'give the last first when pushed so' {
        1..3 | Push-K2hdkcQueue "$prefix-l" -Order Lifo
        (Pop-K2hdkcQueue "$prefix-l" -All -Order Lifo).Value | Should -Be 3, 2, 1
    }

    It 'carry keys' {
        Push-K2hdkcQueue "$prefix-k" -Key "$prefix-qk" -Value v
        $item = Pop-K2hdkcQueue "$prefix-k" -KeyQueue
        $item.Key, $item.Value | Should -Be "$prefix-qk", 'v'
    }

    It 'take back text without a NUL' {
        'x' | Push-K2hdkcQueue "$prefix-b" -Bare
        Pop-K2hdkcQueue "$prefix-b" | Push-K2hdkcQueue "$prefix-b"
        (Pop-K2hdkcQueue "$prefix-b" -AsByteStream).Value | Should -Be ([byte[]](120))
    }

    It 'take back what they gave' {
        'x' | Push-K2hdkcQueue "$prefix-t"
        Pop-K2hdkcQueue "$prefix-t" | Push-K2hdkcQueue "$prefix-t"
        (Pop-K2hdkcQueue "$prefix-t").Value | Should -Be x
    }
}

Describe 'Queue items that cannot be read' {
    It 'passes over what has expired, says so, and loses nothing behind it' {
        Push-K2hdkcQueue "$prefix-x" short -ExpiresIn 1
        'one', 'two' | Push-K2hdkcQueue "$prefix-x"
        Start-Sleep -Seconds 2.5
        (Pop-K2hdkcQueue "$prefix-x" -WarningVariable warned -WarningAction SilentlyContinue).Value | Should -Be one
        $warned.Count | Should -Be 1
        (Pop-K2hdkcQueue "$prefix-x" -WarningVariable warned).Value | Should -Be two
        $warned | Should -BeNullOrEmpty
        Pop-K2hdkcQueue "$prefix-x" | Should -BeNullOrEmpty
    }

    It 'leaves an encrypted item in the queue until its pass phrase is given' {
        $pass = ConvertTo-SecureString hush -AsPlainText
        Push-K2hdkcQueue "$prefix-y" hidden -PassPhrase $pass
        Pop-K2hdkcQueue "$prefix-y" -All -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Fault $fault | Should -Be QueueItemLocked
        (Pop-K2hdkcQueue "$prefix-y" -PassPhrase $pass).Value | Should -Be hidden
    }

    It 'names the keys of a key queue that are gone' {
        Push-K2hdkcQueue "$prefix-z" -Key "$prefix-zk" -Value v
        Remove-K2hdkcKey "$prefix-zk" -Confirm:$false
        Pop-K2hdkcQueue "$prefix-z" -KeyQueue -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warned" | Should -Match "$prefix-zk"
    }
}

Describe 'Counters' {
    It 'refuses a text, and says what wraps around' {
        Set-K2hdkcKey "$prefix-text" 'value 1'
        Step-K2hdkcCounter "$prefix-text" -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be NotACounter
        Step-K2hdkcCounter "$prefix-text" -By 2 -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be NotACounter
        (Get-K2hdkcKey "$prefix-text").Value | Should -Be 'value 1'
        $null = New-K2hdkcCounter "$prefix-wrap" 0 -Width 8
        Step-K2hdkcCounter "$prefix-wrap" -By -1 -WarningVariable warned -WarningAction SilentlyContinue
        $warned.Count | Should -Be 1
        (Step-K2hdkcCounter "$prefix-wrap" -By 3 -PassThru -WarningVariable warned -WarningAction SilentlyContinue).Value | Should -Be 2
        $warned.Count | Should -Be 1
        Step-K2hdkcCounter "$prefix-wrap" -WarningVariable warned
        $warned | Should -BeNullOrEmpty
    }

    It 'count' {
        (New-K2hdkcCounter "$prefix-n" 5 -Width 16).Width | Should -Be 16
        Step-K2hdkcCounter "$prefix-n"
        (Step-K2hdkcCounter "$prefix-n" -By -2 -PassThru).Value | Should -Be 4
        (Step-K2hdkcCounter "$prefix-n" -By -5 -PassThru).Value | Should -Be 65535
    }

    It 'are found without a trailing NUL, too' {
        (New-K2hdkcCounter "$prefix-bc" 5 -Bare).IsBare | Should -BeTrue
        (Get-K2hdkcCounter "$prefix-bc").Value | Should -Be 5
        (Step-K2hdkcCounter "$prefix-bc" -PassThru).IsBare | Should -BeTrue
        (Get-K2hdkcCounter "$prefix-bc" | Set-K2hdkcCounter -Value 9 -PassThru).Value | Should -Be 9
        (Get-K2hdkcKey "$prefix-bc" -Bare -AsByteStream).Value[0] | Should -Be 9
    }

    It 'are made once' {
        New-K2hdkcCounter "$prefix-n" -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be KeyExists
    }

    It 'are compared and set' {
        (Set-K2hdkcCounter "$prefix-n" 9 -Expected 65535 -PassThru).Value | Should -Be 9
        Set-K2hdkcCounter "$prefix-n" 1 -Expected 7 -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be CounterChanged
        Set-K2hdkcCounter "$prefix-n" 70000 -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be UnfitValue
        (Get-K2hdkcCounter "$prefix-n").Value | Should -Be 9
    }
}

Describe 'Control' {
    It 'asks every node' {
        $nodes = Get-K2hdkcNodeStatus
        $nodes.Count | Should -Be 3
        $nodes.IsUp | Should -Be $true, $true, $true
        $nodes.Service | Should -Be 'ServiceIn', 'ServiceIn', 'ServiceIn'
    }

    It 'takes a node out of service and in again, and no key is lost' {
        1..200 | ForEach-Object { [pscustomobject]@{ Key = "$prefix-z$_"; Value = $_ } } | Set-K2hdkcKey
        $node = (Get-K2hdkcNodeStatus)[2].ControlAddress
        (Disable-K2hdkcNode -Node $node -Wait -Timeout 60 -PassThru -Confirm:$false).Service | Should -Be ServiceOut
        (1..200 | ForEach-Object { "$prefix-z$_" } | Get-K2hdkcKey).Count | Should -Be 200
        (Enable-K2hdkcNode -Node $node -Wait -Timeout 60 -PassThru).Service | Should -Be ServiceIn
        (1..200 | ForEach-Object { "$prefix-z$_" } | Get-K2hdkcKey).Count | Should -Be 200
    }

    It 'shows where keys are, and puts them in place' {
        (Get-K2hdkcNodeStatus).Service | Should -Be 'ServiceIn', 'ServiceIn', 'ServiceIn'
        $found = Sync-K2hdkcRing -PassThru
        $found.Hidden | Should -Be 0
        $found = Test-K2hdkcRing
        $found.Keys | Should -BeGreaterOrEqual 200
        $found.Hidden, $found.CopiesMissing, $found.Strays | Should -Be 0, 0, 0
        $one = "$prefix-z1" | Test-K2hdkcRing -Detailed
        $one.Placement | Should -Be Ok
        $one.Holders.Count | Should -Be $one.Has.Count
    }

    It 'tells before a change what the plain way would hide' {
        $node = (Get-K2hdkcNodeStatus)[2].ControlAddress
        $said = Get-Said { Disable-K2hdkcNode -Node $node -WhatIf }
        $said | Should -Match ([regex]::Escape('What if: ') + '.*(SERVICEOUT)')
        $said | Should -Match '33 %'
        Get-Said { Disable-K2hdkcNode -Node $node -Force -WhatIf } | Should -Match '33 %'
        (Get-K2hdkcNodeStatus)[2].Service | Should -Be ServiceIn
    }

    It 'suspends, resumes and waits' {
        Suspend-K2hdkcMerge
        Resume-K2hdkcMerge
        (Wait-K2hdkcMerge -Timeout 30 -PassThru).Merge | Should -Be 'None', 'None', 'None'
    }

    It 'names the nodes when one is not there' {
        Disable-K2hdkcNode -Node nosuch -Confirm:$false -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be NodeNotFound
    }
}

Describe 'Values from the pipeline' {
    It 'are stored under the key that is given' {
        'text' | Set-K2hdkcKey "$prefix-p1"
        (Get-K2hdkcKey "$prefix-p1").Value | Should -BeExactly text
        'one', 'two' | Set-K2hdkcKey "$prefix-p2"
        (Get-K2hdkcKey "$prefix-p2").Value | Should -BeExactly "one`ntwo"
        [byte[]](1, 0, 2) | Set-K2hdkcKey "$prefix-p3"
        (Get-K2hdkcKey "$prefix-p3").Value | Should -Be 1, 0, 2
        1, 2 | Set-K2hdkcKey "$prefix-p4" -AsJson
        (Get-K2hdkcKey "$prefix-p4").Value | Should -BeExactly '[1,2]'
    }

    It 'come from a file as its lines' {
        $file = Join-Path TestDrive: lines.txt
        Set-Content $file 'a', 'b'
        Get-Content $file | Set-K2hdkcKey "$prefix-p5"
        (Get-K2hdkcKey "$prefix-p5").Value | Should -BeExactly "a`nb"
    }

    It 'go to several keys' {
        Set-K2hdkcKey "$prefix-m1", "$prefix-m2" v
        (Get-K2hdkcKey "$prefix-m1", "$prefix-m2").Value | Should -Be v, v
    }

    It 'are copied from one key to another' {
        Set-K2hdkcKey "$prefix-c1" v
        Get-K2hdkcKey "$prefix-c1" | Set-K2hdkcKey "$prefix-c2"
        (Get-K2hdkcKey "$prefix-c2").Value | Should -Be v
    }

    It 'keep their bytes through <Form>' -ForEach @(
        @{ Form = 'CSV'; Through = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Form = 'JSON'; Through = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ Form = 'CliXml'; Through = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(@($input), 2)) } }
    ) {
        Set-K2hdkcKey "$prefix-b1" ([byte[]](0, 255, 1))
        Set-K2hdkcKey "$prefix-b2" bare -Bare
        $kept = Get-K2hdkcKey "$prefix-b1" | & $Through
        $bare = Get-K2hdkcKey "$prefix-b2" -Bare | & $Through
        Remove-K2hdkcKey "$prefix-b1", "$prefix-b2"
        $kept | Set-K2hdkcKey
        (Get-K2hdkcKey "$prefix-b1" -AsByteStream).Value | Should -Be 0, 255, 1
        $bare | Set-K2hdkcKey
        (Get-K2hdkcKey "$prefix-b2" -AsByteStream -Bare).Value | Should -Be ([byte[]][char[]]'bare')
    }
}

Describe 'A key with subkeys' {
    It 'is not removed without a word about them' {
        Add-K2hdkcSubkey "$prefix-o" "$prefix-o1" 1
        Remove-K2hdkcKey "$prefix-o" -ErrorVariable fault -ErrorAction SilentlyContinue
        Fault $fault | Should -Be KeyHasSubkeys
        (Get-K2hdkcSubkey "$prefix-o").Key | Should -Be "$prefix-o1"
        Remove-K2hdkcKey "$prefix-o" -Recurse
        { Get-K2hdkcKey "$prefix-o1" } | Should -Throw -ErrorId 'KeyNotFound,*'
    }
}

Describe 'A ring that is gone' {
    It 'is waited for once, whatever the number of records' {
        $gone = Start-SandboxRing -Group GONE
        Set-K2hdkcKey a b -ConfigurationPath $gone
        Stop-SandboxRing $gone
        $time = Measure-Command { 1..2000 | ForEach-Object { [pscustomobject]@{ Key = "k$_"; Value = $_ } } | Set-K2hdkcKey -ConfigurationPath $gone -ErrorVariable fault -ErrorAction SilentlyContinue }
        $fault.FullyQualifiedErrorId -replace ',.*' | Should -Be RingUnavailable, RingUnavailable
        $fault[1].TargetObject | Should -Be 1999
        $time.TotalSeconds | Should -BeLessThan 45
        "$($fault[0])" | Should -Not -Match 'Last: .*Last: '
    }
}
