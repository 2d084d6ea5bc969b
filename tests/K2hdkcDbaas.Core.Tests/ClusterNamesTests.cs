using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests;

public class ClusterNamesTests
{
    [Theory]
    [InlineData("demo")]
    [InlineData("my_cluster-2.db")]
    [InlineData("0")]
    public void Takes_names_that_K2HR3_keeps_as_they_are(string name) => ClusterNames.CheckNew(name);

    [Theory]
    [InlineData("MyCluster", "'mycluster'")]
    [InlineData("", "lower-case")]
    [InlineData("a/b", "lower-case")]
    [InlineData("-a", "lower-case")]
    [InlineData("a b", "lower-case")]
    [InlineData("a\n", "lower-case")]
    [InlineData("dämo", "lower-case")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "lower-case")]
    public void Refuses_others_and_says_what_to_write(string name, string advice)
    {
        var e = Assert.Throws<DbaasException>(() => ClusterNames.CheckNew(name));
        Assert.Equal((ErrorKind.InvalidInput, ErrorIds.InvalidClusterName), (e.Kind, e.ErrorId));
        Assert.Contains(advice, e.NextStep);
        Assert.Equal(name, e.Target);
    }

    [Fact]
    public void Names_are_those_of_the_existing_tool()
    {
        Assert.Equal("demo/server", ClusterNames.Child("demo", NodeRole.Server));
        Assert.Equal("demo-k2hdkc-slave-sec", ClusterNames.SecurityGroup("demo", NodeRole.Slave));
        Assert.Equal("demo-server-3", ClusterNames.Node("demo", NodeRole.Server, 3));
    }
}
