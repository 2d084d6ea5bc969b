namespace K2hdkcDbaas.Module.Tests;

/// <summary>Every second file of the Pester suite, from the second one.</summary>
public sealed class OddPesterTests(ITestOutputHelper output) : PesterTests(output)
{
    public static TheoryData<string> Part => Files(1);

    [Theory]
    [MemberData(nameof(Part))]
    public Task Every_test_of_the_file_passes(string file) => PassesAsync(file);
}
