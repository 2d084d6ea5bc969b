# Backups of both types, by the same text.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $null = Start-TestCloud -Sandbox @{ BuildTime = 0.1 }
    $node = @{ Flavor = 'lab.tiny' }
}

AfterAll { Stop-TestCloud }

Describe 'The life of a backup on <_>' -ForEach 'OpenStack', 'Trove' {
    BeforeAll {
        $way = @{ Backend = $_ }
        $null = New-K2hdkcCluster keep -NodeByNode -ServerCount 2 -Image lab-image @node @way -Wait -Timeout 60 -WarningAction SilentlyContinue
    }

    AfterAll { Get-K2hdkcCluster keep* @way | Remove-K2hdkcCluster @way -Confirm:$false -Wait -Timeout 60 }

    It 'is a set with one backup per node' {
        $set = Get-K2hdkcCluster keep @way | Backup-K2hdkcCluster -SetName night -Description 'a note' @way -Wait -Timeout 60 -WarningAction SilentlyContinue
        $set.Count | Should -Be 2
        $set.Usable | Should -Be $true, $true
        $set.Cluster | Select-Object -Unique | Should -Be keep
        (Get-K2hdkcBackup night @way).Id | Sort-Object | Should -Be ($set.Id | Sort-Object)
        (Get-K2hdkcBackup -Cluster k?ep @way).Description | Select-Object -Unique | Should -Be 'a note'
    }

    It 'has a name of its own, and is restored whole' {
        Backup-K2hdkcCluster keep night @way -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault.FullyQualifiedErrorId | Should -BeLike 'BackupSetExists,*'
        $one = Get-K2hdkcBackup night @way | Select-Object -First 1
        $one.SetSize | Should -Be 2
        Clear-TestCall
        $one | Restore-K2hdkcCluster keep2 @node -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault.FullyQualifiedErrorId | Should -BeLike 'BackupSetIncomplete,*'
        $one, $one | Restore-K2hdkcCluster keep2 @node -Force -WhatIf -WarningVariable warning -WarningAction SilentlyContinue
        $warning | Should -BeLike '*not whole*'
        Get-TestChange | Should -BeNullOrEmpty
    }

    It 'says what is not there' {
        Get-K2hdkcBackup nosuch @way -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault.FullyQualifiedErrorId | Should -BeLike 'BackupNotFound,*'
        Restore-K2hdkcCluster other nosuch @node @way -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault.FullyQualifiedErrorId | Should -BeLike 'BackupNotFound,*'
        Restore-K2hdkcNode keep night @node @way -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault.FullyQualifiedErrorId | Should -BeLike 'ReferenceAmbiguous,*'
    }

    It '-WhatIf makes no changing request: <_>' -ForEach @(
        'Backup-K2hdkcCluster keep @way'
        'Get-K2hdkcNode keep @way | Backup-K2hdkcNode @way'
        'Restore-K2hdkcCluster keep2 night @node @way'
        'Get-K2hdkcBackup night @way | Restore-K2hdkcNode keep @node'
        'Remove-K2hdkcBackup night @way'
        'Remove-K2hdkcBackup -Cluster keep -OlderThan ([timespan]::FromTicks(1)) @way'
    ) {
        Clear-TestCall
        . ([scriptblock]::Create("$_ -WhatIf"))
        Get-TestChange | Should -BeNullOrEmpty
    }

    It 'becomes a cluster again' {
        Remove-K2hdkcCluster keep @way -Confirm:$false -Wait -Timeout 60
        $cluster = Get-K2hdkcBackup night @way | Restore-K2hdkcCluster @node -Wait -Timeout 60
        $cluster.Name, $cluster.ServerCount, $cluster.Project | Should -Be keep, 2, demo
    }

    It 'becomes a node' {
        $new = Get-K2hdkcBackup night @way | Select-Object -First 1 | Restore-K2hdkcNode keep -Name extra @node -Wait -Timeout 60
        $new.Name | Should -Be extra
        (Get-K2hdkcNode keep @way).Count | Should -Be 3
    }

    It 'falls under a rule' {
        { Remove-K2hdkcBackup -Cluster keep -OlderThan ([timespan]::FromDays(-1)) @way } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        { Remove-K2hdkcBackup -Cluster keep -OlderThan '-1.00:00:00' @way } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        { Remove-K2hdkcBackup -Cluster keep @way -ErrorAction Stop } | Should -Throw '*needs a rule*'
        Remove-K2hdkcBackup -Cluster keep -KeepLast 1 @way -Confirm:$false -PassThru | Should -BeNullOrEmpty
        Remove-K2hdkcBackup -Cluster keep -OlderThan 1d @way -Confirm:$false -PassThru | Should -BeNullOrEmpty
        (Get-K2hdkcBackup @way | Remove-K2hdkcBackup -OlderThan ([timespan]::FromTicks(1)) -Confirm:$false -Wait -Timeout 30 -PassThru).Count | Should -Be 2
        Get-K2hdkcBackup -Cluster keep @way | Should -BeNullOrEmpty
    }
}
