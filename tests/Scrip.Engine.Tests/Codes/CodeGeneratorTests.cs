using System.Diagnostics;
using System.Security.Cryptography;
using CsCheck;
using Scrip.Engine.Codes;

namespace Scrip.Engine.Tests.Codes;

public class CodeGeneratorTests
{
    [Fact]
    public void Codes_follow_prefix_pattern_and_postfix()
    {
        var config = new CodeConfig { Prefix = "A#", Pattern = "##-X-#", Postfix = "#Z", Charset = "01" };
        foreach (var code in Generator(config).Distinct(8))
            code.ShouldMatch("^A#[01][01]-X-[01]#Z$");
    }

    [Fact]
    public void Every_code_of_a_small_space_is_found() =>
        Generator(new CodeConfig { Length = 2, Charset = "0123456789" }).Distinct(100).Distinct().Count().ShouldBe(100);

    [Fact]
    public void More_codes_than_there_are_is_an_error() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Generator(new CodeConfig { Length = 1, Charset = "AB" }).Distinct(3));

    [Fact]
    public void Codes_hold_only_characters_of_the_charset_whatever_it_is() =>
        Gen.Select(Gen.Char['!', '~'].Array[1, 40], Gen.Int[1, 30], Gen.Int[0, 1_000_000]).Sample((characters, length, seed) =>
        {
            var charset = new string(characters);
            var random = new Random(seed);
            var code = new CodeGenerator(new CodeConfig { Length = length, Charset = charset }, random.NextBytes).Next();
            code.Length.ShouldBe(length);
            code.ShouldAllBe(c => charset.Contains(c));
        });

    [Fact]
    public void Every_byte_value_favours_no_character()
    {
        // Each byte once, in order: characters that come out more often than others would betray a modulo bias.
        byte next = 0;
        void Counting(Span<byte> bytes)
        {
            foreach (ref var one in bytes) one = next++;
        }
        var generator = new CodeGenerator(new CodeConfig { Length = 62 }, Counting);
        Enumerable.Range(0, 8).SelectMany(_ => generator.Next()).GroupBy(c => c).ShouldAllBe(group => group.Count() == 8);
    }

    [Fact]
    public void Half_a_million_codes_are_different()
    {
        var codes = Generator(new CodeConfig()).Distinct(500_000);
        codes.ToHashSet().Count.ShouldBe(500_000);
    }

    [Fact]
    public void Writing_a_code_allocates_the_code_alone()
    {
        var generator = Generator(new CodeConfig());
        generator.Next();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) generator.Next();
        // 22 bytes of string header and length, 2 for each of 8 characters, rounded up to words: 40.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(10_000 * 40);
    }

    [Fact]
    public void A_million_codes_take_a_moment()
    {
        var generator = Generator(new CodeConfig());
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 1_000_000; i++) generator.Next();
        // Far above what it takes, so that a busy machine does not turn it red; the bench measures.
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed}");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private static CodeGenerator Generator(CodeConfig config) => new(config, RandomNumberGenerator.Fill);
}
