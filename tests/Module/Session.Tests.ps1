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

    It 'keeps the session with one project when another project of the cloud is connected to' {
        $password = ConvertTo-SecureString labsecret -AsPlainText
        $direct = @{ AuthUrl = $cloud.AuthUrl; K2hr3Uri = $cloud.K2hr3Uri }
        $first = Connect-K2hdkcDbaas @direct -Credential ([pscredential]::new('demo', $password)) -Project demo
        $second = Connect-K2hdkcDbaas @direct -Credential ([pscredential]::new('alt', $password)) -Project alt
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
