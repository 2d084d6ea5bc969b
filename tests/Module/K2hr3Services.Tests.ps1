BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $cloud = Start-TestCloud
    $null = Connect-K2hdkcDbaas sandbox-alt -CloudsFile $cloud.CloudsFile -K2hr3Uri $cloud.K2hr3Uri
    $null = Connect-K2hdkcDbaas sandbox -CloudsFile $cloud.CloudsFile -K2hr3Uri $cloud.K2hr3Uri
    $lent = @{ name = 'lent'; type = 'string'; data = 'hello {{= %who% }}'; keys = @{ who = 'you' }; expire = 3600 }, @{ name = 'more'; type = 'string'; data = 'x'; keys = @{} }
}

AfterAll { Stop-TestCloud }

Describe 'A service' {
    It 'changes where its resources come from and who may take it up' {
        $null = New-K2hr3Service changed 'https://verify.example/a' -Tenant alt
        (Set-K2hr3Service changed 'https://verify.example/b').Verify | Should -Be 'https://verify.example/b'
        ((Set-K2hr3Service changed -Verify $lent).Verify | ConvertFrom-Json).name | Should -Be lent, more
        (Get-K2hr3Service changed).Tenants | Should -Be 'yrn:yahoo:::alt', 'yrn:yahoo:::demo'
        (Set-K2hr3Service changed -Tenant one, two).Tenants | Should -Be 'yrn:yahoo:::demo', 'yrn:yahoo:::one', 'yrn:yahoo:::two'
        (Set-K2hr3Service changed -Tenant @()).Tenants | Should -Be 'yrn:yahoo:::demo'
        (Add-K2hr3ServiceTenant changed one, two).Tenants.Count | Should -Be 3
        Test-K2hr3ServiceTenant changed one | Should -BeTrue
        Test-K2hr3ServiceTenant changed nobody | Should -BeFalse
        (Get-K2hr3Service changed | Remove-K2hr3ServiceTenant -Tenant one -Confirm:$false -PassThru).Tenants | Should -Be 'yrn:yahoo:::demo', 'yrn:yahoo:::two'
        foreach ($wrong in 'demo', 'nobody') {
            Remove-K2hr3ServiceTenant changed $wrong -Confirm:$false -ErrorVariable fault -ErrorAction SilentlyContinue
            $fault[0].FullyQualifiedErrorId | Should -Match '^K2hr3ServiceTenantNotFound,'
        }
        (Get-K2hr3Service changed).Tenants.Count | Should -Be 2
        Set-K2hr3Service nosuch 'https://verify.example/' -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -Match '^K2hr3ServiceNotFound,'
        Remove-K2hr3Service changed -Confirm:$false
    }

    It 'is taken up by another tenant, seen there and given up' {
        $null = New-K2hr3Service shop $lent -Tenant alt
        $use = Register-K2hr3Service shop -Session sandbox-alt
        $use.Role | Should -Be 'yrn:yahoo:shop::alt:role:acr-role'
        (Get-K2hr3Resource -Service shop -Session sandbox-alt).Name | Should -Be lent, more
        $resource = Get-K2hr3Resource lent -Service shop -Expand -Session sandbox-alt
        $resource.Text | Should -Be 'hello you'
        (Get-K2hr3Policy -Service shop -Session sandbox-alt).Resources | Should -HaveCount 2
        (Get-K2hr3Role acr-role -Service shop -Expand -Session sandbox-alt).Policies | Should -Be $use.Policy
        # What stays keeps what it has when another one is turned away.
        $null = Add-K2hr3ServiceTenant shop other
        $null = Remove-K2hr3ServiceTenant shop other -Confirm:$false
        (Get-K2hr3Resource -Service shop -Session sandbox-alt).Count | Should -Be 2
        Unregister-K2hr3Service shop -Session sandbox-alt -Confirm:$false -PassThru | Should -Be shop
        Get-K2hr3Resource -Service shop -Session sandbox-alt | Should -BeNullOrEmpty
        $null = Remove-K2hr3ServiceTenant shop alt -Confirm:$false
        Register-K2hr3Service shop -Session sandbox-alt -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].CategoryInfo.Category | Should -Be PermissionDenied
        Remove-K2hr3Service shop -Confirm:$false
    }

    It 'destroys the token that it checks, and not that of the session' {
        $null = New-K2hr3Service door $lent -Tenant alt
        $before = (Get-K2hr3UserToken -AsPlainText).Token
        (Confirm-K2hr3ServiceToken door).Tenant | Should -Be demo
        (Get-K2hr3UserToken -AsPlainText).Token | Should -Be $before
        $shown = (Get-K2hr3UserToken -Session sandbox-alt).Token
        (Confirm-K2hr3ServiceToken door $shown).User | Should -Be alt
        { Confirm-K2hr3ServiceToken door $shown -ErrorAction Stop } | Should -Throw -ErrorId 'Unauthorized,*'
        # The session that showed it logs in again by itself.
        (Get-K2hr3UserToken -Session sandbox-alt).Tenant | Should -Be alt
        Remove-K2hr3Service door -Confirm:$false
    }

    It 'lends to clients, as its own hosts see it' {
        $null = New-K2hr3Service lib $lent -Tenant alt
        $use = Register-K2hr3Service lib -Session sandbox-alt
        $null = New-K2hr3Role counters
        $null = Add-K2hr3RoleHost counters 127.0.0.1
        $null = New-K2hr3Role readers -Alias $use.Role -Session sandbox-alt
        $null = Add-K2hr3RoleHost readers 192.0.2.8 -Port 80 -Cuk c8 -Session sandbox-alt
        $client = @{ Service = 'lib'; ClientAddress = '192.0.2.8'; ClientRole = 'yrn:yahoo:::alt:role:readers'; ServiceRole = 'counters' }
        $seen = Get-K2hr3ServiceResource @client -ClientPort 80 -ClientCuk c8
        ($seen | Sort-Object ResourceName).ResourceName | Should -Be lent, more
        $one = $seen | Where-Object ResourceName -EQ lent
        $one.Text | Should -Be 'hello you'
        ($one.Expires - [datetimeoffset]::UtcNow).TotalMinutes | Should -BeGreaterThan 50
        Get-K2hr3ServiceResource @client -ClientPort 80 -ClientCuk other -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].CategoryInfo.Category | Should -Be PermissionDenied
        Remove-K2hr3Service lib -Confirm:$false
        Remove-K2hr3Role counters -Confirm:$false
        Remove-K2hr3Role readers -Confirm:$false -Session sandbox-alt
    }

    It 'is left alone with -WhatIf: <_>' -ForEach @(
        'Set-K2hr3Service w https://verify.example', 'Add-K2hr3ServiceTenant w t', 'Remove-K2hr3ServiceTenant w t', 'Register-K2hr3Service w', 'Unregister-K2hr3Service w'
        'Confirm-K2hr3ServiceToken w', 'New-K2hr3Tenant w', 'Set-K2hr3Tenant w', 'Remove-K2hr3Tenant w'
    ) {
        Clear-TestCall
        & ([scriptblock]::Create("$_ -WhatIf")) | Should -BeNullOrEmpty
        Get-TestChange | Should -BeNullOrEmpty
        Get-TestCall | Where-Object path -Match '/v1/acr/' | Should -BeNullOrEmpty
    }
}

