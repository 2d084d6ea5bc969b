# Every kind of object piped into every cmdlet that takes one, as it is and as it comes back from a file or a job: it means exactly what it shows, or it
# is refused. The calls run in a process of their own, whose output has the lines of -WhatIf.
BeforeDiscovery {
    # What each kind may mean: a pattern for each thing that the cmdlet then puts out or would act on, and how many. What is not listed is refused.
    $meanings = @{
        Cluster = @{
            'Get-K2hdkcCluster' = '^pa$', 1; 'Wait-K2hdkcCluster' = '^pa$', 1; 'Get-K2hdkcNode' = '^pa-server-\d$', 2; 'Get-K2hdkcSlave' = '^pa-slave-1$', 1; 'Get-K2hdkcBackup' = '^sa-', 2
            'Get-K2hdkcClusterConfiguration' = '.', 1; 'Get-K2hdkcNodeStatus' = ':', 2; 'Remove-K2hdkcCluster' = '^pa$', 1; 'Backup-K2hdkcCluster' = '^pa$', 1
            'Add-K2hdkcNode' = '^pa$', 1; 'Start-K2hdkcSlave' = '^pa$', 1; 'Start-K2hdkcMerge' = '^pa$', 1; 'Stop-K2hdkcMerge' = '^pa$', 1
            'Suspend-K2hdkcMerge' = '^pa$', 1; 'Resume-K2hdkcMerge' = '^pa$', 1
            'Sync-K2hdkcRing' = '^pa$', 1; 'Test-K2hdkcClusterConfiguration' = '^pa (Server|Slave): valid', 2
            'Restart-K2hdkcCluster' = '^pa$', 1; 'Update-K2hdkcCertificate' = '^pa$', 1; 'Update-K2hdkcNodeImage' = '^pa$', 1; 'Set-K2hdkcCluster' = '^pa$', 1; 'Reset-K2hdkcClusterStatus' = '^pa$', 1
        }
        Node = @{
            'Get-K2hdkcNode' = '^pa-server-1$', 1; 'Stop-K2hdkcNode' = '^pa-server-1 of pa$', 1; 'Start-K2hdkcNode' = '^pa-server-1 of pa$', 1; 'Wait-K2hdkcNode' = '^pa-server-1$', 1; 'Get-K2hdkcNodeStatus' = ':', 1; 'Remove-K2hdkcNode' = '^pa-server-1 of pa$', 1
            'Backup-K2hdkcNode' = '^pa-server-1 of pa$', 1; 'Restart-K2hdkcNode' = '^pa-server-1 of pa$', 1; 'Register-K2hdkcNode' = '^pa-server-1 of pa$', 1
            'Unregister-K2hdkcNode' = '^pa-server-1 of pa$', 1; 'Enable-K2hdkcNode' = '^pa-server-1 of pa$', 1; 'Disable-K2hdkcNode' = '^pa-server-1 of pa$', 1
        }
        Slave = @{ 'Get-K2hdkcSlave' = '^pa-slave-1$', 1; 'Stop-K2hdkcNode' = '^pa-slave-1 of pa$', 1; 'Start-K2hdkcNode' = '^pa-slave-1 of pa$', 1
            'Restart-K2hdkcNode' = '^pa-slave-1 of pa$', 1; 'Wait-K2hdkcNode' = '^pa-slave-1$', 1; 'Stop-K2hdkcSlave' = '^pa-slave-1 of pa$', 1 }
        Backup = @{ 'Get-K2hdkcBackup' = '^sa-', 1; 'Remove-K2hdkcBackup' = '^sa-', 1; 'Restore-K2hdkcNode' = '^pb$', 1 }
        Session = @{ 'Disconnect-K2hdkcDbaas' = '^sandbox$', 1; 'Select-K2hdkcSession' = '^sandbox$', 1 }
        Image = @{ 'Get-K2hdkcImage' = '^lab-image$', 1 }
        Flavor = @{ 'Get-K2hdkcFlavor' = '^lab\.tiny$', 1 }
        Network = @{ 'Get-K2hdkcNetwork' = '.', 1 }
        SecurityGroup = @{ 'Get-K2hdkcSecurityGroup' = '^default$', 1 }
        Role = @{
            'Get-K2hr3Role' = '^pa/server$', 1; 'Get-K2hr3RoleHost' = '.', 2; 'Get-K2hr3RoleToken' = '.', '*'; 'Get-K2hr3UserData' = '.', 1
            'New-K2hr3RoleToken' = '^pa/server$', 1; 'Remove-K2hr3Role' = '^pa/server$', 1; 'New-K2hr3Role' = '^pa/server$', 1; 'Set-K2hr3Role' = '^pa/server$', 1
        }
        RoleHost = @{ 'Get-K2hr3RoleHost' = '.', 1; 'Remove-K2hr3RoleHost' = ' of pa/server$', 1; 'Add-K2hr3RoleHost' = ' to pa/server$', 1 }
        Resource = @{
            'Get-K2hr3Resource' = '^pa/server$', 1; 'Remove-K2hr3Resource' = '^pa/server$', 1; 'New-K2hr3Resource' = '^pa/server$', 1; 'Set-K2hr3Resource' = '^pa/server$', 1
            'Get-K2hr3EffectiveAccess' = '^Yes: yrn:yahoo:::demo:policy:pa allows it', '*'; 'Export-K2hr3Configuration' = 'resources: pa/server:', 1
        }
        Service = @{
            'Get-K2hr3Service' = '^psvc$', 1; 'Remove-K2hr3Service' = '^psvc$', 1; 'New-K2hr3Service' = '^psvc$', 1; 'Set-K2hr3Service' = '^psvc$', 1
            'Add-K2hr3ServiceTenant' = '^t to psvc$', 1; 'Remove-K2hr3ServiceTenant' = '^t of psvc$', 1; 'Test-K2hr3ServiceTenant' = '^False$', 1
            'Register-K2hr3Service' = '^psvc$', 1; 'Unregister-K2hr3Service' = '^psvc$', 1; 'Confirm-K2hr3ServiceToken' = '^psvc$', 1
        }
        Policy = @{ 'Get-K2hr3Policy' = '^pa$', 1; 'Remove-K2hr3Policy' = '^pa$', 1; 'New-K2hr3Policy' = '^pa$', 1; 'Set-K2hr3Policy' = '^pa$', 1 }
    }
    $cases = foreach ($kind in $meanings.Keys) { foreach ($form in 'live', 'csv', 'clixml', 'job') { @{ Kind = $kind; Form = $form; Meaning = $meanings[$kind] } } }
}

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $cloud = Start-TestCloud -Sandbox @{ BuildTime = 0.1 }
    $node = @{ Image = 'lab-image'; Flavor = 'lab.tiny'; Wait = $true; Timeout = 120 }
    $null = New-K2hdkcCluster pa -ServerCount 2 -SlaveCount 1 @node
    $null = New-K2hdkcCluster pb -ServerCount 1 @node
    foreach ($name in 'a', 'b') { $null = Backup-K2hdkcCluster "p$name" -SetName "s$name" -Wait -Timeout 120 -WarningAction SilentlyContinue }
    $folder = Join-Path ([IO.Path]::GetTempPath()) "pipe-$([guid]::NewGuid())"
    $null = New-Item $folder -ItemType Directory

    $null = New-K2hr3Service psvc 'https://verify.example/'
    Clear-TestCall
    $lines = Invoke-Child {
        param($module, $clouds, $k2hr3, $folder)
        $ErrorActionPreference = 'Continue'
        Import-Module $module
        $session = Connect-K2hdkcDbaas sandbox -CloudsFile $clouds -K2hr3Uri $k2hr3
        $objects = [ordered]@{
            Cluster = Get-K2hdkcCluster pa
            Node = Get-K2hdkcNode pa pa-server-1
            Slave = Get-K2hdkcSlave pa
            Backup = Get-K2hdkcBackup sa | Select-Object -First 1
            Session = $session
            Image = Get-K2hdkcImage lab-image
            Flavor = Get-K2hdkcFlavor lab.tiny
            Network = Get-K2hdkcNetwork | Select-Object -First 1
            SecurityGroup = Get-K2hdkcSecurityGroup default
            Role = Get-K2hr3Role pa/server
            RoleHost = Get-K2hr3RoleHost pa/server | Select-Object -First 1
            Resource = Get-K2hr3Resource pa/server
            Policy = Get-K2hr3Policy pa
            Service = Get-K2hr3Service psvc
        }
        $more = @{
            'Set-K2hdkcCluster' = @{ NoConfigurationGroup = $true }; 'Restore-K2hdkcNode' = @{ Cluster = 'pb' }; 'Set-K2hdkcConfigurationGroup' = @{ Setting = 'a=b' }
            'Export-K2hdkcConfigurationGroup' = @{ Path = "$folder/group.yml" }; 'New-K2hr3Service' = @{ Verify = 'http://127.0.0.1/' }
            'Select-K2hdkcSession' = @{ PassThru = $true }; 'Add-K2hr3ServiceTenant' = @{ Tenant = 't' }; 'Remove-K2hr3ServiceTenant' = @{ Tenant = 't' }
            'Test-K2hr3ServiceTenant' = @{ Tenant = 't' }
            'Add-K2hdkcNode' = @{ Image = 'lab-image'; Flavor = 'lab.tiny' }; 'Start-K2hdkcSlave' = @{ Image = 'lab-image'; Flavor = 'lab.tiny' }
        }
        # These take any object, or work on what the test cannot reach from this host.
        $left = 'Push-K2hdkcQueue', 'Set-K2hdkcKey', 'Connect-K2hdkcCluster', 'Connect-K2hdkcDbaas', 'Wait-K2hdkcMerge', 'Get-K2hdkcStatus', 'New-K2hdkcConfigurationGroup'
        # Nova has consoles read by POST; the parameters are those of Stop-K2hdkcNode.
        $left += 'Get-K2hdkcNodeConsole'
        $commands = Get-Command -Module K2hdkcDbaas -CommandType Cmdlet | Where-Object {
            $_.Name -notin $left -and $_.ParameterSets.Parameters.Where{ $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }
        }
        foreach ($kind in $objects.Keys) {
            $object = $objects[$kind]
            $file = "$folder/$kind"
            $object | Export-Csv "$file.csv"
            $object | Export-Clixml "$file.xml"
            $forms = [ordered]@{
                live = $object; csv = Import-Csv "$file.csv"; clixml = Import-Clixml "$file.xml"
                job = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($object, 1))
            }
            foreach ($form in $forms.Keys) {
                foreach ($command in $commands) {
                    "@@ $kind $form $($command.Name)"
                    $given = $more[$command.Name] ?? @{}
                    if ($command.Parameters.ContainsKey('WhatIf')) { $given += @{ WhatIf = $true } }
                    try {
                        $forms[$form] | & $command @given -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue | ForEach-Object { "OUT $_" -replace '\s+', ' ' }
                        foreach ($record in $failed) { "ERR $($record.FullyQualifiedErrorId)" }
                    }
                    catch { "ERR $($_.FullyQualifiedErrorId)" }
                }
            }
        }
    } $env:K2HDKCDBAAS_MODULE, $cloud.CloudsFile, $cloud.K2hr3Uri, $folder
    $changes = @(Get-TestChange)

    # Kind, form and command to what was put out or would be done, and to what was refused.
    $results = @{}
    foreach ($line in $lines) {
        if ($line -match '^@@ (.+)$') { $results[$Matches[1]] = $current = @{ Means = @(); Refused = @() } }
        elseif ($line -match '^OUT (.*)$') { $current.Means += $Matches[1] }
        elseif ($line -match '^What if: .* on target "(.*)"\.$') { $current.Means += $Matches[1] }
        elseif ($line -match '^ERR (.*)$') { $current.Refused += $Matches[1] }
    }
}

