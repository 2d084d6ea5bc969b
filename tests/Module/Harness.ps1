# What the suites share. Dot-source it in BeforeAll.

$ErrorActionPreference = 'Stop'
if (-not $env:K2HDKCDBAAS_MODULE) { $env:K2HDKCDBAAS_MODULE = (Resolve-Path "$PSScriptRoot/../../K2hdkcDbaas.psd1").Path }

# What starts another PowerShell like this one. As a dotnet tool, PowerShell is a library that the process 'dotnet' runs.
function Get-PowerShellCommand {
    $program = (Get-Process -Id $PID).Path
    if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { $program, (Join-Path $PSHOME 'pwsh.dll') } else { , $program }
}

# Runs a script in a pwsh of its own and gives back the lines that it writes.
function Invoke-Child {
    param([Parameter(Mandatory)] [scriptblock] $Script, [string[]] $Argument = @())
    $command = "`$ErrorActionPreference = 'Stop'; & { $Script } $($Argument.ForEach{ "'" + $_.Replace("'", "''") + "'" } -join ' ')"
    $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($command))
    [string[]] $program = Get-PowerShellCommand
    $output = & $program[0] @($program | Select-Object -Skip 1) -NoProfile -NonInteractive -OutputFormat Text -EncodedCommand $encoded
    if ($LASTEXITCODE -ne 0) { throw "The child ended with exit code ${LASTEXITCODE}: $output" }
    $output
}

# Starts a sandbox and a session in it. Ends with Stop-TestCloud.
function Start-TestCloud {
    param([hashtable] $Sandbox = @{})
    Import-Module $env:K2HDKCDBAAS_MODULE
    $script:cloud = Start-K2hdkcSandbox @Sandbox
    $script:session = $cloud | Connect-K2hdkcDbaas
    $cloud
}

function Stop-TestCloud {
    Disconnect-K2hdkcDbaas -All
    $script:cloud | Stop-K2hdkcSandbox
}

# The calls that the sandbox has received, and what a test does to it.
function Get-TestCall { Invoke-RestMethod "$($script:cloud.AdminUri)sandbox/calls" | ForEach-Object { $_ } }
function Clear-TestCall { $null = Invoke-RestMethod "$($script:cloud.AdminUri)sandbox/calls" -Method Delete }
function Clear-TestFault { $null = Invoke-RestMethod "$($script:cloud.AdminUri)sandbox/faults" -Method Delete }
function Add-TestFault {
    param([hashtable] $Rule)
    $null = Invoke-RestMethod "$($script:cloud.AdminUri)sandbox/faults" -Method Post -ContentType application/json -Body ($Rule | ConvertTo-Json)
}

# A Keystone token of the sandbox's user: its value, its user's id and the catalog.
function Get-TestToken {
    $user = @{ name = 'demo'; domain = @{ id = 'default' }; password = 'labsecret' }
    $body = @{ auth = @{ identity = @{ methods = @('password'); password = @{ user = $user } }; scope = @{ project = @{ name = 'demo'; domain = @{ id = 'default' } } } } }
    $answer = Invoke-WebRequest "$($script:cloud.AuthUrl)/auth/tokens" -Method Post -ContentType application/json -Body ($body | ConvertTo-Json -Depth 9)
    $token = ($answer.Content | ConvertFrom-Json).token
    [pscustomobject]@{ Value = "$($answer.Headers['X-Subject-Token'])"; UserId = $token.user.id; Catalog = $token.catalog }
}

# An application credential of the sandbox's user.
function New-TestApplicationCredential {
    $token = Get-TestToken
    $made = Invoke-RestMethod "$($script:cloud.AuthUrl)/users/$($token.UserId)/application_credentials" -Method Post -ContentType application/json -Headers @{ 'X-Auth-Token' = $token.Value } -Body (
        @{ application_credential = @{ name = "app-$([guid]::NewGuid())" } } | ConvertTo-Json)
    [pscredential]::new($made.application_credential.id, (ConvertTo-SecureString $made.application_credential.secret -AsPlainText))
}

# Calls that change something. Logging in is none.
function Get-TestChange {
    Get-TestCall | Where-Object { $_.method -notin 'GET', 'HEAD' -and $_.path -notmatch '/auth/tokens|/user/tokens' }
}

# What a command says to the host, such as the lines of -WhatIf, as one line.
function Get-Said {
    param([scriptblock] $Command)
    $file = Join-Path ([IO.Path]::GetTempPath()) "said-$([guid]::NewGuid()).txt"
    $null = Start-Transcript $file -UseMinimalHeader
    try { & $Command | Out-Null } finally { $null = Stop-Transcript }
    (Get-Content $file) -join ' '
    Remove-Item $file
}
