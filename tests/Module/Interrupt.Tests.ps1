# Ctrl+C at a real terminal: what it stops, and what it leaves alone.

BeforeDiscovery {
    # It gives the shell a terminal; part of every Linux and macOS.
    $script:noTerminal = $IsWindows -or -not (Get-Command script -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"

    # Starts an interactive PowerShell on a terminal of its own. What is typed is sent with Send-Line, what it shows is read with Wait-Output.
    function Start-Terminal {
        $command = @(Get-PowerShellCommand).ForEach{ "'$_'" } -join ' '
        # Whoever runs the tests in the background has them ignore Ctrl+C, and with them all that they start.
        if ($IsLinux -and (& { env --default-signal true 2>$null; $LASTEXITCODE -eq 0 })) { $command = "env --default-signal $command" }
        $command += ' -NoProfile -NoLogo -NoExit -Command "Remove-Module PSReadLine -ErrorAction Ignore; function prompt { }"'
        $start = [System.Diagnostics.ProcessStartInfo]::new('script')
        foreach ($argument in $IsMacOS ? @('-q', '/dev/null', 'sh', '-c', $command) : @('-q', '-f', '-e', '-c', $command, '/dev/null')) { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $start.Environment['TERM'] = 'dumb'
        $start.Environment['NO_COLOR'] = '1'
        $script:terminal = [System.Diagnostics.Process]::Start($start)
        $script:shown = [System.Text.StringBuilder]::new()
        $script:pending = $null
    }

    function Send-Line([string] $Line) {
        $script:terminal.StandardInput.Write("$Line`n")
        $script:terminal.StandardInput.Flush()
    }

    function Send-Interrupt {
        $script:terminal.StandardInput.Write([char]3)
        $script:terminal.StandardInput.Flush()
    }

    # Takes in what is shown meanwhile, for at most a tenth of a second. False once the terminal is closed.
    function Read-Terminal {
        $script:pending ??= & { $buffer = [char[]]::new(4096); @{ Buffer = $buffer; Task = $script:terminal.StandardOutput.ReadAsync($buffer, 0, $buffer.Length) } }
        if (-not $script:pending.Task.Wait(100)) { return $true }
        $read = [string]::new($script:pending.Buffer, 0, $script:pending.Task.Result)
        if (-not $read) { return $false }
        $script:pending = $null
        # The shell's line editor asks the terminal where its cursor is, and waits for the answer.
        foreach ($question in [regex]::Matches($read, '\e\[6n')) { $script:terminal.StandardInput.Write("`e[1;1R") }
        $script:terminal.StandardInput.Flush()
        $null = $script:shown.Append(($read -replace '\e\[[\d;?]*[A-Za-z]'))
        $true
    }

    # Waits until what is shown matches, and gives back the match. What was matched once is not looked at again.
    function Wait-Output([string] $Pattern, [int] $Seconds = 60) {
        $end = [DateTime]::UtcNow.AddSeconds($Seconds)
        do {
            $text = $script:shown.ToString()
            if ($text -match $Pattern) {
                $null = $script:shown.Remove(0, $text.IndexOf($Matches[0], [StringComparison]::Ordinal) + $Matches[0].Length)
                return $Matches[0]
            }
        } while ((Read-Terminal) -and [DateTime]::UtcNow -lt $end)
        throw "'$Pattern' was not shown within $Seconds s, but: $script:shown"
    }

    # Types a line, and waits for what it is to show.
    function Get-Shown([string] $Line, [string] $Pattern) {
        Send-Line $Line
        Wait-Output $Pattern
    }

    # Leaves the shell; whether the terminal was closed by that.
    function Stop-Terminal([int] $Seconds = 30) {
        if (-not $script:terminal.HasExited) { Send-Line 'exit' }
        $end = [DateTime]::UtcNow.AddSeconds($Seconds)
        while ((Read-Terminal) -and [DateTime]::UtcNow -lt $end) { }
        $script:terminal.WaitForExit(5000)
    }
}

Describe 'Ctrl+C at the prompt' -Skip:$noTerminal {
    BeforeAll {
        Start-Terminal
        Send-Line "Import-Module '$env:K2HDKCDBAAS_MODULE'; `$cloud = Start-K2hdkcSandbox -BuildTime 120; `$null = `$cloud | Connect-K2hdkcDbaas"
        # Typed text is shown too, so what is looked for is not what was typed.
        Send-Line "'sandbox' + '=' + `$cloud.ProcessId + ',' + `$cloud.AdminUri + ';'"
        $script:sandbox, $script:admin = (Wait-Output 'sandbox=\d+,[^;]+;').Substring(8).TrimEnd(';') -split ','

        # The sandbox's own answer, and the project's clusters as the session sees them.
        function Get-Answer {
            Get-Shown '"alive=$(@(Get-K2hdkcSandbox).IsRunning),$((Invoke-RestMethod "$($cloud.AdminUri)sandbox/clock").speed),$(@(Get-K2hdkcImage).Count -gt 0);"' 'alive=\w+,\d+,\w+;'
        }
    }

    AfterAll {
        if ($script:terminal -and -not (Stop-Terminal)) { $terminal.Kill($true) }
    }

    It 'stops Start-Sleep and leaves the sandbox alone' {
        Send-Line "'going' + ' to sleep'; Start-Sleep 600; 'over' + 'slept'"
        $null = Wait-Output 'going to sleep'
        Start-Sleep -Milliseconds 500
        Send-Interrupt
        Get-Answer | Should -Be 'alive=True,1,True;'
        "$shown" | Should -Not -Match 'overslept'
    }

    It 'stops New-K2hdkcCluster -Wait at once, and leaves the sandbox and what was made alone' {
        Send-Line 'New-K2hdkcCluster stopped -ServerCount 1 -Image lab-image -Flavor lab.tiny -Wait'
        # Its server builds for two minutes; until then it waits.
        $end = [DateTime]::UtcNow.AddSeconds(90)
        do { $null = Read-Terminal; $calls = Invoke-RestMethod "${admin}sandbox/calls" | ForEach-Object { $_ } }
        until (($made = $calls | Where-Object { $_.method -eq 'POST' -and $_.path -match '/servers$' }) -or [DateTime]::UtcNow -gt $end)
        $made | Should -Not -BeNullOrEmpty
        Start-Sleep -Milliseconds 500
        Send-Interrupt
        Get-Shown '"kept=$((Get-K2hdkcNode stopped -ErrorAction Ignore).Name);"' 'kept=[\w-]*;' | Should -Be 'kept=stopped-server-1;'
        Get-Answer | Should -Be 'alive=True,1,True;'
    }

    It 'keeps the sandbox in a session of its own, which ends with the shell' {
        $process = Get-Process -Id $sandbox
        Stop-Terminal | Should -BeTrue
        $process.WaitForExit(20000) | Should -BeTrue
    }
}
