BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $null = Start-TestCloud -Sandbox @{ BuildTime = 0.2 }
    $node = @{ Image = 'lab-image'; Flavor = 'lab.tiny' }
}

AfterAll { Stop-TestCloud }

Describe 'The life of a cluster' {
    AfterEach { Clear-TestFault }

    It 'is made with its nodes and waited for' {
        $cluster = New-K2hdkcCluster life -ServerCount 2 -SlaveCount 1 @node -Wait -Timeout 60
        $cluster.Name | Should -Be life
        $cluster.Status | Should -Be Ready
        $cluster.ServerCount, $cluster.SlaveCount | Should -Be 2, 1
        $cluster.Nodes | ForEach-Object { $_.Registered | Should -BeTrue }
        $cluster.Nodes[0].Name, $cluster.Nodes[-1].Name | Should -Be life-server-1, life-slave-1
    }

    It 'is not made twice, and nothing is changed' {
        Clear-TestCall
        New-K2hdkcCluster life -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault.FullyQualifiedErrorId | Should -Be 'ClusterExists,K2hdkcDbaas.Commands.NewK2hdkcClusterCommand'
        $fault.CategoryInfo.Category | Should -Be ResourceExists
        $fault.TargetObject | Should -Be life
        Get-TestChange | Should -BeNullOrEmpty
    }

    It 'is found by name, wildcard and pipeline' {
        (Get-K2hdkcCluster life).Name | Should -Be life
        (Get-K2hdkcCluster l*e).Name | Should -Be life
        ('life' | Get-K2hdkcCluster).Name | Should -Be life
        (Get-K2hdkcCluster | Get-K2hdkcCluster).Name | Should -Contain life
        Get-K2hdkcCluster z* | Should -BeNullOrEmpty
    }

    It 'has an error for a name that is not there, and goes on' {
        $found = Get-K2hdkcCluster nosuch, life -ErrorVariable fault -ErrorAction SilentlyContinue
        $found.Name | Should -Be life
        $fault.FullyQualifiedErrorId | Should -Be 'ClusterNotFound,K2hdkcDbaas.Commands.GetK2hdkcClusterCommand'
        $fault.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'shows short tables and full lists' {
        (Get-K2hdkcCluster life | Format-Table | Out-String -Width 200) | Should -Match 'Name\s+Backend\s+Status\s+Servers\s+Slaves\s+Running\s+Registered'
        (Get-K2hdkcCluster life | Format-List | Out-String) | Should -Match 'MissingParts'
        (Get-K2hdkcNode life | Format-Table | Out-String -Width 200) | Should -Match 'life-server-1'
    }

    It 'grows' {
        $added = Get-K2hdkcCluster life | Add-K2hdkcNode -Count 2 @node -Wait
        $added.Name | Should -Be life-server-3, life-server-4
        $added.Registered | Should -Be $true, $true
        (Get-K2hdkcNode life).Count | Should -Be 4
    }

    It 'takes slaves of chosen names' {
        (Start-K2hdkcSlave life web-1 @node -Wait).Name | Should -Be web-1
        (Get-K2hdkcSlave life web-*).Name | Should -Be web-1
    }

    It 'gives its configuration' {
        (Get-K2hdkcClusterConfiguration life -Role Slave).Text | Should -Match '(?s)\[GLOBAL\].*GROUP\s*=\s*life.*\[SVRNODE\]'
        Test-K2hdkcClusterConfiguration life -Quiet | Should -BeTrue
        (Test-K2hdkcClusterConfiguration life -Role Server -Text '{{ nope }}').Findings.Check | Should -Be TemplateInvalid
        (Get-K2hdkcCluster life | Get-K2hdkcClusterConfiguration).Expanded | Should -BeFalse
        (Get-K2hdkcClusterConfiguration life -Role Server -Template).Keys['chmpx-mode'] | Should -Be SERVER
    }

    It 'loses a slave' {
        Get-K2hdkcSlave life web-1 | Stop-K2hdkcSlave -Confirm:$false -Wait
        Get-K2hdkcSlave life web-* | Should -BeNullOrEmpty
    }

    It 'shrinks' {
        $removed = Remove-K2hdkcNode life life-server-4 -Force -Confirm:$false -Wait -PassThru
        $removed.Kind | Should -Contain server
        (Get-K2hdkcNode life).Count | Should -Be 3
    }

    It 'is removed, and leaves nothing' {
        Get-K2hdkcCluster life | Remove-K2hdkcCluster -Confirm:$false -Wait
        Get-K2hdkcCluster | Should -BeNullOrEmpty
        (Get-K2hdkcSecurityGroup).Name | Should -Not -Match life
    }
}

Describe '-WhatIf' {
    BeforeAll { $null = New-K2hdkcCluster what -ServerCount 1 -SlaveCount 1 @node -Wait }
    AfterAll { Remove-K2hdkcCluster what -Confirm:$false -Wait }

    It 'makes no changing request: <_>' -ForEach @(
        'New-K2hdkcCluster other -ServerCount 2 @node'
        'Add-K2hdkcNode what @node'
        'Start-K2hdkcSlave what @node'
        'Get-K2hdkcNode what | Remove-K2hdkcNode'
        'Get-K2hdkcSlave what | Stop-K2hdkcSlave'
        'Remove-K2hdkcCluster what'
    ) {
        Clear-TestCall
        & ([scriptblock]::Create("$_ -WhatIf")) | Should -BeNullOrEmpty
        Get-TestChange | Should -BeNullOrEmpty
        (Get-K2hdkcCluster what).Nodes.Count | Should -Be 2
    }

    It 'tells how many nodes are asked for' {
        Get-Said { New-K2hdkcCluster fresh -ServerCount 2 @node -WhatIf } | Should -Match 'cluster with 2 server nodes"'
        Get-Said { New-K2hdkcCluster fresh -ServerCount 1 -SlaveCount 2 @node -WhatIf } | Should -Match 'with 1 server node and 2 slave nodes"'
    }

    It 'tells what a change of the ring would come to' {
        Get-Said { Add-K2hdkcNode what @node -Force -WhatIf } | Should -Match 'plain way, which hides 0 %'
        Get-Said { Add-K2hdkcNode what @node -WhatIf } | Should -Match '\(SERVICEIN\).*plain way would hide 0 %'
        Get-Said { Get-K2hdkcNode what | Remove-K2hdkcNode -WhatIf } | Should -Match 'last one in service'
    }
}

Describe 'Faults' {
    AfterEach { Clear-TestFault }

    It 'undoes a create that fails half-way and names what failed' {
        Add-TestFault @{ service = 'neutron'; method = 'POST'; path = '*security-group*'; action = 'Status'; status = 403; count = $null }
        New-K2hdkcCluster broken -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault[0].CategoryInfo.Category | Should -Be PermissionDenied
        Clear-TestFault
        Get-K2hdkcCluster broken* | Should -BeNullOrEmpty
    }

    It 'has a category, an id and a next step for: <category>' -ForEach @(
        @{ category = 'PermissionDenied'; rule = @{ action = 'Status'; status = 403 } }
        @{ category = 'ResourceUnavailable'; rule = @{ action = 'Status'; status = 500 } }
        @{ category = 'ProtocolError'; rule = @{ action = 'Garbage' } }
        @{ category = 'ConnectionError'; rule = @{ action = 'Cut' } }
    ) {
        Add-TestFault (@{ service = 'glance'; count = $null } + $rule)
        Get-K2hdkcImage -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault[0].CategoryInfo.Category | Should -Be $category
        $fault[0].FullyQualifiedErrorId | Should -Match '^[A-Z]\w+,K2hdkcDbaas\.Commands\.GetK2hdkcImageCommand$'
        $fault[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'says before -WhatIf and questions what is known to fail' {
        Clear-TestCall
        New-K2hdkcCluster many -ServerCount 200 @node -WhatIf -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -BeLike 'QuotaExceeded,*'
        New-K2hdkcCluster many -ServerCount 1 -Image lab-image -Flavor nosuch -WhatIf -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -BeLike 'FlavorNotFound,*'
        New-K2hdkcCluster 'Bad Name' -WhatIf -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault | Should -HaveCount 1
        Add-K2hdkcNode nosuch @node -WhatIf -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -BeLike 'ClusterNotFound,*'
        Add-K2hdkcNode life -Count 200 @node -WhatIf -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault.FullyQualifiedErrorId | Should -BeLike 'QuotaExceeded,*'
        Get-TestChange | Should -BeNullOrEmpty
    }

    It 'stops, starts and restarts machines, and shows their consoles' {
        $null = New-K2hdkcCluster power -ServerCount 2 @node -Wait -Timeout 60
        Get-K2hdkcNode power power-server-1 | Stop-K2hdkcNode -Wait -Confirm:$false -PassThru | Should -Be power-server-1
        $down = Get-K2hdkcCluster power
        "$($down.Status)", $down.RunningCount, $down.ServerCount | Should -Be Degraded, 1, 2
        $down.StatusDetail | Should -Match 'power-server-1 SHUTOFF'
        Start-K2hdkcNode power power-server-1 -Wait
        Restart-K2hdkcNode power power-server-2 -Force -Wait
        "$((Get-K2hdkcCluster power).Status)" | Should -Be Ready
        @(Get-K2hdkcNodeConsole power power-server-1 -Tail 3).Count | Should -BeIn (1..3)
        { Stop-K2hdkcNode power nobody -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'NodeNotFound,*'
        Remove-K2hdkcCluster power -Confirm:$false -Wait
    }

    It 'names the quota' {
        $null = New-K2hdkcCluster quota
        Add-K2hdkcNode quota -Count 40 @node -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].CategoryInfo.Category | Should -Be QuotaExceeded
        Get-K2hdkcNode quota | Should -BeNullOrEmpty
        Remove-K2hdkcCluster quota -Confirm:$false -Wait
    }

    It 'refuses upper case, and says what to write instead' {
        New-K2hdkcCluster MyCluster -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault[0].FullyQualifiedErrorId | Should -Be 'InvalidClusterName,K2hdkcDbaas.Commands.NewK2hdkcClusterCommand'
        $fault[0].ErrorDetails.RecommendedAction | Should -Match "'mycluster'"
    }

    It 'refuses names together with another count' {
        Clear-TestCall
        Add-K2hdkcNode life a -Count 3 @node -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault[0].FullyQualifiedErrorId | Should -Be 'InvalidRequest,K2hdkcDbaas.Commands.AddK2hdkcNodeCommand'
        Get-TestCall | Should -BeNullOrEmpty
    }

    It 'names an image that is not there' {
        $null = New-K2hdkcCluster noimage
        Add-K2hdkcNode noimage -Image nosuch -Flavor lab.tiny -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -Be 'ImageNotFound,K2hdkcDbaas.Commands.AddK2hdkcNodeCommand'
        "$($fault[0])" | Should -Match nosuch
        Remove-K2hdkcCluster noimage -Confirm:$false
    }
}

Describe 'Pipelines' {
    It 'ends quietly when the pipeline wants no more' {
        Get-K2hdkcFlavor | Select-Object -First 1 | Should -HaveCount 1
        $Error.Clear()
        $null = 1..3 | ForEach-Object { 'lab.tiny' } | Get-K2hdkcFlavor | Select-Object -First 1
        $Error | Should -BeNullOrEmpty
    }

    It 'stops within a second, and names what exists: <script>' -ForEach @(
        @{
            script = 'Add-K2hdkcNode stop -Count 2 -Image lab-image -Flavor lab.tiny -Wait'
            rule = @{ method = 'POST'; path = '/v2.1/servers'; skip = 1 }
            words = 'server stop-server-\d \([0-9a-f-]{36}\)', 'server stop-server-\d \(not confirmed; metadata k2hdkc-request=[0-9a-f]{32}\)', 'Get-K2hdkcNode stop'
        }
        @{
            script = 'Remove-K2hdkcCluster stop -Confirm:$false -Wait'
            rule = @{ method = 'GET'; path = '/v2.1/servers/detail' }
            words = 'Nothing had been removed yet', 'Run the same command again'
        }
    ) {
        $null = New-K2hdkcCluster stop -NoSecurityGroup -ErrorAction SilentlyContinue
        Add-TestFault ($rule + @{ service = 'nova'; action = 'Delay'; delay_milliseconds = 20000; count = $null; name = 'held' })
        Clear-TestCall
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
                param($module, $session, $script)
                Import-Module $module
                & ([scriptblock]::Create("$script -Session `$session"))
            }).AddArgument($env:K2HDKCDBAAS_MODULE).AddArgument($session).AddArgument($script)
        $null = $shell.BeginInvoke()
        # A held request is listed when it is answered, which is too late: the one before it is listed at once.
        $before = $rule.skip ? '/v2.1/servers' : '/v1/role/stop/server'
        foreach ($i in 1..100) { if ((Get-TestCall).path -contains $before) { break }; Start-Sleep -Milliseconds 100 }
        Start-Sleep -Milliseconds 500
        (Measure-Command { $shell.Stop() }).TotalSeconds | Should -BeLessThan 1
        $told = $shell.Runspace.SessionStateProxy.GetVariable('Error')[0]
        $told.FullyQualifiedErrorId | Should -Match '^Stopped'
        $told.CategoryInfo.Category | Should -Be OperationStopped
        foreach ($word in $words) { "$told" | Should -Match $word }
        $shell.Dispose()
        Clear-TestFault
        Remove-K2hdkcCluster stop -Confirm:$false -Wait
    }

    It 'shows progress while it waits, and ends it' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
                param($module, $session)
                Import-Module $module
                New-K2hdkcCluster progress -ServerCount 1 -Image lab-image -Flavor lab.tiny -Wait -Session $session
                Remove-K2hdkcCluster progress -Confirm:$false -Wait -Session $session
            }).AddArgument($env:K2HDKCDBAAS_MODULE).AddArgument($session)
        $null = $shell.Invoke()
        $shell.HadErrors | Should -BeFalse
        $ours = $shell.Streams.Progress | Where-Object Activity -Match progress
        $ours | Should -Not -BeNullOrEmpty
        ($ours | Where-Object ActivityId -EQ $ours[0].ActivityId)[-1].RecordType | Should -Be Completed
        $shell.Dispose()
    }
}

