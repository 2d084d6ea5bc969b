# Merges that are started and ended by hand, and the end of a connection.

BeforeAll {
    . "$PSScriptRoot/Ring.ps1"
    $null = Start-TestRing
}

AfterAll { Stop-TestRing }

Describe 'Merges by hand' {
    BeforeAll { $null = Connect-K2hdkcCluster -ConfigurationPath $ringConfiguration }

    It 'start and end, with every key where it was' {
        1..100 | ForEach-Object { [pscustomobject]@{ Key = "merge:$_"; Value = $_ } } | Set-K2hdkcKey
        (Start-K2hdkcMerge -Wait -Timeout 60 -PassThru).Merge | Should -Be None, None, None
        (1..100 | ForEach-Object { "merge:$_" } | Get-K2hdkcKey).Count | Should -Be 100
        (Stop-K2hdkcMerge -PassThru -Confirm:$false).Merge | Should -Be None, None, None
        (1..100 | ForEach-Object { "merge:$_" } | Get-K2hdkcKey).Count | Should -Be 100
        "merge:1" | Get-K2hdkcKey | Remove-K2hdkcKey -Confirm:$false
    }

    It 'change nothing with -WhatIf' {
        Start-K2hdkcMerge -WhatIf -PassThru | Should -BeNullOrEmpty
        Stop-K2hdkcMerge -WhatIf -PassThru | Should -BeNullOrEmpty
    }
}

Describe 'Disconnect-K2hdkcCluster' {
    It 'closes a connection, after which commands need to be told the ring again' {
        $connection = Connect-K2hdkcCluster -ConfigurationPath $ringConfiguration
        Disconnect-K2hdkcCluster -WhatIf
        $connection.State | Should -Be Connected
        Disconnect-K2hdkcCluster -All -PassThru | Should -Contain $connection
        { Get-K2hdkcKey greeting } | Should -Throw -ErrorId 'NotConnectedToCluster,*'
    }
}
