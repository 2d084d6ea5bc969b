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
