using BenchmarkDotNet.Running;

// ./dev bench [name]: the benchmarks whose name contains the word, or all of them.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
