# What a user sees of each way in which a service fails: id, category, target, advice, and how often it was asked.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $null = Start-TestCloud
}

AfterAll { Stop-TestCloud }

Describe 'A service that answers <rule.status>' -ForEach @(
    @{ rule = @{ status = 401 }; id = 'Unauthorized'; category = 'AuthenticationError'; calls = 2 }
    @{ rule = @{ status = 403 }; id = 'Forbidden'; category = 'PermissionDenied'; calls = 1 }
    @{ rule = @{ status = 404 }; id = 'NotFound'; category = 'ObjectNotFound'; calls = 1 }
    @{ rule = @{ status = 409 }; id = 'Conflict'; category = 'ResourceBusy'; calls = 1 }
    @{ rule = @{ status = 413; message = 'Quota exceeded for cores' }; id = 'QuotaExceeded'; category = 'QuotaExceeded'; calls = 1 }
    @{ rule = @{ status = 413; retry_after = '600'; message = 'This request was rate-limited.' }; id = 'TooManyRequests'; category = 'LimitsExceeded'; calls = 1 }
    @{ rule = @{ status = 429; retry_after = '600' }; id = 'TooManyRequests'; category = 'LimitsExceeded'; calls = 1 }
    @{ rule = @{ status = 429; retry_after = '0' }; id = 'TooManyRequests'; category = 'LimitsExceeded'; calls = 4 }
    @{ rule = @{ status = 503 }; id = 'ServiceUnavailable'; category = 'ResourceUnavailable'; calls = 4 }
) {
    AfterEach { Clear-TestFault }

    It 'is told as <id>, with a category and a next step' {
        Clear-TestCall
        Add-TestFault (@{ service = 'nova'; action = 'Status'; count = $null } + $rule)
        $fault = { Get-K2hdkcFlavor -ErrorAction Stop } | Should -Throw -PassThru
        $fault.FullyQualifiedErrorId | Should -Be "$id,K2hdkcDbaas.Commands.GetK2hdkcFlavorCommand"
        $fault.CategoryInfo.Category | Should -Be $category
        $fault.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        "$fault" | Should -Match "HTTP $($rule.status)"
        @(Get-TestCall | Where-Object service -EQ nova).Count | Should -Be $calls
    }
}

Describe 'A service that fails and comes back' {
    AfterEach { Clear-TestFault }

    It 'is asked again, which -Verbose tells' {
        Add-TestFault @{ service = 'nova'; action = 'Status'; status = 503; count = 2 }
        $out = Get-K2hdkcFlavor lab.tiny -Verbose 4>&1
        @($out | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] -and "$_" -match 'HTTP 503.*again' }).Count | Should -Be 2
        ($out | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }).Name | Should -Be lab.tiny
    }

    It 'is not asked twice for a change that may have been made' {
        Add-TestFault @{ service = 'k2hr3'; method = 'POST'; path = '/v1/role'; action = 'Status'; status = 404 }
        Clear-TestCall
        New-K2hr3Role once -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].CategoryInfo.Category | Should -Be ObjectNotFound
        @(Get-TestChange).Count | Should -Be 1
    }

    It 'has its time: a slow one ends the command when the request time-out is over' {
        $slow = Connect-K2hdkcDbaas sandbox -CloudsFile $cloud.CloudsFile -K2hr3Uri $cloud.K2hr3Uri -RequestTimeout 1 -Name slow
        Add-TestFault @{ service = 'neutron'; method = 'GET'; action = 'Delay'; delay_milliseconds = 20000; count = 4 }
        $fault = { Get-K2hdkcNetwork -Session $slow -ErrorAction Stop } | Should -Throw -PassThru
        $fault.FullyQualifiedErrorId | Should -Be 'RequestTimeout,K2hdkcDbaas.Commands.GetK2hdkcNetworkCommand'
        $fault.CategoryInfo.Category | Should -Be OperationTimeout
        $fault.ErrorDetails.RecommendedAction | Should -Match 'time-out'
        Disconnect-K2hdkcDbaas $slow
    }

    It 'ends the script when it is the log-in that is refused' {
        Add-TestFault @{ service = 'keystone'; method = 'POST'; action = 'Status'; status = 401; count = $null }
        $fault = { Connect-K2hdkcDbaas sandbox -CloudsFile $cloud.CloudsFile -Name refused } | Should -Throw -PassThru
        $fault.FullyQualifiedErrorId | Should -Be 'LogInFailed,K2hdkcDbaas.Commands.ConnectK2hdkcDbaasCommand'
        (Get-K2hdkcSession).Name | Should -Not -Contain refused
    }
}

Describe 'An answer that makes no sense' {
    AfterEach { Clear-TestFault }

    It 'is told as <id> when it is <action>' -ForEach @(
        @{ action = 'Garbage'; id = 'InvalidResponse'; category = 'ProtocolError' }
        @{ action = 'HalfBody'; id = 'ConnectionLost'; category = 'ConnectionError' }
        @{ action = 'Cut'; id = 'ConnectionLost'; category = 'ConnectionError' }
    ) {
        Add-TestFault @{ service = 'neutron'; action = $action; count = $null }
        $fault = { Get-K2hdkcSecurityGroup -ErrorAction Stop } | Should -Throw -PassThru
        $fault.FullyQualifiedErrorId | Should -Be "$id,K2hdkcDbaas.Commands.GetK2hdkcSecurityGroupCommand"
        $fault.CategoryInfo.Category | Should -Be $category
        # It only looked: there is no change to look for.
        $fault.ErrorDetails.RecommendedAction | Should -Not -Match 'change'
    }
}
