# The session that README.md shows, run as it stands: what it prints must be what the page says.

BeforeDiscovery {
    $page = Get-Content "$PSScriptRoot/../../README.md" -Raw
    $session = [regex]::Match($page, '(?s)```powershell\n(?<text>PS> .*?)```').Groups['text'].Value
    $steps = [regex]::Matches($session, '(?m)^PS> (?<command>.*)\n(?<output>(?:(?!PS> ).*\n)*)') | ForEach-Object {
        @{ Command = $_.Groups['command'].Value; Output = $_.Groups['output'].Value }
    }
}

BeforeAll {
    Import-Module $env:K2HDKCDBAAS_MODULE
    # What differs each time: ids and addresses; and how wide a column they make.
    function ConvertTo-Comparable([string] $Text) {
        foreach ($line in $Text -split "`n") {
            $line = $line -replace '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID' -replace '127(\.\d+){3}', 'ADDRESS' -replace '-{2,}', '-' -replace '\s+', ' '
            if ($line.Trim()) { $line.Trim() }
        }
    }
    Push-Location (Split-Path $env:K2HDKCDBAAS_MODULE)
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll {
    Pop-Location
    if (Get-K2hdkcSandbox) { Stop-K2hdkcSandbox }
}

Describe 'The session in README.md' {
    It 'has steps to run' -ForEach @{ Count = $steps.Count } { $Count | Should -BeGreaterThan 10 }

    It '<Command>' -ForEach $steps {
        $ErrorActionPreference = 'Continue'
        $said = . ([scriptblock]::Create($Command)) 2>&1 | ForEach-Object {
            # As the prompt shows an error: without the place in a script.
            if ($_ -is [System.Management.Automation.ErrorRecord]) {
                "$($_.InvocationInfo.MyCommand): $_"
                "Recommendation: $($_.ErrorDetails.RecommendedAction)"
            } else { $_ }
        } | Out-String -Width 200
        ConvertTo-Comparable $said | Should -Be (ConvertTo-Comparable $Output)
    }
}
