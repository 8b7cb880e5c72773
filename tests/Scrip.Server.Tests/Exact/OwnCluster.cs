using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Scrip.Server.Tests.Exact;

/// <summary>A PostgreSQL of a test's own, in a temporary folder and on loopback, so that it may be killed. Durability is as PostgreSQL has it.</summary>
sealed class OwnCluster : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("scrip_cluster_").FullName;
    private readonly string programs = Programs();

    private OwnCluster()
    {
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Its address as <c>SCRIP_DATABASE</c> has it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"postgres://postgres@127.0.0.1:{Port}");

    /// <summary>Makes one and starts it.</summary>
    public static async Task<OwnCluster> Create()
    {
        var cluster = new OwnCluster();
        if (Environment.UserName == "root") await Run("chown", "postgres", cluster.folder);
        await cluster.AsPostgres("initdb", "-D", Path.Combine(cluster.folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        await cluster.Start();
        return cluster;
    }

    /// <summary>Starts it and waits until it has recovered.</summary>
    public Task Start() => AsPostgres("pg_ctl", "start", "-w", "-t", "60", "-s", "-D", Path.Combine(folder, "data"), "-l", Path.Combine(folder, "log"),
        "-o", string.Create(CultureInfo.InvariantCulture, $"-c listen_addresses=127.0.0.1 -c port={Port} -c unix_socket_directories='{folder}'"));

    /// <summary>Ends its first process at once (SIGKILL), as a power cut would; the others notice and go.</summary>
    public async Task Kill()
    {
        var file = Path.Combine(folder, "data", "postmaster.pid");
        var pid = int.Parse((await File.ReadAllLinesAsync(file))[0], CultureInfo.InvariantCulture);
        using var first = Process.GetProcessById(pid);
        var children = Children(pid);
        first.Kill();
        for (var tries = 0; tries < 500 && children.Exists(child => Directory.Exists($"/proc/{child}")); tries++) await Task.Delay(10);
        File.Delete(file);
    }

    // The shared memory is only free once all of them have gone.
    private static List<int> Children(int pid) =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Where(name => ParentOf(name!) == pid).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)),
    ];

    private static int ParentOf(string pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private Task AsPostgres(string program, params string[] arguments)
    {
        var path = Path.Combine(programs, program);
        return Environment.UserName == "root"
            ? Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", path, .. arguments])
            : Run(path, arguments);
    }

    private static async Task Run(string program, params string[] arguments)
    {
        // The server keeps what it inherits, so nothing of it may be a pipe that is waited for.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static string Programs() => Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
        .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).Last();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await AsPostgres("pg_ctl", "stop", "-m", "immediate", "-s", "-D", Path.Combine(folder, "data"));
        Directory.Delete(folder, recursive: true);
    }
}
