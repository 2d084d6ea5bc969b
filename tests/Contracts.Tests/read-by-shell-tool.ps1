<#
.SYNOPSIS
Makes some of everything in K2HR3 with the module's cmdlets, and has the k2hr3 shell tool read it back.
.DESCRIPTION
Run by hand, against any K2HR3: needs k2hr3_cli (its k2hr3 on the PATH, or -ShellTool; from its sources with K2HR3CLI_LIBEXEC_DIR set). One
line comes out for each question, with what was said and what the shell tool showed; the exit status is 1 when they differ. All that is
made is removed again.
.EXAMPLE
$credential = Get-Credential
pwsh -File tests/Contracts.Tests/read-by-shell-tool.ps1 http://127.0.0.1:8080 $credential.UserName demo
#>
param([Parameter(Mandatory)][uri]$K2hr3Uri, [Parameter(Mandatory)][string]$UserName, [Parameter(Mandatory)][string]$Tenant,
    [securestring]$Password, [string]$ShellTool = 'k2hr3')
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../../K2hdkcDbaas.psd1"
if (-not $Password) { $Password = Read-Host "Password of $UserName" -AsSecureString }
$session = Connect-K2hdkcDbaas -K2hr3Uri $K2hr3Uri -K2hr3Credential ([pscredential]::new($UserName, $Password)) -Tenant $Tenant
$token = (Get-K2hr3UserToken -AsPlainText).Token
$n = 'sh' + [guid]::NewGuid().ToString('N').Substring(0, 6)
$yrn = "yrn:yahoo:::$($Tenant):"

function Read-ByShellTool {
    $out = & $ShellTool @args --apiuri $K2hr3Uri.OriginalString.TrimEnd('/') --scopedtoken $token --tenant $Tenant --nocolor --nodate 2>&1
    if ($LASTEXITCODE) { return "failed: $out" }
    "$($out -join "`n")"
}

# Both in one form: members in order of their names.
function ConvertTo-Form($value) {
    if ($value -is [string] -or $null -eq $value -or $value -is [ValueType]) { return ConvertTo-Json $value -Compress }
    if ($value -is [System.Collections.IDictionary]) {
        return '{' + (($value.Keys | Sort-Object | ForEach-Object { "`"$_`":$(ConvertTo-Form $value[$_])" }) -join ',') + '}'
    }
    '[' + ((@($value) | ForEach-Object { ConvertTo-Form $_ }) -join ',') + ']'
}

$differ = 0
function Assert-Shown([string]$Question, $Said, [scriptblock]$Select = { $args[0] }) {
    $text = Read-ByShellTool @($Question -split ' ')
    # A check answers with a sentence.
    $shown = $text -match '^Succeed' ? $true : $text
    if ($text -match '^[\[{"]') { $shown = & $Select ($text | ConvertFrom-Json -AsHashtable) }
    $said, $shown = (ConvertTo-Form $Said), (ConvertTo-Form $shown)
    if ($said -cne $shown) { $script:differ++ }
    $masked = $Question, $said, $shown | ForEach-Object { $_.Replace($secret, '***') }
    [pscustomobject]@{ Same = $said -ceq $shown; Question = $masked[0]; Said = $masked[1]; Shown = $masked[2] }
}