Describe 'Completion' {
    BeforeAll { $null = New-K2hdkcCluster tabbed -ServerCount 1 @node -Wait }
    AfterAll { Remove-K2hdkcCluster tabbed -Confirm:$false -Wait }

    It 'completes <line>' -ForEach @(
        @{ line = 'Get-K2hdkcCluster tab'; text = 'tabbed' }
        @{ line = "Remove-K2hdkcCluster 'tab"; text = "'tabbed'" }
        @{ line = 'Get-K2hdkcNode tabbed tab'; text = 'tabbed-server-1' }
        @{ line = 'Add-K2hdkcNode tabbed -Image lab'; text = 'lab-image' }
        @{ line = 'Add-K2hdkcNode tabbed -Flavor lab.t'; text = 'lab.tiny' }
        @{ line = 'Get-K2hdkcNetwork pri'; text = 'private' }
        @{ line = 'Get-K2hdkcSecurityGroup tabbed-k2hdkc-se'; text = 'tabbed-k2hdkc-server-sec' }
    ) {
        (TabExpansion2 $line).CompletionMatches[0].CompletionText | Should -Be $text
    }

    It 'gives up on a slow service within its time limit' {
        Add-TestFault @{ service = 'glance'; action = 'Delay'; delay_milliseconds = 15000; count = $null }
        (Measure-Command { TabExpansion2 'Get-K2hdkcImage lab' }).TotalSeconds | Should -BeLessThan 4
        Clear-TestFault
    }
}
