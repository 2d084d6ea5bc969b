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
        $body = @{ auth = @{ identity = @{ methods = @('password'); password = @{ user = @{ name = 'demo'; domain = @{ name = 'Default' }; password = 'labsecret' } } }; scope = @{ project = @{ name = 'demo'; domain = @{ name = 'Default' } } } } }
        $answer = Invoke-WebRequest "$($cloud.AuthUrl)/auth/tokens" -Method Post -ContentType application/json -Body ($body | ConvertTo-Json -Depth 9)
        $token = ConvertTo-SecureString "$($answer.Headers['X-Subject-Token'])" -AsPlainText
        $session = Connect-K2hdkcDbaas -AuthUrl $cloud.AuthUrl -Token $token -Name bytoken
        $session.Authentication | Should -Be Token
        Disconnect-K2hdkcDbaas $session
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