Describe 'A tenant of K2HR3 itself' {
    It 'is made, shown, changed and removed' {
        $made = New-K2hr3Tenant Team -Description 'for us' -WarningVariable warned -User alt, stranger -WarningAction SilentlyContinue
        $made.Name | Should -Be 'local@team'
        $made.DisplayName | Should -Be 'local@team'
        $made.Users | Sort-Object | Should -Be alt, demo
        "$warned" | Should -Match 'stranger' -Because 'K2HR3 passes over users without a word'
        New-K2hr3Tenant team -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -Match '^K2hr3TenantExists,'
        $changed = $made | Set-K2hr3Tenant -DisplayName Us -RemoveUser alt
        $changed.DisplayName, $changed.Description | Should -Be Us, 'for us'
        $changed.Users | Should -Be demo
        (Set-K2hr3Tenant team -AddUser alt).Users | Sort-Object | Should -Be alt, demo
        Set-K2hr3Tenant team -RemoveUser alt, demo -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -Match '^K2hr3TenantWithoutUser,'
        (Get-K2hr3Tenant -Local -Session sandbox-alt).Name | Should -Contain 'local@team'
        Get-K2hr3Tenant local@team -Local | Remove-K2hr3Tenant -Confirm:$false -PassThru | Should -Be 'local@team'
        (Get-K2hr3Tenant -Local -Session sandbox-alt).Name | Should -Not -Contain 'local@team' -Because 'it is gone for all its users'
        Remove-K2hr3Tenant team -Confirm:$false -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -Match '^K2hr3TenantNotFound,'
    }
}

