using Scrip.Engine.Codes;

namespace Scrip.Engine.Tests.Codes;

public class CodeConfigTests
{
    [Fact]
    public void Nothing_given_means_eight_letters_or_digits()
    {
        var config = new CodeConfig();
        (config.EffectivePattern, config.DrawnFrom.Length, config.RandomLength).ShouldBe(("########", 62, 8));
        config.Space.ShouldBe((UInt128)218_340_105_584_896);
    }

    [Fact]
    public void The_pattern_overrides_the_length()
    {
        var config = new CodeConfig { Length = 3, Pattern = "10OFF-#######" };
        (config.EffectivePattern, config.RandomLength).ShouldBe(("10OFF-#######", 7));
    }

    [Fact]
    public void A_space_beyond_measure_saturates()
    {
        new CodeConfig { Length = 200 }.Space.ShouldBe(UInt128.MaxValue);
        new CodeConfig { Pattern = "FIXED" }.Space.ShouldBe(UInt128.One);
        new CodeConfig { Length = 4, Charset = "AABB" }.Space.ShouldBe((UInt128)16);
    }

    [Fact]
    public void Faults_say_what_to_mend()
    {
        Details(new CodeConfig { Length = 0 }).ShouldContain("code_config.length");
        Details(new CodeConfig { Length = 250, Prefix = "PREFIX" }).ShouldContain("256 characters long");
        Details(new CodeConfig { Charset = "" }).ShouldContain("charset");
        Details(new CodeConfig { Charset = "A B" }).ShouldContain("spaces");
        Details(new CodeConfig { Prefix = "A\n" }).ShouldContain("control");
        Details(new CodeConfig { Pattern = "😀##" }).ShouldContain("basic plane");
    }

    [Fact]
    public void A_count_beyond_the_space_is_refused_with_the_space_and_the_remedy()
    {
        var config = new CodeConfig { Pattern = "X-##", Charset = "0123456789" };
        config.Refuse(100).ShouldBeNull();
        var refusal = config.Refuse(60, taken: 41).ShouldNotBeNull();
        refusal.Key.ShouldBe(Refusals.InvalidCodeConfig.Key);
        refusal.Details.ShouldNotBeNull().ShouldContain("only 100 different ones");
        refusal.Details.ShouldContain("code_config.pattern");
    }

    private static string Details(CodeConfig config) => config.Refuse().ShouldNotBeNull().Details.ShouldNotBeNull();
}
