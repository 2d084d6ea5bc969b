# How the module gets into a session. All in child processes: what is loaded stays loaded.

BeforeAll { . "$PSScriptRoot/Harness.ps1" }

Describe 'Importing the module' {
    It 'exports exactly what the manifest says, after repeated and forced imports' {
        $names = Invoke-Child {
            Import-Module $env:K2HDKCDBAAS_MODULE
            Import-Module $env:K2HDKCDBAAS_MODULE
            Import-Module $env:K2HDKCDBAAS_MODULE -Force
            Remove-Module K2hdkcDbaas
            Import-Module $env:K2HDKCDBAAS_MODULE
            $null = Get-K2hdkcSession
            (Get-Command -Module K2hdkcDbaas -CommandType Cmdlet).Name
        }
        $names | Sort-Object | Should -Be ((Import-PowerShellDataFile $env:K2HDKCDBAAS_MODULE).CmdletsToExport | Sort-Object)
    }

    It 'works in two runspaces at once' {
        $out = Invoke-Child {
            1..2 | ForEach-Object -ThrottleLimit 2 -Parallel {
                Import-Module $env:K2HDKCDBAAS_MODULE
                try { Get-K2hdkcCluster -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
            }
        }
        $out | Should -Be 'NotConnected', 'NotConnected'
    }

    It 'keeps its own assemblies out of the default load context' {
        $loaded = Invoke-Child {
            Import-Module $env:K2HDKCDBAAS_MODULE
            try { Connect-K2hdkcDbaas -AuthUrl http://127.0.0.1:1/v3 -Credential ([pscredential]::new('u', (ConvertTo-SecureString p -AsPlainText))) -Project p } catch { }
            [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | ForEach-Object { $_.GetName().Name } |
                Where-Object { $_ -match 'K2hdkcDbaas|YamlDotNet|Polly' } | Sort-Object
        }
        $loaded | Should -Be 'K2hdkcDbaas', 'K2hdkcDbaas.Loader'
    }

    It 'works beside another version of YamlDotNet, and leaves that working' {
        $folder = (New-Item "$TestDrive/other" -ItemType Directory -Force).FullName
        $out = Invoke-Child -Argument $folder {
            param($folder)
            $builder = [System.Reflection.Emit.PersistedAssemblyBuilder]::new([System.Reflection.AssemblyName]'YamlDotNet, Version=99.0.0.0', [object].Assembly)
            $type = $builder.DefineDynamicModule('YamlDotNet').DefineType('YamlDotNet.Serialization.Deserializer', 'Public')
            $code = $type.DefineMethod('Say', 'Public', [string], @()).GetILGenerator()
            $code.Emit([System.Reflection.Emit.OpCodes]::Ldstr, 'the other one')
            $code.Emit([System.Reflection.Emit.OpCodes]::Ret)
            $null = $type.CreateType()
            $builder.Save("$folder/YamlDotNet.dll")
            Import-Module "$folder/YamlDotNet.dll"
            Set-Content "$folder/clouds.yaml" "clouds: { c: { auth: { auth_url: 'http://127.0.0.1:1/v3', username: u, password: p, project_name: p, user_domain_name: Default, project_domain_name: Default } } }"
            Import-Module $env:K2HDKCDBAAS_MODULE
            # The file is read with our own copy: what fails is the connection.
            try { Connect-K2hdkcDbaas -Cloud c -CloudsFile "$folder/clouds.yaml" } catch { $_.CategoryInfo.Category.ToString() }
            [YamlDotNet.Serialization.Deserializer]::new().Say()
            [System.Runtime.Loader.AssemblyLoadContext]::All.Assemblies | Where-Object { $_.GetName().Name -eq 'YamlDotNet' } |
                ForEach-Object { $_.GetName().Version.Major } | Sort-Object
        }
        $ours = ([xml](Get-Content "$PSScriptRoot/../../Directory.Packages.props" -Raw)).SelectSingleNode('//PackageVersion[@Include="YamlDotNet"]').Version.Split('.')[0]
        $out | Should -Be 'ConnectionError', 'the other one', $ours, '99'
    }
}
