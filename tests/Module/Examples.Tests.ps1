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
    It 'lives the whole life of a cluster of pods in 20 seconds, and leaves nothing running' {
        $quickstart = (Resolve-Path "$PSScriptRoot/../../examples/quickstart-kubernetes.ps1").Path
        $out = Invoke-Child -Argument $quickstart {
            param($quickstart)
            $took = Measure-Command { $script:text = & $quickstart *>&1 | Out-String -Width 200 }
            $script:text
            "left: $(@(Get-K2hdkcSandbox).Count) sandboxes, $(@(Get-K2hdkcSession).Count) sessions"
            "seconds: $([int] $took.TotalSeconds)"
        }
        $text = $out -join "`n"
        $text | Should -Match 'svrpod-quickstart-1\s+Running\s+True'
        $text | Should -Match 'item:7\s+8\s+value 7'
        $text | Should -Match '100 of 100 keys are there'
        $text | Should -Match 'stateful set\s+svrpod-quickstart'
        $text | Should -Match 'left: 0 sandboxes, 0 sessions'
        # A machine that does something else as well takes longer than the 20 seconds that it has on its own.
        [int] ($text -replace '(?s).*seconds: (\d+).*', '$1') | Should -BeLessThan 60
    }
}
