# Trove's configuration groups.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $null = Start-TestCloud
}

AfterAll { Stop-TestCloud }

Describe 'Configuration groups' {
    AfterEach { Get-K2hdkcConfigurationGroup | Remove-K2hdkcConfigurationGroup -Confirm:$false }

    It 'come from a hashtable, single settings and a file, the later winning' {
        $file = Join-Path $TestDrive settings.yaml
        "cluster-name: a`nchmpx-server-port: 9001`nchmpx-server-ctlport: 9002" | Set-Content $file
        $group = New-K2hdkcConfigurationGroup g @{ 'chmpx-server-ctlport' = 9012; 'cluster-name' = 'b' } -Setting cluster-name=c -Path $file
        $group.Values['cluster-name'], $group.Values['chmpx-server-port'], $group.Values['chmpx-server-ctlport'] | Should -Be c, 9001, 9012
    }

    It 'refuse <setting> before Trove is asked to change anything' -ForEach @(
        @{ setting = 'extdata-url=http://x' }, @{ setting = 'nosuch=1' }, @{ setting = 'chmpx-server-port=70000' }, @{ setting = 'chmpx-server-port=many' }, @{ setting = 'noequals' }
    ) {
        Clear-TestCall
        New-K2hdkcConfigurationGroup g -Setting cluster-name=c, $setting -ErrorVariable fault -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $fault.FullyQualifiedErrorId | Should -BeLike 'InvalidConfigurationValue,*'
        Get-TestChange | Should -BeNullOrEmpty
    }

    It 'change in part or as a whole' {
        $group = New-K2hdkcConfigurationGroup g -Setting cluster-name=c, chmpx-server-port=9001
        (Set-K2hdkcConfigurationGroup $group -Setting chmpx-slave-ctlport=9003 -PassThru).Values.Count | Should -Be 3
        ($group | Set-K2hdkcConfigurationGroup -Value @{ 'cluster-name' = 'c' } -Replace -PassThru).Values.Count | Should -Be 1
    }

    It 'go to a file and come back the same' {
        $group = New-K2hdkcConfigurationGroup g -Setting cluster-name=0123, chmpx-server-port=9001
        $file = $group | Export-K2hdkcConfigurationGroup -Path (Join-Path $TestDrive out.yaml) -PassThru
        (New-K2hdkcConfigurationGroup h -Path $file.FullName).Values['cluster-name'] | Should -Be '0123'
        { $group | Export-K2hdkcConfigurationGroup -Path $file.FullName -ErrorAction Stop } | Should -Throw '*cannot be written*'
    }

    It 'are completed' {
        [System.Management.Automation.CommandCompletion]::CompleteInput('Set-K2hdkcConfigurationGroup g -Setting chmpx-se', 48, $null).CompletionMatches.CompletionText |
            Should -Be 'chmpx-server-ctlport=', 'chmpx-server-port='
    }
}
