using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Scrip.Server.Tests.Running;

/// <summary>
/// The real program, serving on a free loopback port. It is stopped or killed by its process id only, and its
/// output is kept for the message of a failing test.
/// </summary>
public sealed class ScripProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);
    private const int OutputMax = 1_000_000;
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(1);
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process process;
    private readonly StringBuilder output = new();

    private ScripProcess(Database database, Uri address, Process process)
    {
        Database = database;
        Address = address;
        this.process = process;
    }

    /// <summary>The server program beside the tests.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("SCRIP_TEST_SERVER") is { Length: > 0 } published
        ? published
        : Path.Combine(AppContext.BaseDirectory, "Scrip.Server.dll");

    /// <summary>The database it serves from. It outlives the process, so that another can take over.</summary>
    public Database Database { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The process id.</summary>
    public int Id => process.Id;

    /// <summary>Whether the process has ended, by itself or by a test.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>What it wrote to both output streams, the last of it when it was much.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Starts a server over a database and returns once it is ready.</summary>
    public static async Task<ScripProcess> Start(Database database, IReadOnlyDictionary<string, string>? environment = null)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        var start = Command("serve");
        start.Environment["SCRIP_URL"] = address.ToString().TrimEnd('/');
        start.Environment["SCRIP_DATABASE"] = database.Address;
        start.Environment["SCRIP_DATA"] = database.Folder;
        start.Environment["SCRIP_SEED"] = "none";
        foreach (var (name, value) in DemoKeys.Environment) start.Environment[name] = value;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var server = new ScripProcess(database, address, Process.Start(start)!);
        server.process.OutputDataReceived += server.Keep;
        server.process.ErrorDataReceived += server.Keep;
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        server.Register();
        await server.WaitUntilReady();
        return server;
    }

    /// <summary>Runs a command of the program to its end and returns what it printed; a failure throws.</summary>
    public static Task<string> Run(params string[] arguments) => Run(null, arguments);

    /// <summary>Like <see cref="Run(string[])"/>, on a database.</summary>
    public static async Task<string> Run(Database? database, params string[] arguments)
    {
        var start = Command(arguments);
        if (database is not null) start.Environment["SCRIP_DATABASE"] = database.Address;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException($"scrip {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{text}{await errors}");
    }

    /// <summary>Asks it to stop (SIGTERM), as an operator would, and waits until it has.</summary>
    public async Task Stop()
    {
        if (!process.HasExited) await Signal("TERM");
        using var deadline = new CancellationTokenSource(StopMax);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            await Kill();
            throw new TimeoutException($"The server did not stop within {StopMax.TotalSeconds} s of SIGTERM. Its output:\n{Output}");
        }
    }

    /// <summary>Ends it at once (SIGKILL), as a power cut would.</summary>
    public async Task Kill()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Kill();
        process.Dispose();
    }

    private static ProcessStartInfo Command(params string[] arguments) => new("dotnet", [Program, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    /// <summary>Holds it still, as a machine that is out of breath, until it is resumed.</summary>
    public Task Pause() => Signal("STOP");

    /// <summary>Lets it go on.</summary>
    public Task Resume() => Signal("CONT");

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    // ./dev test ends what an interrupted run leaves behind; it knows the servers from these files.
    private void Register()
    {
        var folder = Environment.GetEnvironmentVariable("SCRIP_TEST_PIDS");
        if (!string.IsNullOrEmpty(folder)) File.WriteAllText(Path.Combine(folder, Id.ToString(CultureInfo.InvariantCulture)), "");
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (output)
        {
            if (output.Length > OutputMax) output.Remove(0, OutputMax / 2);
            output.AppendLine(line.Data);
        }
    }

    private async Task WaitUntilReady()
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < StartMax)
        {
            if (process.HasExited)
            {
                await process.WaitForExitAsync();
                throw new InvalidOperationException($"The server ended with {process.ExitCode} while starting on {Database.Db}. Its output:\n{Output}");
            }
            if (await IsReady()) return;
            await Task.Delay(50);
        }
        await Kill();
        throw new TimeoutException($"The server was not ready on {Database.Db} within {StartMax.TotalSeconds} s. Its output:\n{Output}");
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(Address, "/health/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
