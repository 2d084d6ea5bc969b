# What nodes are made from: images, flavors, networks, key pairs, security groups.

BeforeDiscovery {
    $kinds = @(
        @{ cmdlet = 'Get-K2hdkcImage'; name = 'lab-image'; pattern = 'LAB-im*'; errorId = 'ImageNotFound'; other = 'id' }
        @{ cmdlet = 'Get-K2hdkcFlavor'; name = 'lab.tiny'; pattern = 'Lab.t?ny'; errorId = 'FlavorNotFound'; other = 'id' }
        @{ cmdlet = 'Get-K2hdkcNetwork'; name = 'private'; pattern = 'PRIV*'; errorId = 'NetworkNotFound'; other = 'id' }
        @{ cmdlet = 'Get-K2hdkcSecurityGroup'; name = 'default'; pattern = 'Def*'; errorId = 'SecurityGroupNotFound'; other = 'id' }
        @{ cmdlet = 'Get-K2hdkcKeyPair'; name = 'mine'; pattern = 'M*e'; errorId = 'KeyPairNotFound'; other = 'name' }
    )
}

BeforeAll {
    . "$PSScriptRoot/Harness.ps1"
    $null = Start-TestCloud
    $token = Get-TestToken
    $nova = ($token.Catalog | Where-Object type -EQ compute).endpoints[0].url
    $null = Invoke-RestMethod "$nova/os-keypairs" -Method Post -ContentType application/json -Headers @{ 'X-Auth-Token' = $token.Value } -Body '{"keypair":{"name":"mine"}}'
}

AfterAll { Stop-TestCloud }

Describe '<cmdlet>' -ForEach $kinds {
    It 'finds by name in any case, by <other>, by wildcard and without any' {
        $found = & $cmdlet $name
        $found.Name | Should -BeExactly $name
        (& $cmdlet $name.ToUpperInvariant()).Name | Should -BeExactly $name
        (& $cmdlet $found.$other).Name | Should -BeExactly $name
        (& $cmdlet $pattern).Name | Should -BeExactly $name
        (& $cmdlet).Name | Should -Contain $name
        & $cmdlet 'nosuch*' | Should -BeNullOrEmpty
    }

    It 'takes names and objects from the pipeline' {
        ($name | & $cmdlet).Name | Should -BeExactly $name
        (& $cmdlet $name | & $cmdlet).Name | Should -BeExactly $name
    }

    It 'has an error for each name that is not there, and goes on' {
        $found = & $cmdlet nosuch, $name, gone -ErrorVariable fault -ErrorAction SilentlyContinue
        $found.Name | Should -BeExactly $name
        $fault.TargetObject | Should -Be nosuch, gone
        $fault[0].FullyQualifiedErrorId | Should -Be "$errorId,K2hdkcDbaas.Commands.$($cmdlet.Replace('-', ''))Command"
        $fault[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $fault[0].ErrorDetails.RecommendedAction | Should -BeLike "See all with $cmdlet[.;]*"
    }

    It 'completes names' {
        (TabExpansion2 "$cmdlet $($name.Substring(0, 3))").CompletionMatches.CompletionText | Should -Contain $name
    }
}

Describe 'Security groups' {
    It 'show their rules' {
        $rules = (Get-K2hdkcSecurityGroup default).Rules
        $rules.Direction | Should -Contain ingress
        $rules.EtherType | Should -Contain IPv4
    }
}
