using BenchmarkDotNet.Running;
using Scrip.Bench;

// ./dev bench http, ./dev bench bulk: the whole program over HTTP; compare and plot: what the former wrote. ./dev bench [name]: engine
// benchmarks whose name contains the word.
if (args is ["bulk", ..]) return await BulkBench.Run(args.Skip(1).ToArray());
// ./dev bench outbox and ./dev bench segments: what follows from redemptions, and what segments cost.
if (args is ["outbox", ..]) return await OutboxBench.Run(args.Skip(1).ToArray());
if (args is ["segments", ..]) return await SegmentBench.Run(args.Skip(1).ToArray());
if (args is ["http", ..]) return await HttpBench.Run(args.Skip(1).ToArray());
if (args is ["turns", ..]) return await TurnsBench.Run(args.Skip(1).ToArray());
if (args is ["compare", ..]) return await Compare.Run(args.Skip(1).ToArray());
if (args is ["plot", ..]) return await Plot.Run(args.Skip(1).ToArray());
if (args is ["audit", ..]) return await AuditBench.Run(args.Skip(1).ToArray());
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
