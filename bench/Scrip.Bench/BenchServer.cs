using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Scrip.Bench;

/// <summary>The server as a user starts it: a process of its own on a loopback port. Ended by its process id.</summary>
sealed class BenchServer : IAsyncDisposable
{
    readonly Process process;

    BenchServer(Process process, Uri address)
    {
        this.process = process;
        Api = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = address };
        Api.DefaultRequestHeaders.Add("X-App-Id", "bench");
        Api.DefaultRequestHeaders.Add("X-App-Token", "bench");
    }

    /// <summary>A client with the project's keys.</summary>
    public HttpClient Api { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<BenchServer> Start(string dll, string scratch, string database)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var info = new ProcessStartInfo("dotnet", [dll, "serve"]) { RedirectStandardOutput = true, WorkingDirectory = scratch };
        foreach (var (name, value) in new[]
        {
            ("SCRIP_URL", address.ToString().TrimEnd('/')), ("SCRIP_DATABASE", database), ("SCRIP_DATA", scratch), ("SCRIP_SEED", "none"),
            ("SCRIP_DEMO_APP_ID", "bench"), ("SCRIP_DEMO_APP_TOKEN", "bench"), ("SCRIP_RATE_LIMIT", "1000000000"),
        })
            info.Environment[name] = value;
        var server = new BenchServer(Process.Start(info)!, address);
        server.process.BeginOutputReadLine();
        for (var tries = 0; tries < 300; tries++)
        {
            try
            {
                using var ready = await server.Api.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException("The server did not become ready");
    }

    /// <summary>The most memory that the process had so far, as Linux counts it.</summary>
    public long PeakMemoryBytes()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(text => text.StartsWith("VmHWM", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>One GET whose answer is read whole.</summary>
    public async Task Get(string path)
    {
        using var response = await Api.GetAsync(path);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>One POST whose answer is read whole; anything but success ends the run.</summary>
    public async Task<string> Post(string path, string body)
    {
        using var response = await Api.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"POST {path}: {(int)response.StatusCode} {text}");
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
