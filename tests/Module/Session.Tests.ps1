BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $null = Start-TestCloud
}

AfterAll { Stop-TestCloud }

Describe 'Connect-K2hdkcDbaas' {
    It 'connects with a user and password, and shows no secret' {
        $credential = [pscredential]::new('demo', (ConvertTo-SecureString labsecret -AsPlainText))
        $session = Connect-K2hdkcDbaas -AuthUrl $cloud.AuthUrl -Credential $credential -UserDomain Default -Project demo -ProjectDomain Default -K2hr3Uri $cloud.K2hr3Uri -Name bypassword
        $session.Authentication | Should -Be Password
        $session.Project | Should -Be demo
        $session | Format-List * | Out-String | Should -Not -Match labsecret
        $session | ConvertTo-Json -Depth 5 | Should -Not -Match labsecret
        (Get-K2hdkcImage -Session bypassword).Count | Should -BeGreaterThan 0
        Disconnect-K2hdkcDbaas bypassword
    }

    It 'ends the script with a wrong password' {
        $credential = [pscredential]::new('demo', (ConvertTo-SecureString wrong -AsPlainText))
        $fault = { Connect-K2hdkcDbaas -AuthUrl $cloud.AuthUrl -Credential $credential -UserDomain Default -Project demo -ProjectDomain Default } | Should -Throw -PassThru
        $fault.CategoryInfo.Category | Should -Be AuthenticationError
        $fault.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        "$fault" | Should -Not -Match 'wrong'
    }

    It 'connects with a ready token' {
        $token = ConvertTo-SecureString (Get-TestToken).Value -AsPlainText
        $session = Connect-K2hdkcDbaas -AuthUrl $cloud.AuthUrl -Token $token -Name bytoken
        $session.Authentication | Should -Be Token
        Disconnect-K2hdkcDbaas $session
    }

    It 'connects with an application credential, and says at once what K2HR3 needs beside it' {
        $secret = New-TestApplicationCredential
        $session = Connect-K2hdkcDbaas -AuthUrl $cloud.AuthUrl -ApplicationCredential $secret -K2hr3Uri $cloud.K2hr3Uri -Name byapp -WarningVariable warned -WarningAction SilentlyContinue
        $session.Authentication | Should -Be ApplicationCredential
        "$warned" | Should -Match '-K2hr3Credential'
        (Get-K2hdkcFlavor -Session byapp).Count | Should -BeGreaterThan 0
        Get-K2hdkcCluster -Session byapp -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -Be 'K2hr3CredentialRequired,K2hdkcDbaas.Commands.GetK2hdkcClusterCommand'
        $own = [pscredential]::new('demo', (ConvertTo-SecureString labsecret -AsPlainText))
        $null = Connect-K2hdkcDbaas -AuthUrl $cloud.AuthUrl -ApplicationCredential $secret -K2hr3Uri $cloud.K2hr3Uri -K2hr3Credential $own -Name byapp -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        Get-K2hdkcCluster -Session byapp | Should -BeNullOrEmpty
        Disconnect-K2hdkcDbaas byapp
    }

    It 'refuses an address with a password in it, and shows none' {
        $credential = [pscredential]::new('demo', (ConvertTo-SecureString labsecret -AsPlainText))
        $fault = { Connect-K2hdkcDbaas -AuthUrl "$($cloud.AuthUrl)".Replace('http://', 'http://me:hushhush@') -Credential $credential -Project demo } | Should -Throw -PassThru
        $fault.FullyQualifiedErrorId | Should -Be 'InvalidUrl,K2hdkcDbaas.Commands.ConnectK2hdkcDbaasCommand'
        $fault | Format-List * -Force | Out-String | Should -Not -Match 'hushhush'
    }

    It 'takes the cloud from OS_CLOUD and the file from OS_CLIENT_CONFIG_FILE' {
        $env:OS_CLOUD, $env:OS_CLIENT_CONFIG_FILE = 'sandbox-alt', $cloud.CloudsFile
        try { (Connect-K2hdkcDbaas).Project | Should -Be alt }
        finally { $env:OS_CLOUD = $env:OS_CLIENT_CONFIG_FILE = $null }
        Disconnect-K2hdkcDbaas sandbox-alt
    }

    It 'needs nothing but the file in a second terminal, and looks where PowerShell stands' {
        $bytes = [IO.File]::ReadAllBytes($cloud.CloudsFile)
        $bytes[0..2] -join ' ' | Should -Not -Be '239 187 191'
        $folder = (New-Item (Join-Path $TestDrive terminal) -ItemType Directory).FullName
        Copy-Item $cloud.CloudsFile "$folder/clouds.yaml"
        $uri = Invoke-Child {
            param($folder)
            Import-Module $env:K2HDKCDBAAS_MODULE
            Set-Location $folder
            (Connect-K2hdkcDbaas sandbox).K2hr3Uri.OriginalString
            @(Get-K2hdkcCluster).Count
        } $folder
        $uri[0].TrimEnd('/') | Should -Be $cloud.K2hr3Uri.OriginalString.TrimEnd('/')
        $uri[1] | Should -Be 0
    }

    It 'takes OS_CLIENT_CONFIG_FILE from where PowerShell stands' {
        Copy-Item $cloud.CloudsFile "$TestDrive/mine.yaml"
        Push-Location $TestDrive
        $env:OS_CLIENT_CONFIG_FILE = 'mine.yaml'
        try { Connect-K2hdkcDbaas sandbox -Name relative | Disconnect-K2hdkcDbaas -PassThru | Should -Not -BeNullOrEmpty }
        finally { $env:OS_CLIENT_CONFIG_FILE = $null; Pop-Location }
    }

    It 'warns of a profile that nothing describes, and connects' {
        (Get-Content $cloud.CloudsFile -Raw) -replace '(?m)^  sandbox:', "  sandbox:`n    profile: nowhere" | Set-Content "$TestDrive/profile.yaml"
        $null = Connect-K2hdkcDbaas sandbox -CloudsFile "$TestDrive/profile.yaml" -Name profile -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Match "profile 'nowhere'"
        Disconnect-K2hdkcDbaas profile
    }

    It 'refuses a region that the catalogue does not have, and leaves no session' {
        $fault = { Connect-K2hdkcDbaas sandbox -CloudsFile $cloud.CloudsFile -Region Nowhere -Name lost } | Should -Throw -PassThru
        $fault.FullyQualifiedErrorId | Should -Be 'RegionNotFound,K2hdkcDbaas.Commands.ConnectK2hdkcDbaasCommand'
        "$fault" | Should -Match 'RegionOne'
        (Get-K2hdkcSession).Name | Should -Be sandbox
    }

    It 'takes nothing but a missing secret from variables of another cloud' {
        $env:OS_REGION_NAME, $env:OS_CACERT, $env:OS_PROJECT_NAME = 'Elsewhere', '/no/such.pem', 'other'
        try { (Connect-K2hdkcDbaas sandbox -CloudsFile $cloud.CloudsFile -Name clean).Region | Should -Be RegionOne }
        finally { $env:OS_REGION_NAME = $env:OS_CACERT = $env:OS_PROJECT_NAME = $null }
        Disconnect-K2hdkcDbaas clean
    }

    It 'completes clouds, regions and availability zones' {
        Push-Location (Split-Path $cloud.CloudsFile)
        try {
            $line = "Connect-K2hdkcDbaas -CloudsFile '$($cloud.CloudsFile)' -Cloud sandbox-a"
            (TabExpansion2 $line).CompletionMatches.CompletionText | Should -Be sandbox-admin, sandbox-alt
            (TabExpansion2 "Connect-K2hdkcDbaas sandbox -CloudsFile '$($cloud.CloudsFile)' -Region Reg").CompletionMatches.CompletionText | Should -Be RegionOne
            (TabExpansion2 'New-K2hdkcCluster x -AvailabilityZone n').CompletionMatches.CompletionText | Should -Be nova
        }
        finally { Pop-Location }
    }

    It 'names a cloud that the file does not have' {
        $fault = { Connect-K2hdkcDbaas nosuch -CloudsFile $cloud.CloudsFile } | Should -Throw -PassThru
        "$fault" | Should -Match 'nosuch'
        $fault.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}

Describe 'Get-K2hdkcSession and Disconnect-K2hdkcDbaas' {
    It 'keeps several, the last one current, and finds them by wildcard' {
        $other = Connect-K2hdkcDbaas sandbox-alt -CloudsFile $cloud.CloudsFile -K2hr3Uri $cloud.K2hr3Uri
        (Get-K2hdkcSession -Current).Name | Should -Be sandbox-alt
        (Get-K2hdkcSession sandbox*).Count | Should -Be 2
        $other | Disconnect-K2hdkcDbaas -PassThru | Should -Be $other
        (Get-K2hdkcSession -Current).Name | Should -Be sandbox
    }

    It 'marks the current one, and Select-K2hdkcSession makes another current' {
        $other = Connect-K2hdkcDbaas sandbox-alt -CloudsFile $cloud.CloudsFile
        (Get-K2hdkcSession).Where{ $_.Current }.Name | Should -Be sandbox-alt
        Get-K2hdkcSession | Out-String | Should -Match '(?m)^\* sandbox-alt '
        Select-K2hdkcSession sandbox
        (Get-K2hdkcSession).Name | Should -Be sandbox, sandbox-alt
        (Get-K2hdkcSession).Current | Should -Be $true, $false
        (Get-K2hdkcSession -Current).Project | Should -Be demo
        ($other | Select-K2hdkcSession -PassThru).Current | Should -BeTrue
        Disconnect-K2hdkcDbaas $other
        (Get-K2hdkcSession sandbox).Current | Should -BeTrue
        { Select-K2hdkcSession sandbox-alt -ErrorAction Stop } | Should -Throw -ErrorId 'SessionNotFound,*'
    }

    It 'replaces a session that is connected again with other settings, and says of another region or user which is current' {
        $again = Connect-K2hdkcDbaas sandbox -CloudsFile $cloud.CloudsFile -K2hr3Uri http://127.0.0.1:9/ -WarningVariable warned
        $again.Name | Should -Be sandbox
        $warned | Should -BeNullOrEmpty
        @(Get-K2hdkcSession).Count | Should -Be 1
        $other = Connect-K2hdkcDbaas sandbox -CloudsFile $cloud.CloudsFile -Project alt -Credential ([pscredential]::new('alt', (ConvertTo-SecureString labsecret -AsPlainText))) -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Match "This one is 'sandbox/alt'.*Select-K2hdkcSession"
        $other | Disconnect-K2hdkcDbaas
        $script:session = Connect-K2hdkcDbaas sandbox -CloudsFile $cloud.CloudsFile
    }

    It 'keeps the session with one project when another project of the cloud is connected to' {
        $password = ConvertTo-SecureString labsecret -AsPlainText
        $direct = @{ AuthUrl = $cloud.AuthUrl; K2hr3Uri = $cloud.K2hr3Uri }
        $first = Connect-K2hdkcDbaas @direct -Credential ([pscredential]::new('demo', $password)) -Project demo
        $second = Connect-K2hdkcDbaas @direct -Credential ([pscredential]::new('alt', $password)) -Project alt -WarningAction SilentlyContinue
        $second.Name | Should -Be "$($first.Name)/alt"
        (Get-K2hdkcFlavor -Session $first).Count | Should -BeGreaterThan 0
        $again = Connect-K2hdkcDbaas @direct -Credential ([pscredential]::new('demo', $password)) -Project demo
        $again.Name | Should -Be $first.Name
        @(Get-K2hdkcSession "$($first.Name)*").Count | Should -Be 2
        $again, $second | Disconnect-K2hdkcDbaas
    }

    It 'says of a closed session that it is closed' {
        $closed = Connect-K2hdkcDbaas sandbox-alt -CloudsFile $cloud.CloudsFile
        Disconnect-K2hdkcDbaas $closed
        { Get-K2hdkcFlavor -Session $closed } | Should -Throw -ErrorId 'SessionClosed,K2hdkcDbaas.Commands.GetK2hdkcFlavorCommand'
        (Get-K2hdkcSession -Current).Name | Should -Be sandbox
    }

    It 'has advice when there is nothing to disconnect' {
        $fault = Invoke-Child {
            Import-Module $env:K2HDKCDBAAS_MODULE
            Disconnect-K2hdkcDbaas -ErrorVariable fault -ErrorAction SilentlyContinue
            $fault.FullyQualifiedErrorId
            $fault.ErrorDetails.RecommendedAction
        }
        $fault[0] | Should -Be 'NotConnected,K2hdkcDbaas.Commands.DisconnectK2hdkcDbaasCommand'
        $fault[1] | Should -Match 'Connect-K2hdkcDbaas'
    }

    It 'is found under the name that goes with Connect-K2hdkcDbaas, too' {
        (Get-K2hdkcDbaas).Name | Should -Be sandbox
        (Get-Command Get-K2hdkcDbaas).Source | Should -Be K2hdkcDbaas
    }

    It 'changes nothing with -WhatIf' {
        Disconnect-K2hdkcDbaas -All -WhatIf
        (Get-K2hdkcSession).Name | Should -Be sandbox
    }

    It 'names a session that is not open' {
        Get-K2hdkcSession nosuch -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -Be 'SessionNotFound,K2hdkcDbaas.Commands.GetK2hdkcSessionCommand'
        { Get-K2hdkcCluster -Session nosuch } | Should -Throw -ErrorId 'SessionNotFound,K2hdkcDbaas.Commands.GetK2hdkcClusterCommand'
    }

    It 'completes names' {
        (TabExpansion2 'Get-K2hdkcCluster -Session sand').CompletionMatches.CompletionText | Should -Be sandbox
    }

    It 'keeps a session out of other runspaces, unless it is passed' {
        $module, $passed = $env:K2HDKCDBAAS_MODULE, $session
        $out = 1 | ForEach-Object -Parallel {
            Import-Module $using:module
            @(Get-K2hdkcSession).Count
            @(Get-K2hdkcFlavor -Session $using:passed).Count -gt 0
        }
        $out | Should -Be 0, $true
    }
}
