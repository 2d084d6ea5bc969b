# Clusters that are releases of Helm, on the sandbox's Kubernetes. What the real helm does is tested in K2hdkcDbaas.Core.Tests.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $cloud = Start-TestCloud
    $secret = ConvertTo-SecureString labsecret -AsPlainText
    $login = @{ Backend = 'Helm'; Kubeconfig = $cloud.Kubeconfig; K2hr3Uri = $cloud.K2hr3Uri; K2hr3Credential = [pscredential]::new('demo', $secret) }
    Set-Location $TestDrive
    $null = Connect-K2hdkcDbaas @login -HelmPath ./nosuch/helm -Name releases
}

AfterAll {
    Set-Location $PSScriptRoot
    Stop-TestCloud
}

Describe 'A session with Helm' {
    It 'needs no OpenStack, and to look no helm' {
        $session = Get-K2hdkcSession releases
        $session.Backend, $session.Authentication, $session.Tenant, $session.Cloud | Should -Be 'Helm', 'Kubeconfig', 'demo', $null
        @(Get-K2hdkcCluster).Count | Should -Be 0
    }

    It 'says how to get a helm that is not there, where the shell has looked for it' {
        $null = New-Item chart -ItemType Directory -Force
        New-K2hdkcCluster web -Chart chart -ServerCount 1 -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -BeLike 'HelmNotFound,*'
        "$($fault[0])" | Should -BeLike "*$(Join-Path $TestDrive nosuch helm)*"
        $fault[0].ErrorDetails.RecommendedAction | Should -BeLike '*https://helm.sh*-HelmPath*'
    }

    It 'wants a chart, and files with values that are there' {
        New-K2hdkcCluster web -ServerCount 1 -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Chart*'
        New-K2hdkcCluster web -Chart repo/k2hdkc -HelmValuesFile ./mine.yaml -HelmValues @{ dbaas = @{ startManual = $true } } -ErrorVariable fault -ErrorAction SilentlyContinue
        "$($fault[0])" | Should -BeLike "*$(Join-Path $TestDrive mine.yaml)*"
    }
}

Describe 'K2HR3 in a session with Helm' {
    It 'is made, found and removed as with the Kubernetes back end' {
        $null = Connect-K2hdkcDbaas -Backend Helm -Kubeconfig $cloud.Kubeconfig -Context sandbox-alt -Name bare
        $provider = @{ OidcIssuer = 'https://login.example/dex'; OidcClientId = 'k2hr3'; OidcClientSecret = $secret }
        $made = New-K2hr3Deployment @provider -DataCount 1 -ApiCount 1 -AppCount 1 -Wait -Timeout 120
        $made.Name, $made.Namespace, "$($made.Status)", $made.ManagedBy | Should -Be k2hr3, alt, Ready, K2hdkcDbaas
        (Get-K2hr3Deployment).Name | Should -Be k2hr3
        $null = Get-K2hr3Deployment | Remove-K2hr3Deployment -Confirm:$false
        @(Get-K2hr3Deployment).Count | Should -Be 0
        $null = Select-K2hdkcSession releases
    }
}
