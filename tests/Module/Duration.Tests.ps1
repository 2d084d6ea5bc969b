# A duration means the same wherever it is given.
BeforeAll {
    . "$PSScriptRoot/Ring.ps1"
    $null = Start-TestCloud -Sandbox @{ BuildTime = '0.1s' }
    $null = Start-TestRing -ServerCount 1
    $null = Connect-K2hdkcCluster -ConfigurationPath $ringConfiguration
    $prefix = [guid]::NewGuid().ToString('N').Substring(0, 8)
    $null = New-K2hr3Role "$prefix-role"
    function Left([string] $Key) { ((Get-K2hdkcKeyAttribute $Key).Expires - [DateTimeOffset]::UtcNow).TotalSeconds }
}

AfterAll {
    Stop-TestRing
    Stop-TestCloud
}

Describe 'A duration' {
    It 'of <Text> is <Seconds> seconds' -ForEach @(
        @{ Text = '3600'; Seconds = 3600 }, @{ Text = "'3600'"; Seconds = 3600 }, @{ Text = '90s'; Seconds = 90 }, @{ Text = '5m'; Seconds = 300 }
        @{ Text = '1h'; Seconds = 3600 }, @{ Text = '30d'; Seconds = 2592000 }, @{ Text = "'30d'"; Seconds = 2592000 }, @{ Text = '1.5h'; Seconds = 5400 }
        @{ Text = '1.02:03:04'; Seconds = 93784 }, @{ Text = '0:30:0'; Seconds = 1800 }, @{ Text = '([timespan]::FromMinutes(2))'; Seconds = 120 }
        @{ Text = '([decimal]60)'; Seconds = 60 }, @{ Text = '([long]60)'; Seconds = 60 }, @{ Text = '59.2'; Seconds = 60 }
    ) {
        Invoke-Expression "Set-K2hdkcKey $prefix-t v -ExpiresIn $Text"
        Left "$prefix-t" | Should -BeGreaterThan ($Seconds - 5)
        Left "$prefix-t" | Should -BeLessOrEqual ($Seconds + 1)
    }

    It 'is the same out of a CSV' {
        "Key,Value,ExpiresIn`n$prefix-csv,v,3600" | ConvertFrom-Csv | Set-K2hdkcKey
        Left "$prefix-csv" | Should -BeGreaterThan 3590
        Left "$prefix-csv" | Should -BeLessOrEqual 3601
    }

    It 'is refused by name when it is <Text>' -ForEach @(
        @{ Text = '0' }, @{ Text = "'0'" }, @{ Text = '-5' }, @{ Text = "'-1.00:00:00'" }, @{ Text = '([timespan]::Zero)' }, @{ Text = 'soon' }, @{ Text = "''" }
        @{ Text = '5x' }, @{ Text = '1e30' }, @{ Text = '([double]::NaN)' }, @{ Text = '$true' }
    ) {
        foreach ($command in "Set-K2hdkcKey $prefix-no v -ExpiresIn $Text", "New-K2hr3RoleToken $prefix-role -Lifetime $Text", "Wait-K2hdkcMerge -Timeout $Text",
            "Remove-K2hdkcBackup -Cluster x -OlderThan $Text", "Connect-K2hdkcDbaas -RequestTimeout $Text", "Start-K2hdkcSandbox -BuildTime $Text") {
            { Invoke-Expression $command } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        }
        { Invoke-Expression "Set-K2hdkcKey $prefix-no v -ExpiresIn $Text" } | Should -Throw "*'ExpiresIn'*"
        { Get-K2hdkcKey "$prefix-no" } | Should -Throw -ErrorId 'KeyNotFound,*'
    }

    It 'that is positive never becomes for ever' {
        $token = New-K2hr3RoleToken "$prefix-role" -Lifetime 0.2
        ($token.Expires - $token.Created).TotalSeconds | Should -BeLessThan 60
        Set-K2hdkcKey "$prefix-short" v -ExpiresIn ([timespan]::FromTicks(1))
        (Get-K2hdkcKeyAttribute "$prefix-short").Expires | Should -Not -BeNullOrEmpty
    }

    It 'of a role token is what was asked for' {
        $token = New-K2hr3RoleToken "$prefix-role" -Lifetime 3600
        ($token.Expires - $token.Created).TotalSeconds | Should -Be 3600
    }
}
