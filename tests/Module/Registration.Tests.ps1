# This host is in a cluster's slave role while a registered connection is open, and not a moment longer.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $cloud = Start-TestCloud -Sandbox @{ BuildTime = 0.1 }
    $null = New-K2hdkcCluster reg -ServerCount 1 -Image lab-image -Flavor lab.tiny -Wait -Timeout 60
    function Get-RegisteredCuk { @(Get-K2hr3RoleHost reg/slave -ErrorAction Ignore).Cuk }
    # Connects as another user of the sandbox would, registers, and gives the registration's cuk.
    $connect = {
        param($module, $cloudsFile, $k2hr3)
        Import-Module $module
        $null = Connect-K2hdkcDbaas sandbox -CloudsFile $cloudsFile -K2hr3Uri $k2hr3
        (Connect-K2hdkcCluster reg -Register -Timeout 60).RegisteredCuk
    }
}

AfterAll { Stop-TestCloud }

Describe 'A registered connection' {
    It 'ends with Disconnect-K2hdkcCluster' {
        $connection = Connect-K2hdkcCluster reg -Register
        Get-RegisteredCuk | Should -Contain $connection.RegisteredCuk
        $slave = Get-K2hdkcSlave reg
        $slave.Status, $slave.Registered | Should -Be EXTERNAL, $true
        (Get-K2hdkcCluster reg).Status, (Get-K2hdkcCluster reg).SlaveCount | Should -Be Ready, 1
        (Get-K2hdkcStatus reg -ErrorAction Stop).Node | Should -Be reg-server-1
        Disconnect-K2hdkcCluster reg
        Get-RegisteredCuk | Should -Not -Contain $connection.RegisteredCuk
    }

    It 'ends with its session' {
        $mine = Get-K2hdkcSandbox | Connect-K2hdkcDbaas -Name mine
        $connection = Connect-K2hdkcCluster reg -Register -Session $mine
        Get-RegisteredCuk | Should -Contain $connection.RegisteredCuk
        Disconnect-K2hdkcDbaas mine
        Get-RegisteredCuk | Should -Not -Contain $connection.RegisteredCuk
    }

    It 'ends with its runspace' {
        $runspace = [runspacefactory]::CreateRunspace()
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        $cuk = $shell.AddScript($connect).AddArgument($env:K2HDKCDBAAS_MODULE).AddArgument($cloud.CloudsFile).AddArgument("$($cloud.K2hr3Uri)").Invoke()[0]
        $shell.Streams.Error | Should -BeNullOrEmpty
        Get-RegisteredCuk | Should -Contain $cuk
        $shell.Dispose()
        $runspace.Close()
        Get-RegisteredCuk | Should -Not -Contain $cuk
    }

    It 'ends with its process' {
        $cuk = Invoke-Child $connect $env:K2HDKCDBAAS_MODULE, $cloud.CloudsFile, "$($cloud.K2hr3Uri)"
        $cuk | Should -Match '^[0-9a-f-]{36}$'
        Get-RegisteredCuk | Should -Not -Contain $cuk
    }
}
