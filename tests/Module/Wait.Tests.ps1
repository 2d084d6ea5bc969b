# Waits that another command has not made.
BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $null = Start-TestCloud -Sandbox @{ BuildTime = 1 }
    $node = @{ Image = 'lab-image'; Flavor = 'lab.tiny' }
}

AfterAll { Stop-TestCloud }

Describe 'A wait' {
    It 'for a cluster takes up where a command without -Wait left' {
        $null = New-K2hdkcCluster later -ServerCount 2 -SlaveCount 1 @node
        $cluster = Wait-K2hdkcCluster later -Timeout 2m
        $cluster.ServerCount, $cluster.SlaveCount | Should -Be 2, 1
        (Get-K2hdkcNode later).Registered | Should -Be $true, $true
    }

    It 'for nodes takes them from the pipeline, whatever their role' {
        $added = Add-K2hdkcNode later @node | Wait-K2hdkcNode -Timeout 2m
        $added.Registered, $added.Status | Should -Be $true, ACTIVE
        (Get-K2hdkcSlave later | Wait-K2hdkcNode -Timeout 2m).Role | Should -Be Slave
    }

    It 'leaves out a host that is registered and has no server' {
        $null = Add-K2hr3RoleHost later/slave 192.0.2.99 -Cuk ([guid]::NewGuid())
        (Wait-K2hdkcCluster later -Timeout 2m).Name | Should -Be later
        Remove-K2hr3RoleHost later/slave 192.0.2.99 -Confirm:$false
    }

    It 'ends with its time' {
        $null = Add-K2hdkcNode later @node -Force
        { Wait-K2hdkcNode later * -Timeout 0.1s -ErrorAction Stop } | Should -Throw -ErrorId 'NodeWaitTimeout,*'
        Wait-K2hdkcCluster later -Timeout 2m | Should -Not -BeNullOrEmpty
    }

    It 'for what is not there says so at once' {
        { Wait-K2hdkcCluster nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'ClusterNotFound,*'
        { Wait-K2hdkcNode later nobody -ErrorAction Stop } | Should -Throw -ErrorId 'NodeNotFound,*'
    }
}

Describe 'Names with wildcards' {
    It 'are shown one by one before anything is removed' {
        $lines = Invoke-Child {
            param($module, $clouds, $k2hr3)
            Import-Module $module
            $null = Connect-K2hdkcDbaas sandbox -CloudsFile $clouds -K2hr3Uri $k2hr3
            Remove-K2hdkcNode later later-server-* -WhatIf
            Remove-K2hdkcCluster lat* -WhatIf
            Remove-K2hdkcNode later nobody -WhatIf -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed.FullyQualifiedErrorId
        } $env:K2HDKCDBAAS_MODULE, $cloud.CloudsFile, $cloud.K2hr3Uri
        $lines.Where{ $_ -match 'Remove server node' }.Count | Should -BeGreaterThan 1
        $lines.Where{ $_ -match 'target "later"' }.Count | Should -Be 1
        $lines[-1] | Should -BeLike 'NodeNotFound,*'
    }
}