AfterAll {
    Stop-TestCloud
    Remove-Item $folder -Recurse -ErrorAction Ignore
}

Describe 'A piped object' {
    It 'of kind <Kind> (<Form>) means what it shows or is refused' -ForEach $cases {
        $mine = $results.Keys.Where{ $_ -like "$Kind $Form *" }
        $mine.Count | Should -BeGreaterThan 40
        $wrong = foreach ($key in $mine) {
            $command, $result = ($key -split ' ')[2], $results[$key]
            if ($expected = $Meaning[$command]) {
                $pattern, $count = $expected
                if ($result.Means.Where{ $_ -notmatch $pattern } -or ($count -ne '*' -and $result.Means.Count -ne $count)) {
                    "$command gave '$($result.Means -join "', '")' and refused '$($result.Refused -join "', '")'"
                }
            }
            elseif ($result.Means -or -not $result.Refused) { "$command took it for '$($result.Means -join "', '")'" }
        }
        $wrong | Should -BeNullOrEmpty
    }

    It 'with -WhatIf changes nothing' {
        (Get-TestCall).Count | Should -BeGreaterThan 500
        $changes | ForEach-Object { "$($_.method) $($_.path)" } | Should -BeNullOrEmpty
    }

    It 'out of a real job is the object still' {
        $node = Get-K2hdkcNode pa pa-server-1
        $back = Start-ThreadJob { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($using:node)) } | Receive-Job -Wait -AutoRemoveJob
        ($back | Get-K2hdkcNode).Id | Should -Be $node.Id
    }

    It 'of columns of its own means what they say' {
        ([pscustomobject]@{ Cluster = 'pa'; Node = 'pa-server-2' } | Get-K2hdkcNode).Name | Should -Be pa-server-2
        ([pscustomobject]@{ Cluster = 'pa' } | Get-K2hdkcNode).Count | Should -Be 2
        ((Get-K2hdkcNode pa | Select-Object Cluster, Name | Get-K2hdkcNode).Name | Sort-Object) | Should -Be pa-server-1, pa-server-2
        ('pa', 'pb' | Get-K2hdkcNode).Count | Should -Be 3
    }
}

