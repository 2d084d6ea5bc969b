# Clusters of pods, on the sandbox's Kubernetes.

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $cloud = Start-TestCloud -Sandbox @{ Speed = 5 }
    $secret = ConvertTo-SecureString labsecret -AsPlainText
    $login = @{ Backend = 'Kubernetes'; Kubeconfig = $cloud.Kubeconfig; K2hr3Uri = $cloud.K2hr3Uri; K2hr3Credential = [pscredential]::new('demo', $secret) }
    $null = Connect-K2hdkcDbaas @login -Name pods
}

AfterAll { Stop-TestCloud }

Describe 'A session with Kubernetes' {
    It 'needs no OpenStack, and its tenant is the namespace' {
        $session = Get-K2hdkcSession pods
        $session.Backend, $session.Authentication, $session.Tenant, $session.Cloud | Should -Be 'Kubernetes', 'Kubeconfig', 'demo', $null
    }

    It 'takes the sandbox from the pipeline' {
        $piped = $cloud | Connect-K2hdkcDbaas -Backend Kubernetes -Name piped
        @(Get-K2hdkcCluster -Session $piped).Count | Should -Be 0
        Disconnect-K2hdkcDbaas piped
    }

    It 'names the contexts there are when one is not' {
        $other = Connect-K2hdkcDbaas @login -Context nosuch -Tenant demo -Name other
        Get-K2hdkcCluster -Session $other -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -BeLike 'KubeconfigUnusable,*'
        "$($fault[0])" | Should -BeLike '*nosuch*sandbox-reader*'
        Disconnect-K2hdkcDbaas other
    }
}

Describe 'Completion before there is a session' {
    BeforeAll {
        function Get-Completion([string] $Text) { (TabExpansion2 $Text $Text.Length).CompletionMatches.CompletionText }
        $start = "Connect-K2hdkcDbaas -Backend Kubernetes -Kubeconfig '$($cloud.Kubeconfig)'"
    }

    It 'knows the contexts of the file' {
        Get-Completion "$start -Context sandbox-" | Should -Be sandbox-admin, sandbox-alt, sandbox-reader
    }

    It 'asks the API server for namespaces, as the context says' {
        Get-Completion "$start -Context sandbox-admin -Namespace d" | Should -Be default, demo
    }

    It 'says nothing where that fails' {
        # This one may not list namespaces, and of the other no file is there.
        Get-Completion "$start -Context sandbox-reader -Namespace defaul" | Should -Not -Contain default
        Get-Completion "Connect-K2hdkcDbaas -Backend Helm -Kubeconfig '$($cloud.Kubeconfig).no' -Namespace defaul" | Should -Not -Contain default
        Get-Completion "Connect-K2hdkcDbaas -Backend Helm -Kubeconfig '$($cloud.Kubeconfig).no' -Context sandbo" | Should -Not -Contain sandbox-admin
    }
}

