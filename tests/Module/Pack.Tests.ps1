# The packed folder, in the hands of someone who has no checkout.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $out = (New-Item "$TestDrive/modules" -ItemType Directory).FullName
    $build = (Resolve-Path "$PSScriptRoot/../../build.ps1").Path
    $packed = Invoke-Child -Argument $build, $out { param($build, $out) & $build Pack -NoBuild -Output $out }
}

Describe 'build.ps1 Pack' {
    It 'leaves a folder that is imported by its name and runs a cluster, with nothing from the checkout' {
        "$packed" | Should -Match 'Packed'
        $result = Invoke-Child -Argument $out {
            param($out)
            Set-Location ([IO.Path]::GetTempPath())
            $env:PSModulePath = "$out$([IO.Path]::PathSeparator)$PSHOME/Modules"
            Import-Module K2hdkcDbaas
            $null = Start-K2hdkcSandbox | Connect-K2hdkcDbaas
            "made $((New-K2hdkcCluster packed -ServerCount 1 -Image lab-image -Flavor lab.tiny -Wait).Name)"
            Remove-K2hdkcCluster packed -Confirm:$false -Wait
            "help $(@((Get-Help New-K2hdkcCluster).examples.example).Count -gt 1) $((Get-Help about_K2hdkcDbaas | Out-String).Contains('SESSIONS'))"
            Disconnect-K2hdkcDbaas
            Stop-K2hdkcSandbox
            [System.Runtime.Loader.AssemblyLoadContext]::All.Assemblies | Where-Object { -not $_.IsDynamic -and $_.Location -and $_.GetName().Name -match 'K2hdkcDbaas|YamlDotNet|Polly' } |
                ForEach-Object { "from $($_.Location)" }
        }
        $result | Should -Contain 'made packed'
        $result | Should -Contain 'help True True'
        $places = @($result -like 'from *')
        $places.Count | Should -BeGreaterThan 5
        $places | Where-Object { -not $_.StartsWith("from $out") } | Should -BeNullOrEmpty
    }

    It 'holds neither symbols nor sources' {
        Get-ChildItem $out -Recurse -File | Where-Object Extension -In '.pdb', '.cs', '.csproj' | Should -BeNullOrEmpty
    }
}