try {
    $null = New-K2hr3Resource "$n/base" 'base text' -Key @{ region = 'r1' }
    $text = "{{#!k2hr3template }}`nname={{= %name% }}; `"quoted`" 'single' `$dollar \back # ä 日本`n"
    $null = New-K2hr3Resource $n $text -Key @{ name = 'shop'; port = 8020; flag = $true; list = 1, 'two'; empty = '' } -Alias "$n/base"
    $null = New-K2hr3Resource "$n/child" 'child {{= %mode% }}' -Key @{ mode = 'SERVER' }
    $null = New-K2hr3Resource "$n/object" -InputObject @{ a = 1; b = @('x', @{ c = $null }) }
    $null = New-K2hr3Policy "$n-read" -Resource $n, "$n/child"
    $null = New-K2hr3Policy "$n-deny" -Effect deny -Action read, write -Resource "$n/base" -Alias "$n-read"
    $null = New-K2hr3Role $n -Policy "$n-read"
    $null = New-K2hr3Role "$n/child" -Policy "$n-deny" -Alias $n
    $null = Add-K2hr3RoleHost "$n/child" 192.0.2.1 -Cuk c1 -Extra openstack-auto-v1 -Tag t1.example
    $null = Add-K2hr3RoleHost "$n/child" DB.example -Port 8020
    $made = New-K2hr3RoleToken $n -Lifetime 01:00:00
    $secret = [System.Net.NetworkCredential]::new('', $made.Token).Password
    $null = New-K2hr3Service $n @{ name = 'lent'; type = 'string'; data = 'x'; keys = @{} } -Tenant other
    $null = Register-K2hr3Service $n

    Assert-Shown "resource show $n" $text { $args[0].string }
    Assert-Shown "resource show $n" @{ name = 'shop'; port = 8020; flag = $true; list = @(1, 'two'); empty = '' } { $args[0].keys }
    Assert-Shown "resource show $n" @("${yrn}resource:$n/base") { , @($args[0].aliases) }
    Assert-Shown "resource show $n/object" @{ a = 1; b = @('x', @{ c = $null }) } { $args[0].object }
    Assert-Shown "resource show $n/child --expand" (Get-K2hr3Resource "$n/child" -Expand).Text { $args[0].string }
    Assert-Shown "policy show $n-deny" @{
        effect = 'deny'; action = @('yrn:yahoo::::action:read', 'yrn:yahoo::::action:write'); resource = @("${yrn}resource:$n/base")
        alias = @("${yrn}policy:$n-read")
    } { @{ effect = $args[0].effect; action = $args[0].action; resource = $args[0].resource; alias = $args[0].alias } }
    Assert-Shown "role show $n/child" @("${yrn}policy:$n-deny") { , @($args[0].policies) }
    Assert-Shown "role show $n/child" @("${yrn}role:$n") { , @($args[0].aliases) }
    Assert-Shown "role show $n/child" @("192.0.2.1 * c1 openstack-auto-v1 t1.example") { , @($args[0].hosts.ips) }
    Assert-Shown "role show $n/child" @('db.example 8020 ') { , @($args[0].hosts.hostnames) }
    Assert-Shown "role show $n/child --expand" (Get-K2hr3Role "$n/child" -Expand).Policies { , @($args[0].policies) }
    Assert-Shown "role token show $n" @($secret) { , @($args[0]) }
    Assert-Shown "role token check $n $secret" $true
    Assert-Shown "list resource $n" @('base', 'child', 'object') { , @($args[0].name | Sort-Object) }
    Assert-Shown "list role $n" @('child') { , @($args[0].name) }
    Assert-Shown "service show $n" @("yrn:yahoo:::$Tenant", 'yrn:yahoo:::other' | Sort-Object) { , @($args[0].tenant | Sort-Object) }
    Assert-Shown "service show $n" 'x' { @($args[0].verify)[0].data }
    Assert-Shown "service tenant check $n other" $true
    Assert-Shown "resource show lent --service $n" 'x' { $args[0].string }
} finally {
    # What was made before a failure goes; what was not is passed over.
    $quiet = @{ Confirm = $false; ErrorAction = 'Ignore' }
    Unregister-K2hr3Service $n @quiet
    Remove-K2hr3Service $n @quiet
    foreach ($name in "$n/child", $n) { Remove-K2hr3Role $name @quiet }
    foreach ($name in "$n-deny", "$n-read") { Remove-K2hr3Policy $name @quiet }
    foreach ($name in "$n/child", "$n/object", $n, "$n/base") { Remove-K2hr3Resource $name @quiet }
    $session | Disconnect-K2hdkcDbaas
}
exit [int]($differ -gt 0)
