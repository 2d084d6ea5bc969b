# No secret of any kind reaches a stream, an error, an object's text or a transcript. In a process of its own, whose whole output is looked at;
# the passwords come from files, since errors show the lines of the script.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    'labsecret' | Set-Content "$TestDrive/password" -NoNewline
    'wrong-labsecret-wrong' | Set-Content "$TestDrive/wrong" -NoNewline
    'gone-token-gone-token' | Set-Content "$TestDrive/gone" -NoNewline
    $output = Invoke-Child -Argument $PSScriptRoot, "$TestDrive" {
        param($tests, $folder)
        . "$tests/Harness.ps1"
        $null = Start-TestCloud -Sandbox @{ BuildTime = 0.2 }
        $secret = @{}
        function Read-Secret([string] $Name) { ConvertTo-SecureString (Get-Content "$folder/$Name" -Raw) -AsPlainText }
        function Hide([string] $Kind, [string] $Text) {
            $secret[$Kind] = $Text
            ConvertTo-SecureString $Text -AsPlainText
        }
        $demo = [pscredential]::new('demo', (Read-Secret password))
        $application = New-TestApplicationCredential
        $null = Hide 'application credential' $application.GetNetworkCredential().Password
        $keystone = Hide 'Keystone token' (Get-TestToken).Value
        $body = @{ auth = @{ tenantName = 'demo'; passwordCredentials = @{ username = 'demo'; password = $demo.GetNetworkCredential().Password } } } | ConvertTo-Json
        $k2hr3 = Hide 'K2HR3 token' (Invoke-RestMethod "$("$($cloud.K2hr3Uri)".TrimEnd('/'))/v1/user/tokens" -Method Post -ContentType application/json -Body $body).token

        $null = Start-Transcript "$folder/transcript"
        $global:VerbosePreference = $global:DebugPreference = 'Continue'
        $direct = @{ AuthUrl = $cloud.AuthUrl; K2hr3Uri = $cloud.K2hr3Uri }
        # Each way to log in.
        $null = Connect-K2hdkcDbaas @direct -Credential $demo -Project demo -Name password
        $null = Connect-K2hdkcDbaas @direct -ApplicationCredential $application -K2hr3Credential $demo -Name application
        $null = Connect-K2hdkcDbaas @direct -Token $keystone -Name token
        $null = Connect-K2hdkcDbaas @direct -Credential $demo -Project demo -K2hr3Token $k2hr3 -Name k2hr3token
        foreach ($session in Get-K2hdkcSession password, application, token, k2hr3token) {
            $session | Format-List * -Force | Out-Host
            $session | ConvertTo-Json -Depth 4 | Out-Host
            Get-K2hr3Role -Session $session | Out-Host
        }
        # A flow with role tokens and user data, whole and failing.
        New-K2hdkcCluster secret -ServerCount 1 -Image lab-image -Flavor lab.tiny -Wait -Session password | Format-List * | Out-Host
        Add-TestFault @{ service = 'nova'; method = 'POST'; path = '*/servers'; action = 'Status'; status = 500; count = $null }
        Add-K2hdkcNode secret -Image lab-image -Flavor lab.tiny -Session password -ErrorAction Continue
        Clear-TestFault
        New-K2hr3RoleToken secret/server -Session password | Format-List * -Force | Out-Host
        Get-K2hr3RoleToken secret/server -Session password | Format-List * -Force | Out-Host
        Get-K2hr3UserData secret/server -Session password | Format-List * -Force | Out-Host
        # Log-ins that are refused.
        $wrong = [pscredential]::new('demo', (Read-Secret wrong))
        $gone = Read-Secret gone
        try { Connect-K2hdkcDbaas @direct -Credential $wrong -Project demo -Name refused } catch { $_ | Format-List * -Force | Out-Host }
        try { Connect-K2hdkcDbaas @direct -Token $gone -Name refused } catch { $_ | Format-List * -Force | Out-Host }
        $Error | ForEach-Object { Get-Error $_ } | Out-Host
        $global:VerbosePreference = $global:DebugPreference = 'SilentlyContinue'
        $null = Stop-Transcript

        # Only now: whoever asks for these in plain text sees them.
        $number = 0
        foreach ($token in Get-K2hr3RoleToken secret/server -AsPlainText -Session password) { $null = Hide "role token $((++$number))" $token.Token }
        $null = Hide 'path of user data' ((Get-K2hr3UserData secret/server -AsPlainText -Session password).Value -replace '(?s).*/userdata/')
        $secret | ConvertTo-Json | Set-Content "$folder/secrets"
        Remove-K2hdkcCluster secret -Confirm:$false -Wait -Session password
        Stop-TestCloud
    } 2>&1 | Out-String -Width 1000
    $transcript = Get-Content "$TestDrive/transcript" -Raw
    $secrets = Get-Content "$TestDrive/secrets" -Raw | ConvertFrom-Json -AsHashtable
    $secrets['password'] = 'labsecret'
    $secrets['token that is not good'] = 'gone-token-gone-token'
}

Describe 'Secrets' {
    It 'are in no <place>' -ForEach @{ place = 'output' }, @{ place = 'transcript' } {
        $shown = (Get-Variable $place).Value
        # It is about something: requests of every service, and bodies with what is masked in them.
        foreach ($service in 'keystone', 'nova', 'neutron', 'glance', 'k2hr3') { $shown | Should -Match "${service}: (GET|POST)" }
        $shown | Should -Match '"password":"\*\*\*"'
        $shown | Should -Match 'LogInFailed'
        $secrets.Keys | Should -HaveCount 8
        $leaked = foreach ($kind in $secrets.Keys) {
            $secrets[$kind].Length | Should -BeGreaterThan 7
            if ($shown.Contains($secrets[$kind])) { $kind }
        }
        $leaked | Should -BeNullOrEmpty
        # And whatever looks like one of the tokens that the sessions got for themselves.
        $shown | Should -Not -Match 'gAAAA[\w-]{20}'
        $shown | Should -Not -Match '(?i)"token":"(?!\*\*\*)'
        $shown | Should -Not -Match '/userdata/\w{20}'
    }
}
