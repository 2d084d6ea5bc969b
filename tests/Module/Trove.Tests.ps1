# Clusters that Trove runs: as its own, and node by node.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $cloud = Start-TestCloud -Sandbox @{ BuildTime = 0.2 }
    $null = $cloud | Connect-K2hdkcDbaas -Backend Trove -Name trove
    $size = @{ Flavor = 'lab.tiny'; VolumeSize = 1 }
}

AfterAll { Stop-TestCloud }

Describe "A cluster of Trove's own" {
    It 'is made with servers and slaves' {
        $cluster = New-K2hdkcCluster bulk -ServerCount 2 -SlaveCount 1 @size -Image lab-image -DatastoreVersion 1.0.14 -Locality anti-affinity -Wait -WarningVariable warned
        "$($cluster.Backend)", "$($cluster.Status)", $cluster.ServerCount, $cluster.SlaveCount | Should -Be 'Trove', 'Ready', 2, 1
        $cluster.Id | Should -Not -BeNullOrEmpty
        $warned | Should -BeNullOrEmpty
        (Get-K2hdkcSlave bulk).Name | Should -Be bulk-slave-1
        $order = (Get-TestCall | Where-Object { $_.service -eq 'trove' -and $_.method -eq 'POST' -and $_.path -like '*/clusters' })
        $order | Should -HaveCount 1
    }

    It 'grows' {
        (Add-K2hdkcNode bulk -Count 2 -Wait).Name | Sort-Object | Should -Be bulk-member-3, bulk-member-4
        (Get-K2hdkcCluster bulk).ServerCount | Should -Be 4
    }

    It 'loses several nodes from the pipeline in one task' {
        Clear-TestCall
        $removed = Get-K2hdkcNode bulk bulk-member-3, bulk-member-4 | Remove-K2hdkcNode -Confirm:$false -PassThru -Wait
        $removed.Name | Sort-Object | Should -Be bulk-member-3, bulk-member-4
        Get-TestChange | Where-Object service -EQ trove | Should -HaveCount 1
        (Get-K2hdkcNode bulk).Count | Should -Be 2
    }

    It 'gives up its configuration group and takes it again' {
        $group = (Get-K2hdkcCluster bulk).ConfigurationGroupId
        (Set-K2hdkcCluster bulk -NoConfigurationGroup -Wait -PassThru).ConfigurationGroupId | Should -BeNullOrEmpty
        (Get-K2hdkcCluster bulk | Set-K2hdkcCluster -ConfigurationGroup $group -Wait -PassThru).ConfigurationGroupId | Should -Be $group
    }

    It 'restarts as a whole' {
        "$((Restart-K2hdkcCluster bulk -Wait -PassThru).Status)" | Should -Be Ready
    }

    It 'has its members restarted one by one only by an administrator' {
        Restart-K2hdkcNode bulk bulk-member-1 -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -Be 'NotSupportedByService,K2hdkcDbaas.Commands.RestartK2hdkcNodeCommand'
    }

    It 'is freed by an administrator, who need not see it' {
        $cluster = Get-K2hdkcCluster bulk
        Restart-K2hdkcCluster bulk
        Reset-K2hdkcClusterStatus bulk -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].CategoryInfo.Category | Should -Be PermissionDenied
        $admin = Connect-K2hdkcDbaas -Cloud sandbox-admin -CloudsFile $cloud.CloudsFile -Backend Trove -Name admin
        Reset-K2hdkcClusterStatus $cluster.Id -Session $admin -ErrorAction Stop
        Reset-K2hdkcClusterStatus $cluster.Id -Node $cluster.Nodes[0].Id -Session $admin -ErrorAction Stop
        Disconnect-K2hdkcDbaas admin
        "$((Get-K2hdkcCluster bulk).Status)" | Should -Be Ready
    }

    It 'refuses what Trove cannot do, before anything is made: <title>' -ForEach @(
        @{ title = 'another name than its group gives'; line = 'New-K2hdkcCluster other -ServerCount 1 @size -ConfigurationGroup bulk'; id = 'InvalidConfigurationValue' }
        @{ title = 'a group that has nodes'; line = 'Remove-K2hdkcConfigurationGroup bulk -Confirm:$false'; id = 'ConfigurationGroupInUse' }
        @{ title = 'a locality node by node'; line = 'New-K2hdkcCluster other -ServerCount 1 @size -NodeByNode -Locality affinity'; id = 'InvalidRequest' }
        @{ title = 'a port below the least'; line = 'New-K2hdkcCluster other -ServerCount 1 @size -ServerPort 80'; id = 'InvalidConfigurationValue' }
        @{ title = 'a name twice'; line = 'Add-K2hdkcNode bulk -Name a, a'; id = 'NodeExists' }
        @{ title = 'no server'; line = 'New-K2hdkcCluster other'; id = 'InvalidRequest' }
    ) {
        Clear-TestCall
        & ([scriptblock]::Create("$line -ErrorVariable fault -ErrorAction SilentlyContinue; `$script:fault = `$fault"))
        $script:fault[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        Get-TestChange | Where-Object method -NE DELETE | Should -BeNullOrEmpty
    }

    It 'is removed with its slaves and its group' {
        (Get-K2hdkcCluster bulk | Remove-K2hdkcCluster -Confirm:$false -Wait -PassThru).Kind | Should -Contain 'configuration group'
        Get-K2hdkcCluster | Should -BeNullOrEmpty
        Get-K2hdkcConfigurationGroup | Should -BeNullOrEmpty
    }
}

