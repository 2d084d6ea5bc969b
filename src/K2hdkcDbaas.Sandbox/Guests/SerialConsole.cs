using System.Globalization;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Guests;

/// <summary>What a guest writes to its serial console. Keeps the last part, as Nova does.</summary>
internal sealed class SerialConsole(TimeProvider clock)
{
    private const int Limit = 256 * 1024;

    private readonly StringBuilder _text = new();
    private readonly DateTimeOffset _powerOn = clock.GetUtcNow();

    /// <summary>A line of the kernel.</summary>
    public void Kernel(string text) => Write(string.Create(CultureInfo.InvariantCulture, $"[{Uptime,12:F6}] {text}"));

    /// <summary>A line of cloud-init, which names the module and how bad it is.</summary>
    public void CloudInit(string module, string level, string text) => Write($"{Stamp} - {module}[{level}]: {text}");

    /// <summary>A line of a program that boot runs.</summary>
    public void Program(string name, string text) => Write(string.Create(CultureInfo.InvariantCulture, $"[{Uptime,12:F6}] {name}: {text}"));

    /// <summary>A line as it is.</summary>
    public void Write(string line)
    {
        lock (_text)
        {
            _text.Append(line).Append('\n');
            if (_text.Length > Limit)
            {
                _text.Remove(0, _text.Length - (Limit / 2));
            }
        }
    }

    /// <summary>Seconds since power on.</summary>
    public double Uptime => (clock.GetUtcNow() - _powerOn).TotalSeconds;

    /// <summary>The time in the form of cloud-init's log.</summary>
    public string Stamp => clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }
}
