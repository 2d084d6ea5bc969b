# What a migration does: very many keys through one pipeline.

BeforeAll {
    . "$PSScriptRoot/Ring.ps1"
    $null = Connect-K2hdkcCluster -ConfigurationPath (Start-TestRing -ServerCount 2)
    $prefix = [guid]::NewGuid().ToString('N').Substring(0, 8)
    $count = 100000
    # One in ten thousand cannot be stored as text.
    $isOdd = { param($n) $n % 10000 -eq 5000 }
}

AfterAll { Stop-TestRing }

Describe '100,000 keys' {
    It 'are written in one pipeline, in the order of input, and each failure is told' {
        $records = foreach ($n in 1..$count) { [pscustomobject]@{ Key = "$prefix-$n"; Value = if (& $isOdd $n) { @{ n = $n } } else { "v$n" } } }
        $written = $records | Set-K2hdkcKey -PassThru -ErrorVariable faults -ErrorAction SilentlyContinue
        $good = foreach ($record in $records) { if ($record.Value -is [string]) { $record.Key } }
        $written.Count | Should -Be $good.Count
        [string]::Join(',', $written.Key) -ceq [string]::Join(',', $good) | Should -BeTrue -Because 'results come in the order of input'
        $faults.Count | Should -Be ($count / 10000)
        $faults.TargetObject | Should -Be (0..9 | ForEach-Object { "$prefix-$($_ * 10000 + 5000)" })
        $faults.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'UnfitValue,*'
    }

    It 'are read in one pipeline, in the order of input, and each missing one is told' {
        $read = 1..$count | ForEach-Object { "$prefix-$_" } | Get-K2hdkcKey -ErrorVariable faults -ErrorAction SilentlyContinue
        $expected = foreach ($n in 1..$count) { if (-not (& $isOdd $n)) { "v$n" } }
        [string]::Join(',', $read.Value) -ceq [string]::Join(',', $expected) | Should -BeTrue -Because 'results come in the order of input'
        $faults.TargetObject | Should -Be (0..9 | ForEach-Object { "$prefix-$($_ * 10000 + 5000)" })
        $faults.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'KeyNotFound,*'
    }

    It 'are removed in one pipeline' {
        $removed = 1..$count | ForEach-Object { "$prefix-$_" } | Remove-K2hdkcKey -Force -PassThru
        $removed.Count | Should -Be $count
        1..$count | Where-Object { $_ % 997 -eq 0 } | ForEach-Object { "$prefix-$_" } | Get-K2hdkcKey -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}