Describe 'The rest of the shell command' {
    It 'says what the API speaks' {
        $version = Get-K2hr3Version
        $version.Version | Should -Be v1
        $version.Paths['/v1/acr/{service}'] | Should -Contain GET
    }

    It 'tests role tokens' {
        $null = New-K2hr3Role tested
        $null = New-K2hr3Role untested
        $token = New-K2hr3RoleToken tested -Lifetime 1h
        $token | Test-K2hr3RoleToken | Should -BeTrue
        Test-K2hr3RoleToken $token.Token tested | Should -BeTrue
        Test-K2hr3RoleToken $token.Token untested | Should -BeFalse
        Test-K2hr3RoleToken $token.Token | Should -BeTrue
        Test-K2hr3RoleToken $token.Token nosuch -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -Match '^K2hr3RoleNotFound,'
        $token | Remove-K2hr3RoleToken -Confirm:$false
        $token | Test-K2hr3RoleToken | Should -BeFalse
        Remove-K2hr3Role tested, untested -Confirm:$false
    }

    It 'gets external data as a guest does' {
        $null = New-K2hr3Role guest
        $token = New-K2hr3RoleToken guest -AsPlainText
        $data = Get-K2hr3UserData guest -ExtData dummy -UserAgent dummy-client -AsPlainText
        $data.Value | Should -Match ([regex]::Escape("ROLE_TOKEN=`"$($token.Token)`""))
        (Get-K2hr3UserData guest -ExtData dummy -UserAgent dummy-client).Value | Should -BeOfType securestring
        Get-K2hr3UserData guest -ExtData dummy -ErrorVariable fault -ErrorAction SilentlyContinue
        "$($fault[0])" | Should -Match 'not allowed from your client'
        Get-K2hr3UserData guest -ExtData nosuch -ErrorVariable fault -ErrorAction SilentlyContinue
        "$($fault[0])" | Should -Match 'nosuch'
        Remove-K2hr3Role guest -Confirm:$false
    }

    It 'gives the user token only when asked' {
        (Get-K2hr3UserToken).Token | Should -BeOfType securestring
        $token = Get-K2hr3UserToken -AsPlainText
        $token.Tenant, $token.User, $token.IsScoped | Should -Be demo, demo, $true
        (Invoke-RestMethod "$($cloud.K2hr3Uri)v1/user/tokens".Replace('//v1', '/v1') -Headers @{ 'x-auth-token' = "U=$($token.Token)" }).user | Should -Be demo
    }

    It 'adds and removes hosts with all that they have' {
        $null = New-K2hr3Role full
        $given = @{ Port = 8020; Cuk = 'c1'; Extra = 'openstack-auto-v1'; Tag = 't1'; InboundIp = '192.0.2.1'; OutboundIp = '192.0.2.2' }
        $null = Add-K2hr3RoleHost full 10.0.0.1 @given
        $null = Add-K2hr3RoleHost full 10.0.0.1 -Port 8021
        $host1 = Get-K2hr3RoleHost full | Where-Object Port -EQ 8020
        foreach ($name in $given.Keys) { $host1.$name | Should -Be $given[$name] }
        (Remove-K2hr3RoleHost full 10.0.0.1 -Port 8021 -Confirm:$false -PassThru).Port | Should -Be 8021
        (Get-K2hr3RoleHost full).Port | Should -Be 8020
        Remove-K2hr3Role full -Confirm:$false
    }

    It 'removes parts of resources' {
        $null = New-K2hr3Resource base 'b'
        $null = New-K2hr3Resource parts 'text' -Key @{ a = 1; b = 2; c = 3 } -Alias base
        (Get-K2hr3Resource parts).Aliases | Should -Be 'yrn:yahoo:::demo:resource:base'
        Remove-K2hr3Resource parts -KeyName a, c -Confirm:$false
        (Get-K2hr3Resource parts).Keys.Keys | Should -Be b
        Remove-K2hr3Resource parts -Alias base -Confirm:$false
        (Get-K2hr3Resource parts).Aliases | Should -BeNullOrEmpty
        Remove-K2hr3Resource parts -Part Text -Confirm:$false
        (Get-K2hr3Resource parts).Text | Should -BeNullOrEmpty
        Remove-K2hr3Resource parts, base -Confirm:$false
    }

    It 'makes resources of objects and files' {
        (New-K2hr3Resource things -InputObject @{ list = 1, 2 }).Data | Should -Be '{"list":[1,2]}'
        Set-Content "$TestDrive/text.txt" "one`ntwo" -NoNewline
        (New-K2hr3Resource fromfile -Path "$TestDrive/text.txt").Text | Should -Be "one`ntwo"
        Remove-K2hr3Resource things, fromfile -Confirm:$false
    }

    It 'refuses names of elsewhere before anything is sent: <_>' -ForEach @(
        'New-K2hr3Resource yrn:yahoo:::other:resource:a x -Force', 'New-K2hr3Resource a x -Alias yrn:yahoo:::other:resource:b', 'New-K2hr3Role a -Alias yrn:yahoo:::demo:policy:b'
        'New-K2hr3Policy a -Alias yrn:yahoo:::other:policy:b', 'New-K2hr3Policy yrn:yahoo:svc::demo:policy:a -Force', 'New-K2hr3Role yrn:yahoo:::other:role:a -Force'
    ) {
        Clear-TestCall
        $fault = $null
        & ([scriptblock]::Create("$_ -ErrorVariable fault -ErrorAction SilentlyContinue; `$script:fault = `$fault")) | Should -BeNullOrEmpty
        $script:fault[0].FullyQualifiedErrorId | Should -Match '^K2hr3NameRefused,'
        Get-TestChange | Should -BeNullOrEmpty
    }
}