Describe 'A cluster of pods' {
    It 'is made' {
        $cluster = New-K2hdkcCluster web -ServerCount 2 -SlaveCount 1 -PodAnnotation @{ team = 'a' } -PodResource @{ requests = @{ memory = '512Mi' } } -Wait -Timeout 120
        $cluster.Backend, "$($cluster.Status)", $cluster.ServerCount, $cluster.SlaveCount | Should -Be 'Kubernetes', 'Ready', 2, 1
        (Get-K2hdkcNode web).Name | Should -Be svrpod-web-0, svrpod-web-1
        (Get-K2hdkcSlave web).Status | Should -Be Running
        (Get-K2hdkcClusterConfiguration web -Role Server).Text | Should -BeLike '*CUSTOM_ID_SEED = svrpod-web-1*'
    }

    It 'holds data over TLS, with certificates that only Kubernetes keeps' {
        $null = Connect-K2hdkcCluster -Cluster web -Register
        1..50 | ForEach-Object { Set-K2hdkcKey "key-$($_ * 7919)" "value $_" }
        (Get-K2hdkcKey key-7919).Value | Should -Be 'value 1'
        Disconnect-K2hdkcCluster
        (Get-K2hdkcNodeStatus web).Self.UsesTls | Should -Not -Contain $false
    }

    It 'grows one by one, and loses no key' {
        (Add-K2hdkcNode web -Wait -Timeout 180).Name | Should -Be svrpod-web-2
        $null = Connect-K2hdkcCluster -Cluster web -Register
        1..50 | ForEach-Object { (Get-K2hdkcKey "key-$($_ * 7919)").Value } | Should -Be (1..50 | ForEach-Object { "value $_" })
        Disconnect-K2hdkcCluster
    }

    It 'gives up its highest pods first, and says so' {
        Remove-K2hdkcNode web svrpod-web-0 -Confirm:$false -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].ErrorDetails.RecommendedAction | Should -BeLike '*svrpod-web-2*'
        (Get-K2hdkcNode web svrpod-web-2 | Remove-K2hdkcNode -Confirm:$false -PassThru -Wait -Timeout 180).Kind | Should -Contain pod
        @(Get-K2hdkcNode web).Count | Should -Be 2
    }

    It 'gets new certificates and images node by node, and loses no key' {
        $before = Get-K2hdkcNode web
        Update-K2hdkcNodeImage web -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].ErrorDetails.RecommendedAction | Should -BeLike '*-K2hdkcImage*'
        (Update-K2hdkcNodeImage web -K2hdkcImage antpickax/k2hdkc:new -PassThru -WarningVariable told -WarningAction SilentlyContinue).Name |
            Should -Be svrpod-web-0, svrpod-web-1
        "$told" | Should -BeLike '*Restart-K2hdkcNode*'
        (Get-K2hdkcNode web).Id | Should -Be $before.Id
        $made = Update-K2hdkcCertificate web -Wait -Timeout 180 -PassThru
        $made.Name | Should -Be slvpod-web-0, svrpod-web-1, svrpod-web-0
        (Get-K2hdkcNode web).Id | Should -Not -Contain $before[0].Id
        (Get-K2hdkcSlave web | Restart-K2hdkcNode -Wait -PassThru) | Should -Be slvpod-web-0
        $null = Connect-K2hdkcCluster -Cluster web -Register
        1..50 | ForEach-Object { (Get-K2hdkcKey "key-$($_ * 7919)").Value } | Should -Be (1..50 | ForEach-Object { "value $_" })
        Disconnect-K2hdkcCluster
    }

    It 'shows its state to who may only look, and tells what they may not' {
        $reader = Connect-K2hdkcDbaas @login -Context sandbox-reader -Name reader
        (Get-K2hdkcCluster web -Session $reader).ServerCount | Should -Be 2
        Start-K2hdkcSlave web -Session $reader -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -BeLike 'KubernetesForbidden,*'
        "$($fault[0])" | Should -BeLike "*secrets*namespace 'demo'*"
        $fault[0].ErrorDetails.RecommendedAction | Should -BeLike '*Get-K2hdkcKubernetesRole -Namespace demo*'
        Disconnect-K2hdkcDbaas reader
    }

    It 'is removed with all that belongs to it' {
        $gone = Remove-K2hdkcCluster web -Confirm:$false -PassThru
        $gone.Name | Should -Contain secret-web-certs
        $gone.Kind | Should -Contain 'volume claim'
        @(Get-K2hdkcCluster).Count | Should -Be 0
        @(Get-K2hr3Role).Count | Should -Be 0
    }

    It 'is not made under a name that no pod can bear' {
        New-K2hdkcCluster a_b -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -BeLike 'InvalidClusterName,*'
    }
}

Describe 'K2HR3 in Kubernetes' {
    BeforeAll {
        $null = Connect-K2hdkcDbaas -Backend Kubernetes -Kubeconfig $cloud.Kubeconfig -Context sandbox-alt -Name bare
        $provider = @{ OidcIssuer = 'https://login.example/dex'; OidcClientId = 'k2hr3'; OidcClientSecret = $secret; ApiHost = 'k2hr3.example' }
    }

    AfterAll { $null = Select-K2hdkcSession pods }

    It 'is made where there is none, and only shown with -WhatIf' {
        New-K2hr3Deployment @provider -WhatIf
        @(Get-K2hr3Deployment).Count | Should -Be 0
        $made = New-K2hr3Deployment @provider -ApiCount 1 -AppCount 1 -Wait -Timeout 120
        $made.Name, $made.Namespace, "$($made.Status)", $made.DataCount, $made.ApiCount | Should -Be k2hr3, alt, Ready, 2, 1
        $made.K2hr3Uri.Host | Should -Be k2hr3.example
        $made.CaCertificate | Should -BeLike '-----BEGIN CERTIFICATE-----*'
    }

    It 'is found by name and pattern, and completes' {
        (Get-K2hr3Deployment k2*).PodK2hr3Uri | Should -Be 'https://svc-r3api.alt.svc.cluster.local/'
        Get-K2hr3Deployment other -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -BeLike 'K2hr3DeploymentNotFound,*'
        (TabExpansion2 'Remove-K2hr3Deployment ' 23).CompletionMatches.CompletionText | Should -Contain k2hr3
    }

    It 'is not made twice' {
        New-K2hr3Deployment @provider -WhatIf -ErrorVariable fault -ErrorAction SilentlyContinue
        $fault[0].FullyQualifiedErrorId | Should -BeLike 'K2hr3DeploymentExists,*'
    }

    It 'is removed with all that belongs to it' {
        Get-K2hr3Deployment | Remove-K2hr3Deployment -WhatIf
        $gone = Get-K2hr3Deployment | Remove-K2hr3Deployment -Confirm:$false -PassThru
        $gone.Name | Should -Contain pod-r3dkc
        $gone.Name | Should -Contain crb-r3api-alt
        @(Get-K2hr3Deployment).Count | Should -Be 0
    }
}

Describe 'Get-K2hdkcKubernetesRole' {
    It 'writes a Role, and a binding for a user' {
        Get-K2hdkcKubernetesRole -Namespace space -User anna | Should -BeLike '*kind: Role*namespace: "space"*statefulsets/scale*kind: RoleBinding*name: "anna"*'
        Get-K2hdkcKubernetesRole | Should -Not -BeLike '*ClusterRole*'
        Get-K2hdkcKubernetesRole -K2hr3 | Should -BeLike '*"jobs"*kind: ClusterRole*"namespaces"*'
    }
}