Describe 'A cluster node by node' {
    BeforeAll { $null = New-K2hdkcCluster single -ServerCount 2 -NodeByNode @size -Wait }
    AfterAll { Remove-K2hdkcCluster single -Confirm:$false -Wait }

    It 'answers on its control ports without any slave' {
        # Trove calls a node ACTIVE when its guest agent is, which may be a moment before the ring lets the node in.
        $end = [datetime]::UtcNow.AddSeconds(30)
        do { Start-Sleep -Milliseconds 100; $status = Get-K2hdkcNodeStatus single } until (@($status | Where-Object IsUp).Count -eq 2 -or [datetime]::UtcNow -gt $end)
        $status | Should -HaveCount 2
        $status.IsUp | Should -Be $true, $true
    }

    It 'lets a node leave, and come back by name' {
        Unregister-K2hdkcNode single single-server-2 -Wait -PassThru | Should -Be single-server-2
        (Get-K2hdkcNode single).Name | Should -Be single-server-1
        Register-K2hdkcNode single single-server-2 -Wait -PassThru | Should -Be single-server-2
        (Get-K2hdkcNode single).Status | Should -Be ACTIVE, ACTIVE
    }

    It 'takes its last node back by its group' {
        Get-K2hdkcNode single | Unregister-K2hdkcNode -Wait
        Get-K2hdkcCluster | Should -BeNullOrEmpty
        Register-K2hdkcNode single single-server-1 -ConfigurationGroup single -Wait
        Register-K2hdkcNode single single-server-2 -Wait
        (Get-K2hdkcCluster single).ServerCount | Should -Be 2
    }

    It 'restarts nodes' {
        Get-K2hdkcNode single | Restart-K2hdkcNode -Wait -PassThru | Sort-Object | Should -Be single-server-1, single-server-2
    }

    It 'makes no changing request with -WhatIf: <_>' -ForEach @(
        'Get-K2hdkcNode single | Remove-K2hdkcNode'
        'Unregister-K2hdkcNode single single-server-1'
        'Register-K2hdkcNode single single-server-1'
        'Restart-K2hdkcNode single single-server-1'
        'Restart-K2hdkcCluster single'
        'Set-K2hdkcCluster single -NoConfigurationGroup'
        'Reset-K2hdkcClusterStatus single'
    ) {
        Clear-TestCall
        & ([scriptblock]::Create("$_ -WhatIf")) | Should -BeNullOrEmpty
        Get-TestChange | Should -BeNullOrEmpty
    }
}

Describe 'What Trove has' {
    It 'names the datastore and its versions' {
        (Get-K2hdkcDatastore).Versions | Should -Be 1.0.14
        (Get-K2hdkcDatastore *).Name | Should -Contain postgresql
        Get-K2hdkcDatastore nosuch -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'tells the quota of either service' {
        $trove = Get-K2hdkcQuota
        ($trove | Where-Object Resource -EQ instances).Free | Should -Be 20
        (Get-K2hdkcQuota -Backend OpenStack).Resource | Should -Be cores, instances, ram
    }

    It 'describes the settings of configuration groups' {
        $port = Get-K2hdkcConfigurationParameter chmpx-server-port
        $port.Type, $port.Min, $port.Max, $port.SystemOnly | Should -Be integer, 1000, 65535, $false
        (Get-K2hdkcConfigurationParameter *_proxy).Name | Should -Be http_proxy, https_proxy, no_proxy
        (Get-K2hdkcConfigurationParameter extdata-url).SystemOnly | Should -BeTrue
        Get-K2hdkcConfigurationParameter nosuch -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault[0].FullyQualifiedErrorId | Should -BeLike 'ConfigurationParameterNotFound,*'
    }
}
