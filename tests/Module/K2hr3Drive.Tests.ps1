BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $cloud = Start-TestCloud
    $null = New-PSDrive -PSProvider K2hr3 -Name reg -Root '' -Scope Global
    $null = New-K2hr3Resource site/web/front 'front' -Key @{ port = 80 }
    $null = New-K2hr3Resource site 'all'
    $null = New-K2hr3Policy site -Resource site
    $null = New-K2hr3Role site/web -Policy site
    $null = Add-K2hr3RoleHost site/web 192.0.2.1 -Cuk c1
}

AfterAll {
    Remove-PSDrive reg -Scope Global
    Stop-TestCloud
}

Describe 'Get-K2hr3Item' {
    It 'finds by place, with wildcards and all below' {
        (Get-K2hr3Item resource/site).Text | Should -Be all
        (Get-K2hr3Item resource/site/web).ToString() | Should -Be 'resource/site/web' -Because 'a branch without an object is shown as one'
        (Get-K2hr3Item resource/site/web) | Should -BeOfType K2hdkcDbaas.Model.K2hr3Branch
        (Get-K2hr3Item *).Kind | Sort-Object | Should -Be policy, resource, role, service
        (Get-K2hr3Item '*/si*').Count | Should -Be 3
        (Get-K2hr3Item resource/site -Recurse).ForEach{ "$_" } | Should -Be site, resource/site/web, site/web/front
        Get-K2hr3Item resource/none -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -Match '^K2hr3ItemNotFound,'
        Get-K2hr3Item 'resource/none*' | Should -BeNullOrEmpty
    }
}

Describe 'A drive of K2HR3' {
    It 'is walked' {
        (Get-ChildItem reg:/).PSChildName | Should -Be resource, policy, role, service
        (Get-ChildItem reg:/resource).PSChildName | Should -Be site
        (Get-ChildItem reg:/resource -Recurse).PSChildName | Should -Be site, web, front
        (Get-Item reg:/resource/site).Text | Should -Be all
        (Get-Item reg:/role/site/web).Hosts.HostName | Should -Be 192.0.2.1
        Test-Path reg:/resource/site/web | Should -BeTrue
        Test-Path reg:/resource/site/none | Should -BeFalse
        Test-Path reg:/nokind/site | Should -BeFalse
        Push-Location reg:/resource/site/web
        try { (Get-Item front).Keys['port'] | Should -Be 80 } finally { Pop-Location }
    }

    It 'completes names' {
        (TabExpansion2 'Get-Item reg:/resource/site/we').CompletionMatches.CompletionText | Should -Match 'site.web$'
    }

    It 'has resources'' text as content' {
        Get-Content reg:/resource/site/web/front | Should -Be front
        Set-Content reg:/resource/site/web/front 'one', 'two'
        (Get-K2hr3Resource site/web/front).Text | Should -Be "one`ntwo"
        (Get-K2hr3Resource site/web/front).Keys['port'] | Should -Be 80 -Because 'only the text is written'
        Add-Content reg:/resource/site/web/front three
        Get-Content reg:/resource/site/web/front | Should -Be "one`ntwo`nthree"
        { Get-Content reg:/role/site/web -ErrorAction Stop } | Should -Throw '*only resources*'
    }

    It 'makes, copies, moves and removes' {
        (New-Item reg:/resource/made -Value 'x').Text | Should -Be x
        { New-Item reg:/resource/made -Value 'y' -ErrorAction Stop } | Should -Throw -ErrorId 'K2hr3ResourceExists,*'
        (New-Item reg:/policy/made -Value made).Resources | Should -Be 'yrn:yahoo:::demo:resource:made'
        (New-Item reg:/role/made -Value made).Policies | Should -Be 'yrn:yahoo:::demo:policy:made'
        (New-Item reg:/service/made -Value 'https://verify.example/').Verify | Should -Be 'https://verify.example/'
        Copy-Item reg:/resource/site reg:/resource/twin -Recurse
        (Get-ChildItem reg:/resource/twin -Recurse).PSChildName | Should -Be web, front
        (Get-K2hr3Resource twin/web/front).Keys['port'] | Should -Be 80
        Move-Item reg:/resource/twin reg:/resource/moved
        Test-Path reg:/resource/twin | Should -BeFalse
        (Get-K2hr3Resource moved).Text | Should -Be all
        Move-Item reg:/role/site/web reg:/role/site/net
        (Get-K2hr3RoleHost site/net).HostName | Should -Be 192.0.2.1
        Rename-Item reg:/role/site/net web
        Test-Path reg:/role/site/web | Should -BeTrue
        { Copy-Item reg:/resource/site reg:/role/site2 -ErrorAction Stop } | Should -Throw '*cannot become*'
        Remove-Item reg:/role/made, reg:/policy/made, reg:/service/made
        Remove-Item reg:/resource/moved -Recurse
        Remove-Item reg:/resource/made
        (Get-ChildItem reg:/resource).PSChildName | Should -Be site
    }

    It 'changes nothing with -WhatIf: <_>' -ForEach @(
        'New-Item reg:/resource/w -Value x', 'Set-Content reg:/resource/site x', 'Remove-Item reg:/resource/site -Recurse', 'Copy-Item reg:/resource/site reg:/resource/w'
        'Move-Item reg:/role/site/web reg:/role/w', 'Clear-Content reg:/resource/site'
    ) {
        Clear-TestCall
        & ([scriptblock]::Create("$_ -WhatIf"))
        Get-TestChange | Should -BeNullOrEmpty
    }
}
