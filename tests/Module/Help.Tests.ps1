# Every example of every help page runs, against a sandbox in the state that the pages tell of: a cluster 'demo' of two servers and
# a slave, with this host in its ring.

BeforeDiscovery {
    $pages = foreach ($page in Get-ChildItem "$PSScriptRoot/../../src/K2hdkcDbaas/Help/en-US/*-*.md") {
        $text = Get-Content $page -Raw
        $examples = [regex]::Matches($text.Substring($text.IndexOf('## EXAMPLES')), '(?ms)^### (Example [^\n]+)\n+```powershell\n(.*?)\n```')
        foreach ($example in $examples) { @{ cmdlet = $page.BaseName; title = $example.Groups[1].Value; code = $example.Groups[2].Value } }
    }
}

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    Import-Module $env:K2HDKCDBAAS_MODULE

    function Reset-TestState {
        if (@(Get-K2hdkcSandbox).Count -ne 1) {
            Disconnect-K2hdkcDbaas -All
            Stop-K2hdkcSandbox
        }
        if (-not (Get-K2hdkcSandbox)) { $script:cloud = Start-K2hdkcSandbox -BuildTime 0.1 }
        if ((Get-K2hdkcSession -Current).Name -ne 'sandbox') {
            Disconnect-K2hdkcDbaas -All -ErrorAction SilentlyContinue
            $script:session = Get-K2hdkcSandbox | Select-Object -First 1 | Connect-K2hdkcDbaas
        }
        # K2HR3 removes nothing that a policy or role still names.
        Get-K2hr3Role | Where-Object Name -NotLike demo* | Sort-Object Name -Descending | Remove-K2hr3Role -Confirm:$false
        Get-K2hr3Policy | Where-Object Name -NotLike demo* | Remove-K2hr3Policy -Confirm:$false
        Get-K2hr3Service | Remove-K2hr3Service -Confirm:$false
        Get-K2hdkcConfigurationGroup | Remove-K2hdkcConfigurationGroup -Confirm:$false
        $clusters = @(Get-K2hdkcCluster)
        $slaves = @(Get-K2hdkcSlave demo -ErrorAction SilentlyContinue | Where-Object Id)
        if ($clusters.Count -ne 1 -or $clusters[0].Name -ne 'demo' -or $clusters[0].ServerCount -ne 2 -or $slaves.Count -ne 1) {
            Disconnect-K2hdkcCluster -All -ErrorAction SilentlyContinue
            $clusters | Remove-K2hdkcCluster -Confirm:$false -Wait
            $null = New-K2hdkcCluster demo -ServerCount 2 -SlaveCount 1 -Image lab-image -Flavor lab.tiny -Wait
        }
    }

    # What the pages of keys and nodes take for granted: this host is let in, both servers serve, and no merge is held up.
    function Join-TestRing {
        $null = Connect-K2hdkcCluster demo -Register
        Resume-K2hdkcMerge demo
        foreach ($attempt in 1..40) {
            $out = @(Get-K2hdkcNodeStatus demo | Where-Object { $_.Service -ne 'ServiceIn' -or -not $_.IsUp })
            if (-not $out) { break }
            # One that is still joining refuses, and comes in by itself.
            foreach ($node in $out) { Enable-K2hdkcNode demo $node.Name -ErrorAction SilentlyContinue }
            Start-Sleep -Milliseconds 250
        }
        $null = Wait-K2hdkcMerge demo
        Set-K2hdkcKey greeting hello
    }
}

AfterAll {
    Disconnect-K2hdkcDbaas -All -ErrorAction SilentlyContinue
    Stop-K2hdkcSandbox
}

Describe 'Help' {
    It '<cmdlet>: <title>' -ForEach $pages {
        Reset-TestState
        if ($cmdlet -match 'Key|Subkey|Queue|Counter|Merge|Ring|Status|Enable-|Disable-|-K2hdkcCluster$' -and $cmdlet -notmatch 'KeyPair|^(New|Get|Remove)-K2hdkcCluster$') { Join-TestRing }
        # These start where a node is out of service.
        if ($cmdlet -in 'Enable-K2hdkcNode', 'Suspend-K2hdkcMerge') { Disable-K2hdkcNode demo demo-server-2 -Wait -Confirm:$false }
        # The pages show a cloud's addresses, and nobody is here to confirm.
        $code = $code.Replace('10.0.0.11', (Get-K2hdkcNode demo demo-server-1).IPAddress)
        $script = [scriptblock]::Create("`$ErrorActionPreference = 'Stop'; `$ConfirmPreference = 'None'`n$code")
        { & $script } | Should -Not -Throw
    }

    It 'is found by Get-Help' {
        $help = Get-Help New-K2hdkcCluster -Full
        $help.Synopsis | Should -Match 'Makes a cluster'
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        ($help.parameters.parameter | Where-Object name -EQ ServerCount).description.Text | Should -Match 'server nodes'
        Get-Help about_K2hdkcDbaas | Out-String | Should -Match 'SESSIONS'
    }
}
