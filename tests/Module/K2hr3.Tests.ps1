BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $null = Start-TestCloud
}

AfterAll { Stop-TestCloud }

Describe 'The K2HR3 family' {
    It 'makes, shows, changes and removes resources' {
        $made = New-K2hr3Resource app 'hello' -Key @{ port = 8080; mode = 'test' }
        $made.Text | Should -Be hello
        $made.Keys['port'] | Should -Be 8080
        New-K2hr3Resource app 'other' -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -Be 'K2hr3ResourceExists,K2hdkcDbaas.Commands.NewK2hr3ResourceCommand'
        (Get-K2hr3Resource app).Text | Should -Be hello
        (New-K2hr3Resource app 'other' -Force).Text | Should -Be other
        (Get-K2hr3Resource a*).Name | Should -Be app
        Get-K2hr3Resource app | Remove-K2hr3Resource -Confirm:$false -PassThru | Should -Be app
        Get-K2hr3Resource app -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'reads the rest when one name only groups others, and says so of that name' {
        $null = New-K2hr3Resource "lone/child" 'text'
        $null = New-K2hr3Resource "lonely" 'text'
        (Get-K2hr3Resource lon*).Name | Should -Contain lonely
        (Get-K2hr3Resource lon*).Name | Should -Contain lone/child
        Get-K2hr3Resource lone, lonely -ErrorVariable fault -ErrorAction SilentlyContinue | Should -HaveCount 1
        "$fault" | Should -Match "'lone' only groups"
        Remove-K2hr3Resource lone -Confirm:$false -ErrorVariable fault -ErrorAction SilentlyContinue
        "$fault" | Should -Match "'lone' only groups"
        Remove-K2hr3Resource lone/child, lonely -Confirm:$false
    }

    It 'gives a child what its parent has, expanded' {
        $null = New-K2hr3Resource parent 'text of the parent' -Key @{ one = 1 }
        $null = New-K2hr3Resource parent/child 'and of the child' -Key @{ two = 2 }
        $child = Get-K2hr3Resource parent/child -Expand
        $child.Text | Should -Match 'text of the parent'
        $child.Keys.Keys | Sort-Object | Should -Be one, two
        Remove-K2hr3Resource parent/child, parent -Confirm:$false
    }

    It 'makes policies and roles, with hosts and tokens' {
        $null = New-K2hr3Resource data 'x'
        (New-K2hr3Policy readers -Resource data).Resources | Should -Be 'yrn:yahoo:::demo:resource:data'
        (New-K2hr3Role watchers -Policy readers).Policies | Should -Be 'yrn:yahoo:::demo:policy:readers'
        $null = Add-K2hr3RoleHost watchers 192.0.2.7 -Cuk rack7 -Tag rack7.example
        (Get-K2hr3RoleHost watchers rack7*).HostName | Should -Be 192.0.2.7
        $token = New-K2hr3RoleToken watchers -Lifetime 01:00:00
        $token.Token | Should -BeOfType securestring
        $plain = (Get-K2hr3RoleToken watchers -AsPlainText).Token
        $plain | Should -Be ([System.Net.NetworkCredential]::new('', $token.Token).Password)
        $token | Format-List * | Out-String | Should -Not -Match $plain
        (Get-K2hr3UserData watchers -AsPlainText).Value | Should -Match '^#include\nhttp'
        (Get-K2hr3UserData watchers).Value | Should -BeOfType securestring
        $token | Remove-K2hr3RoleToken -Confirm:$false
        Get-K2hr3RoleToken watchers | Should -BeNullOrEmpty
        Get-K2hr3RoleHost watchers | Remove-K2hr3RoleHost -Confirm:$false -PassThru | Should -HaveCount 1
        Get-K2hr3Role watchers | Remove-K2hr3Role -Confirm:$false
        Get-K2hr3Policy readers | Remove-K2hr3Policy -Confirm:$false
        Remove-K2hr3Resource data -Confirm:$false
    }

    It 'makes services and shows tenants' {
        (New-K2hr3Service lent 'https://verify.example/k2hr3').Verify | Should -Be 'https://verify.example/k2hr3'
        (Get-K2hr3Service l*).Name | Should -Be lent
        Remove-K2hr3Service lent -Confirm:$false
        (Get-K2hr3Tenant).Name | Should -Be demo
    }

    It 'makes no role of a host added to one that is not there' {
        Add-K2hr3RoleHost nosuch 192.0.2.9 -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -Be 'K2hr3RoleNotFound,K2hdkcDbaas.Commands.AddK2hr3RoleHostCommand'
        Get-K2hr3Role nosuch* | Should -BeNullOrEmpty
    }

    It 'makes no changing request with -WhatIf: <_>' -ForEach @(
        'New-K2hr3Resource w x'
        'New-K2hr3Policy w -Resource w'
        'New-K2hr3Role w'
        'Add-K2hr3RoleHost w 192.0.2.1'
        'New-K2hr3RoleToken w'
        'New-K2hr3Service w https://verify.example'
        'Remove-K2hr3Resource w'
        'Remove-K2hr3Policy w'
        'Remove-K2hr3Role w'
        'Remove-K2hr3RoleHost w 192.0.2.1'
        'Remove-K2hr3Service w'
    ) {
        Clear-TestCall
        & ([scriptblock]::Create("$_ -WhatIf")) | Should -BeNullOrEmpty
        Get-TestChange | Should -BeNullOrEmpty
    }

    It 'completes names' {
        $null = New-K2hr3Role tabbed
        (TabExpansion2 'Get-K2hr3Role tab').CompletionMatches.CompletionText | Should -Be tabbed
        Remove-K2hr3Role tabbed -Confirm:$false
    }
}

Describe 'The sandbox cmdlets' {
    It 'start, show and stop, and -WhatIf starts none' {
        $before = @(Get-K2hdkcSandbox).Count
        Start-K2hdkcSandbox -WhatIf
        @(Get-K2hdkcSandbox).Count | Should -Be $before
        $other = Start-K2hdkcSandbox "$TestDrive/sandbox" -K2hr3Version 2.0.3 -NoGuest
        $other.CloudsFile | Should -Exist
        (Get-K2hdkcSandbox).ProcessId | Should -Contain $other.ProcessId
        $other | Stop-K2hdkcSandbox -PassThru | Should -Be $other
        $other.IsRunning | Should -BeFalse
        @(Get-K2hdkcSandbox).Count | Should -Be $before
    }

    It 'ends with the PowerShell that started it' {
        $id = Invoke-Child { Import-Module $env:K2HDKCDBAAS_MODULE; (Start-K2hdkcSandbox).ProcessId }
        $deadline = (Get-Date).AddSeconds(10)
        while ((Get-Process -Id $id -ErrorAction Ignore) -and (Get-Date) -lt $deadline) { Start-Sleep -Milliseconds 100 }
        Get-Process -Id $id -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'K2HR3 beyond its shell command' {
    It 'expands a template here, and says where one is broken' {
        (Expand-K2hr3Template "port {{= %port% }}{{= %gone% }}" -Key @{ port = 8020 }).Missing.Name | Should -Be gone
        $text = '{{ foreach %h% in %yrn:yahoo:::demo:role:web/hosts/ip% }}{{= %h% }} {{ done }}'
        (Expand-K2hr3Template $text -Role @{ web = '10.0.0.1', @{ host = '10.0.0.2'; cuk = 'c2' } }).Text | Should -Be '10.0.0.1,0, 10.0.0.2,0,c2 '
        Expand-K2hr3Template "a`n {{= nope }}" -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -Be 'K2hr3TemplateInvalid,K2hdkcDbaas.Commands.ExpandK2hr3TemplateCommand'
        "$fault" | Should -Match 'Line 2, column 6'
    }

    It 'changes only what is given' {
        $null = New-K2hr3Resource kept 'one' -Key @{ port = 80 }
        (Set-K2hr3Resource kept 'two').Keys['port'] | Should -Be 80
        (Set-K2hr3Resource kept -Key @{}).Keys.Count | Should -Be 0
        (Get-K2hr3Resource kept).Text | Should -Be two
        $null = New-K2hr3Policy kept -Resource kept
        (Set-K2hr3Policy kept -Action read, write).Resources | Should -Be 'yrn:yahoo:::demo:resource:kept'
        $null = New-K2hr3Role kept -Policy kept
        (Set-K2hr3Role kept -Policy @()).Policies | Should -BeNullOrEmpty
        Set-K2hr3Resource 'yrn:yahoo:::other:resource:kept' 'x' -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -Match '^K2hr3NameRefused,'
        $null = Set-K2hr3Role kept -Policy kept
        (Test-K2hr3Access kept read kept).IsAllowed | Should -BeTrue
        (Test-K2hr3Access kept write kept).Policy | Should -Be 'yrn:yahoo:::demo:policy:kept'
        (Get-K2hr3EffectiveAccess kept read).Role | Should -Be 'yrn:yahoo:::demo:role:kept'
        (Test-K2hr3Configuration).Check | Should -Contain 'RoleUnused'
    }

    It 'brings a branch back from its file' {
        $text = Export-K2hr3Configuration kept
        $text | Import-K2hr3Configuration | Should -BeNullOrEmpty
        $null = Set-K2hr3Resource kept 'three'
        ($text | Import-K2hr3Configuration -WhatIf).Member | Should -Be text
        (Get-K2hr3Resource kept).Text | Should -Be three
        ($text | Import-K2hr3Configuration).After | Should -Be two
        (Get-K2hr3Resource kept).Text | Should -Be two
        Get-K2hr3Role kept | Remove-K2hr3Role -Confirm:$false
        Get-K2hr3Policy kept | Remove-K2hr3Policy -Confirm:$false
        Remove-K2hr3Resource kept -Confirm:$false
    }

    It 'imports twice and changes nothing: the second time it only reads' {
        $null = New-K2hr3Resource twice 'text' -Key @{ port = 1 }
        $null = New-K2hr3Policy twice -Resource twice
        $null = New-K2hr3Role twice -Policy twice
        $text = Export-K2hr3Configuration twice
        $null = Set-K2hr3Resource twice 'other'
        Clear-TestCall
        $text | Import-K2hr3Configuration | Should -HaveCount 1
        (Get-TestCall | Where-Object { $_.service -eq 'k2hr3' -and $_.method -eq 'POST' }).path | Should -Be '/v1/resource'
        Clear-TestCall
        $text | Import-K2hr3Configuration | Should -BeNullOrEmpty
        $calls = Get-TestCall | Where-Object service -EQ k2hr3
        $calls | Should -Not -BeNullOrEmpty
        ($calls.method | Select-Object -Unique) | Should -Be GET
        Remove-K2hr3Role twice -Confirm:$false
        Remove-K2hr3Policy twice -Confirm:$false
        Remove-K2hr3Resource twice -Confirm:$false
    }

    It 'says what a failed import has done, and goes on from there when it is run again' {
        $null = New-K2hr3Resource half 'text'
        $null = New-K2hr3Policy half -Resource half
        $null = New-K2hr3Role half -Policy half
        $text = Export-K2hr3Configuration half
        Remove-K2hr3Role half -Confirm:$false
        Remove-K2hr3Policy half -Confirm:$false
        Remove-K2hr3Resource half -Confirm:$false
        Add-TestFault @{ service = 'k2hr3'; method = 'POST'; path = '/v1/role*'; action = 'Status'; status = 403; count = $null }
        try {
            $text | Import-K2hr3Configuration -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $fault[0].FullyQualifiedErrorId | Should -BeLike 'K2hr3ImportIncomplete,*'
            "$fault" | Should -Match 'stopped at role half'
            "$fault" | Should -Match 'Done before: resource half, policy half\.'
            "$fault" | Should -Match 'Not done: role half\.'
        }
        finally { Clear-TestFault }
        Clear-TestCall
        ($text | Import-K2hr3Configuration).Kind | Select-Object -Unique | Should -Be role
        $sent = Get-TestCall | Where-Object { $_.service -eq 'k2hr3' -and $_.method -ne 'GET' }
        $sent.path | Select-Object -Unique | Should -Be '/v1/role'
        $text | Import-K2hr3Configuration | Should -BeNullOrEmpty
        Remove-K2hr3Role half -Confirm:$false
        Remove-K2hr3Policy half -Confirm:$false
        Remove-K2hr3Resource half -Confirm:$false
    }

    It 'names what is in the way of a removal' {
        $null = New-K2hr3Resource held 'x'
        $null = New-K2hr3Resource heir 'y' -Alias held
        $null = New-K2hr3Policy under -Resource held
        $null = New-K2hr3Policy over -Resource held -Alias under
        Remove-K2hr3Policy under -Confirm:$false -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -BeLike 'K2hr3InUse,*'
        "$fault" | Should -BeLike "*policy 'under'*name it: policy over."
        Remove-K2hr3Resource held -Confirm:$false -ErrorVariable fault -ErrorAction SilentlyContinue
        "$fault" | Should -BeLike "*resource 'held'*name it: policy over, policy under, resource heir."
        $null = New-PSDrive K2hr3Held -PSProvider K2hr3 -Root ''
        Remove-Item K2hr3Held:/policy/under -ErrorVariable fault -ErrorAction SilentlyContinue
        "$fault" | Should -BeLike '*name it: policy over.*'
        Remove-PSDrive K2hr3Held
        Remove-K2hr3Policy over -Confirm:$false
        Remove-K2hr3Policy under -Confirm:$false
        Remove-K2hr3Resource heir, held -Confirm:$false
        Get-K2hr3Policy under -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-K2hr3Resource held -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'takes a role that only has others below it for none: exported, checked and asked' {
        $null = New-K2hr3Resource limb 'x'
        $null = New-K2hr3Role limb/leaf
        $null = New-K2hr3Role bare
        $text = Export-K2hr3Configuration
        $text | Should -Match '(?m)^  limb/leaf:'
        $text | Should -Match '(?m)^  bare:'
        ($text -split '(?m)^roles:')[1] | Should -Not -Match '(?m)^  limb:'
        $findings = Test-K2hr3Configuration
        $findings.Target | Should -Contain 'yrn:yahoo:::demo:role:limb/leaf'
        $findings.Target | Should -Not -Contain 'yrn:yahoo:::demo:role:limb'
        (Test-K2hr3Access limb).Role | Should -Not -Contain 'yrn:yahoo:::demo:role:limb'
        Remove-K2hr3Role limb/leaf, bare -Confirm:$false
        ($text | Import-K2hr3Configuration).Name | Sort-Object -Unique | Should -Be bare, limb/leaf
        Remove-K2hr3Role limb/leaf, bare -Confirm:$false
        Remove-K2hr3Resource limb -Confirm:$false
    }

    It 'shows things of several kinds in one table, and the version without names of types' {
        $null = New-K2hr3Resource mixed 'some text'
        $null = New-K2hr3Role mixed
        $shown = Get-K2hr3Item '*/mixed' | Out-String -Width 120
        $shown | Should -Match '(?m)^resource +mixed +some text'
        $shown | Should -Match '(?m)^role +mixed'
        (TabExpansion2 'Get-K2hr3Resource yrn:yahoo:::demo:resource:mi' 46).CompletionMatches.CompletionText |
            Should -Be 'yrn:yahoo:::demo:resource:mixed'
        Remove-K2hr3Resource mixed -Confirm:$false
        Remove-K2hr3Role mixed -Confirm:$false
        $version = Get-K2hr3Version
        "$($version | Format-Table | Out-String)$($version | Format-List | Out-String)" | Should -Not -Match 'System\.|ReadOnlyList'
        $version | Format-List | Out-String -Width 200 | Should -Match '/v1/role'
    }
}
