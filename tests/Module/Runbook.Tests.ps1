# One text for all engines: only the session, and what nodes are made from, differ.

BeforeDiscovery {
    $helm = $env:K2HDKC_TEST_HELM ?? (Get-Command helm -CommandType Application -ErrorAction Ignore | Select-Object -First 1).Source
    $engines = @{ Engine = 'Nova' }, @{ Engine = 'Trove' }, @{ Engine = 'Kubernetes' }, @{ Engine = 'Helm'; Helm = $helm }
}

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $cloud = Start-TestCloud -Sandbox @{ Speed = 5; BuildTime = 0.2 }
    $runbook = (Resolve-Path "$PSScriptRoot/../../examples/runbook.ps1").Path
    $pods = @{ Kubeconfig = $cloud.Kubeconfig; K2hr3Uri = $cloud.K2hr3Uri; K2hr3Credential = [pscredential]::new('demo', (ConvertTo-SecureString labsecret -AsPlainText)) }

    # A chart like K2HDKC's, with the configuration that a cluster of pods has.
    function New-TestChart([string] $Cluster) {
        $folder = Join-Path $TestDrive chart
        Copy-Item "$PSScriptRoot/../Support/SmallChart" $folder -Recurse
        $null = New-Item "$folder/files" -ItemType Directory
        $session = Connect-K2hdkcDbaas -Backend Kubernetes @pods -Name chart
        $null = New-K2hdkcCluster $Cluster -Session $session
        Set-Content "$folder/files/ini.templ" (Get-K2hdkcClusterConfiguration $Cluster -Session $session).Text
        Remove-K2hdkcCluster $Cluster -Session $session -Confirm:$false
        $kubectl = Get-Content $cloud.Kubeconfig -Raw
        $token = [regex]::Match($kubectl, 'name: alt\s+user:\s+token: (\S+)').Groups[1].Value
        $server = [regex]::Match($kubectl, 'server: (\S+)').Groups[1].Value
        $key = [Security.Cryptography.RSA]::Create(2048)
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=demo.svc.cluster.local', $key, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $request.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
        $authority = $request.CreateSelfSigned([DateTimeOffset]::Now.AddDays(-1), [DateTimeOffset]::Now.AddDays(30))
        $secret = @{
            apiVersion = 'v1'; kind = 'Secret'; metadata = @{ name = 'secret-k2hr3-ca-k2hr3' }
            stringData = @{ 'demo.svc.cluster.local_CA.crt' = $authority.ExportCertificatePem(); 'demo.svc.cluster.local_CA.key' = $key.ExportPkcs8PrivateKeyPem() }
        }
        $null = Invoke-RestMethod "$server/api/v1/namespaces/demo/secrets" -Method Post -ContentType application/json -Body ($secret | ConvertTo-Json) -Headers @{ Authorization = "Bearer $token" } -SkipCertificateCheck
        Disconnect-K2hdkcDbaas chart
        $folder
    }
}

AfterAll { Stop-TestCloud }

Describe 'examples/runbook.ps1' {
    It 'lives a cluster''s life with <Engine>, and keeps all keys' -ForEach $engines {
        if ($Engine -eq 'Helm' -and -not $Helm) {
            Set-ItResult -Skipped -Because 'there is no helm on this machine; install it, or name it in K2HDKC_TEST_HELM'
            return
        }
        $node = @{ Image = 'lab-image'; Flavor = 'lab.tiny' }
        $login, $new, $more = switch ($Engine) {
            Nova { @{}, $node, $node }
            Trove { @{}, @{ Image = 'lab-image'; Flavor = 'lab.tiny'; VolumeSize = 1 }, @{} }
            Kubernetes { $pods, @{}, @{} }
            Helm { ($pods + @{ HelmPath = $Helm }), @{ Chart = New-TestChart book; HelmValues = @{ k2hr3 = @{ url = "$($cloud.K2hr3Uri)" } } }, @{} }
        }
        if ($login.Count) { $null = Connect-K2hdkcDbaas -Backend $Engine @login -Name $Engine }
        else { $null = $cloud | Connect-K2hdkcDbaas -Backend $Engine -Name $Engine }
        $PSDefaultParameterValues = @{}
        foreach ($name in $new.Keys) { $PSDefaultParameterValues["New-K2hdkcCluster:$name"] = $new[$name] }
        foreach ($name in $more.Keys) { $PSDefaultParameterValues["Add-K2hdkcNode:$name"] = $more[$name] }

        $out = & $runbook book -ServerCount 1 -KeyCount 50
        $clusters = @($out | Where-Object { $_.PSTypeNames -contains 'K2hdkcDbaas.Core.Model.Cluster' })
        $clusters.Backend | Should -Be $Engine, $Engine
        $clusters.ServerCount | Should -Be 1, 1
        "$($clusters[1].Status)" | Should -Be Ready
        @($out | Where-Object { $_.PSTypeNames -contains 'K2hdkcDbaas.Core.Model.ClusterNode' }).Count | Should -Be 3
        @($out | Where-Object { $_ -is [string] }) | Should -Be '50 of 50 keys are there', '50 of 50 keys are there'
        @(Get-K2hdkcCluster).Count | Should -Be 0
        Disconnect-K2hdkcDbaas $Engine
    }
}
