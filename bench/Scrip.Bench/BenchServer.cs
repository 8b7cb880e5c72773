using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Scrip.Bench;

/// <summary>The server as a user starts it: a process of its own on a loopback port. Ended by its process id.</summary>
sealed class BenchServer : IAsyncDisposable
{
    readonly Process process;

    BenchServer(string on, Process process, IPEndPoint endPoint)
    {
        On = on;
        EndPoint = endPoint;
        this.process = process;
        Api = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri($"http://{endPoint}") };
        foreach (var (name, value) in new[] { ("X-App-Id", "bench"), ("X-App-Token", "bench"), ("X-Management-Id", "bench-m"), ("X-Management-Token", "bench-m") })
            Api.DefaultRequestHeaders.Add(name, value);
    }

    /// <summary>The name of the database it serves from.</summary>
    public string On { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>A client with the project's keys, for what is not measured.</summary>
    public HttpClient Api { get; }

    /// <summary>How long it took from the start of the process until it was ready.</summary>
    public double StartSeconds { get; private set; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="on">The name of the database.</param>
    /// <param name="program">The published executable, or its dll.</param>
    /// <param name="scratch">A folder for its files.</param>
    /// <param name="database">The database as <c>SCRIP_DATABASE</c> has it.</param>
    /// <param name="more">Further settings.</param>
    public static async Task<BenchServer> Start(string on, string program, string scratch, string database, params (string, string)[] more)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        var info = program.EndsWith(".dll", StringComparison.Ordinal)
            ? new ProcessStartInfo("dotnet", [program, "serve"])
            : new ProcessStartInfo(program, ["serve"]);
        (info.RedirectStandardOutput, info.WorkingDirectory) = (true, scratch);
        foreach (var (name, value) in ((string, string)[])
        [
            ("SCRIP_URL", $"http://{endPoint}"), ("SCRIP_DATABASE", database), ("SCRIP_DATA", scratch), ("SCRIP_SEED", "none"), ("SCRIP_DEMO_PROJECT_ID", Shop.Project),
            ("SCRIP_DEMO_APP_ID", "bench"), ("SCRIP_DEMO_APP_TOKEN", "bench"), ("SCRIP_DEMO_MANAGEMENT_ID", "bench-m"), ("SCRIP_DEMO_MANAGEMENT_TOKEN", "bench-m"),
            ("SCRIP_RATE_LIMIT", "1000000000"),
            .. more,
        ])
            info.Environment[name] = value;
        var start = TimeProvider.System.GetTimestamp();
        var server = new BenchServer(on, Process.Start(info)!, endPoint);
        server.process.BeginOutputReadLine();
        for (var tries = 0; tries < 6000; tries++)
        {
            try
            {
                using var ready = await server.Api.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode)
                {
                    server.StartSeconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
                    return server;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(10);
        }
        throw new InvalidOperationException("The server did not become ready");
    }

    /// <summary>The most memory that the process had so far, as Linux counts it.</summary>
    public long PeakMemoryBytes()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(text => text.StartsWith("VmHWM", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Processor time in milliseconds and bytes allocated since the start, and bytes of memory held now.</summary>
    public async Task<(double CpuMs, double Allocated, double Memory)> Costs()
    {
        process.Refresh();
        var cpu = process.TotalProcessorTime.TotalMilliseconds;
        var metrics = await Api.GetStringAsync("/metrics");
        var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith("dotnet_gc_heap_total_allocated_bytes_total", StringComparison.Ordinal));
        var allocated = line is null ? 0 : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        return (cpu, allocated, process.WorkingSet64);
    }

    /// <summary>A call that is not measured; anything but success ends the run.</summary>
    public async Task<JsonNode> Send(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await Api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
