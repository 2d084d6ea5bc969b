# The runnable examples, each in a process of its own as a user would run it.

BeforeAll { . "$PSScriptRoot/Harness.ps1" }

Describe 'examples/quickstart.ps1' {
    It 'lives a cluster''s whole life and leaves nothing running' {
        $quickstart = (Resolve-Path "$PSScriptRoot/../../examples/quickstart.ps1").Path
        $out = Invoke-Child -Argument $quickstart {
            param($quickstart)
            & $quickstart *>&1 | Out-String -Width 200
            "left: $(@(Get-K2hdkcSandbox).Count) sandboxes, $(@(Get-K2hdkcSession).Count) sessions"
        }
        $text = $out -join "`n"
        $text | Should -Match 'quickstart-server-4\s+ACTIVE\s+True'
        $text | Should -Match 'Slave\s+quickstart-worker\s+ACTIVE\s+True'
        $text | Should -Match 'GROUP = quickstart'
        $text | Should -Match 'item:7\s+8\s+value 7'
        $text | Should -Match '100 of 100 keys are there'
        $text | Should -Match 'resource\s+quickstart'
        $text | Should -Match 'left: 0 sandboxes, 0 sessions'
    }
}

Describe 'examples/quickstart-kubernetes.ps1' {
    It 'lives the whole life of a cluster of pods, and leaves nothing running' {
        $quickstart = (Resolve-Path "$PSScriptRoot/../../examples/quickstart-kubernetes.ps1").Path
        $out = Invoke-Child -Argument $quickstart {
            param($quickstart)
            & $quickstart *>&1 | Out-String -Width 200
            "left: $(@(Get-K2hdkcSandbox).Count) sandboxes, $(@(Get-K2hdkcSession).Count) sessions"
        }
        $text = $out -join "`n"
        $text | Should -Match 'svrpod-quickstart-1\s+Running\s+True'
        $text | Should -Match 'item:7\s+8\s+value 7'
        $text | Should -Match '100 of 100 keys are there'
        $text | Should -Match 'stateful set\s+svrpod-quickstart'
        $text | Should -Match 'left: 0 sandboxes, 0 sessions'
    }
}

Describe 'examples/quickstart-helm.ps1' {
    BeforeDiscovery { $helm = $env:K2HDKC_TEST_HELM ?? (Get-Command helm -CommandType Application -ErrorAction Ignore | Select-Object -First 1).Source }

    It 'says where helm comes from when there is none' {
        $quickstart = (Resolve-Path "$PSScriptRoot/../../examples/quickstart-helm.ps1").Path
        { & $quickstart -HelmPath (Join-Path $TestDrive nosuch helm) } | Should -Throw '*nosuch*https://helm.sh*-HelmPath*'
    }

    It 'asks for the chart' -Skip:$IsWindows {
        $quickstart = (Resolve-Path "$PSScriptRoot/../../examples/quickstart-helm.ps1").Path
        { & $quickstart -HelmPath /bin/true } | Should -Throw '*-Chart*-ChartRepository*'
    }

    It 'lives the whole life of a release, and leaves nothing running' -ForEach @{ Helm = $helm } {
        if (-not $Helm) {
            Set-ItResult -Skipped -Because 'there is no helm on this machine; install it, or name it in K2HDKC_TEST_HELM'
            return
        }
        # A chart like K2HDKC's, with the configuration that a cluster of pods has.
        $chart = Join-Path $TestDrive chart
        Copy-Item "$PSScriptRoot/../Support/SmallChart" $chart -Recurse
        $null = New-Item "$chart/files" -ItemType Directory
        $cloud = Start-TestCloud
        try {
            $login = @{ Kubeconfig = $cloud.Kubeconfig; K2hr3Uri = $cloud.K2hr3Uri; K2hr3Credential = [pscredential]::new('demo', (ConvertTo-SecureString labsecret -AsPlainText)) }
            $null = Connect-K2hdkcDbaas -Backend Kubernetes @login
            $null = New-K2hdkcCluster quickstart
            Set-Content "$chart/files/ini.templ" (Get-K2hdkcClusterConfiguration quickstart).Text
        }
        finally { Stop-TestCloud }

        $quickstart = (Resolve-Path "$PSScriptRoot/../../examples/quickstart-helm.ps1").Path
        $text = (Invoke-Child -Argument $quickstart, $chart, $Helm {
            param($quickstart, $chart, $helm)
            & $quickstart -Chart $chart -HelmPath $helm *>&1 | Out-String -Width 200
            "left: $(@(Get-K2hdkcSandbox).Count) sandboxes, $(@(Get-K2hdkcSession).Count) sessions"
        }) -join "`n"
        $text | Should -Match 'svrpod-quickstart-1\s+Running\s+True'
        $text | Should -Match 'item:7\s+8\s+value 7'
        $text | Should -Match '100 of 100 keys are there'
        $text | Should -Match 'quickstart\s+3\s+deployed\s+2\s+1'
        $text | Should -Match 'Helm release\s+quickstart'
        $text | Should -Match 'left: 0 sandboxes, 0 sessions'
    }
}