Describe 'A rule for backups' {
    It 'takes clusters from the pipeline' {
        $null = Backup-K2hdkcCluster pa -SetName sa2 -Wait -Timeout 120 -WarningAction SilentlyContinue
        (Get-K2hdkcCluster pa | Remove-K2hdkcBackup -KeepLast 1 -Confirm:$false -PassThru).SetName | Should -Be sa, sa
        (Get-K2hdkcCluster pa | Get-K2hdkcBackup).SetName | Should -Be sa2, sa2
        { Get-K2hdkcCluster pa | Remove-K2hdkcBackup -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest,*'
    }

    It 'removes a set by -SetName' {
        (Remove-K2hdkcBackup -SetName sb -Confirm:$false -PassThru).SetName | Should -Be sb
    }
}

Describe 'A node over all clusters' {
    It 'is found without an error for each other cluster' {
        $found = Get-K2hdkcNode -Name pb-server-1 -ErrorVariable failed
        $found.Cluster | Should -Be pb
        $failed | Should -BeNullOrEmpty
        { Get-K2hdkcNode -Name nowhere-1 -ErrorAction Stop } | Should -Throw -ErrorId 'NodeNotFound,*'
    }
}

Describe 'The ring that is meant' {
    It 'is said in one way: <_>' -ForEach @(
        'Get-K2hdkcKey a -ConfigurationPath x.ini -Server localhost', 'Get-K2hdkcKey a -Cluster pa -Server localhost', 'Get-K2hdkcStatus -Cluster pa -ConfigurationPath x.ini'
        'Get-K2hdkcNodeStatus -Cluster pa -Server localhost', 'Start-K2hdkcMerge -ConfigurationPath x.ini -Server localhost', 'Set-K2hdkcKey k v -Session s -Server localhost'
        'Disable-K2hdkcNode -Cluster pa -Node n -ConfigurationPath x.ini', 'Pop-K2hdkcQueue q -Cluster pa -ConfigurationPath x.ini'
    ) {
        { Invoke-Expression $_ } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'has the same nodes in their own places, whichever server is asked' {
        # Control ports answer members of the ring only.
        $null = Connect-K2hdkcCluster pa -Register -Timeout 120
        try {
            # One of them lets this host in first; the other one follows.
            $limit = [datetime]::UtcNow.AddMinutes(2)
            do { $expected = Get-K2hdkcNodeStatus pa | Sort-Object ControlAddress }
            until (($expected.Answers -eq $true).Count -eq 2 -or [datetime]::UtcNow -gt $limit)
            $expected.Answers | Should -Be $true, $true
            foreach ($node in Get-K2hdkcNode pa) {
                $found = Get-K2hdkcNodeStatus -Server "$($node.IPAddress):8021" | Sort-Object ControlAddress
                $found.ControlAddress | Should -Be $expected.ControlAddress
                $found.Cuk | Should -Be $expected.Cuk
                $found.Tag | Should -Be $expected.Tag
            }
        }
        finally { Disconnect-K2hdkcCluster pa }
    }
}
