using K2hdkcDbaas.Core.Model;
using Spectre.Console;

namespace K2hdkcDbaas.Quickstart;

/// <summary>Tables for people.</summary>
internal static class Views
{
    public static void Show(Cluster cluster)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Cluster", "Status", "Project", "Servers", "Slaves", "Ports");
        table.AddRow(Markup.Escape(cluster.Name), cluster.Status == ClusterStatus.Ready
            ? "[green]Ready[/]"
            : $"[yellow]{cluster.Status}[/]", Markup.Escape(cluster.Project ?? ""),
            $"{cluster.ServerCount}", $"{cluster.SlaveCount}",
            $"{cluster.Ports.Server}, {cluster.Ports.ServerControl}, {cluster.Ports.SlaveControl}");
        AnsiConsole.Write(table);
    }

    public static void Show(IEnumerable<ClusterNode> nodes)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Node", "Role", "Status", "Registered", "Address", "Tag");
        foreach (var node in nodes)
        {
            table.AddRow(Markup.Escape(node.Name),
                node.Role.ToString(), node.Status == "ACTIVE" ? "[green]ACTIVE[/]" : $"[yellow]{Markup.Escape(node.Status ?? "")}[/]",
                node.Registered ? "[green]yes[/]" : "[yellow]no[/]", Markup.Escape(node.IPAddress ?? ""), Markup.Escape(node.Tag ?? ""));
        }
        AnsiConsole.Write(table);
    }

    public static void Show(ClusterConfiguration configuration, int lines) =>
        AnsiConsole.Write(
            new Panel(Markup.Escape(string.Join('\n', configuration.Text.Split('\n').Take(lines)) + "\n..."))
                .Header($"configuration of {configuration.Cluster}/{configuration.Role}").RoundedBorder());
}
