namespace K2hdkcDbaas.Module.Tests;

/// <summary>Every second file of the Pester suite, from the first one.</summary>
public sealed class EvenPesterTests(ITestOutputHelper output) : PesterTests(output)
{
    public static TheoryData<string> Part => Files(0);

    [Theory]
    [MemberData(nameof(Part))]
    public Task Every_test_of_the_file_passes(string file) => PassesAsync(file);
}
