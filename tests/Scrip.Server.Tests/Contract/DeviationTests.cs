namespace Scrip.Server.Tests.Contract;

public sealed class DeviationTests
{
    private static readonly Operation Get = new("GET", "/v1/vouchers/{code}", "get-voucher", "vouchers", Operation.Served);

    [Theory]
    [InlineData("/campaign", "null", true)]
    [InlineData("/campaign", "3", true)]
    [InlineData("/category=null", "null", false)]
    [InlineData("/campaign=null", "null", true)]
    [InlineData("/campaign=null", "3", false)]
    [InlineData("*/campaign", "3", true)]
    [InlineData("/vouchers/*/campaign", "3", false)]
    public void A_deviation_excuses_what_its_pointer_names(string pointer, string actual, bool excuses) =>
        new Deviation("GET", "/v1/vouchers/{voucher}", "200", pointer, "for the test")
            .Excuses(Get, 200, new("/campaign", "string", actual)).ShouldBe(excuses);

    [Theory]
    [InlineData("*", "*", "*", true)]
    [InlineData("PUT", "*", "*", false)]
    [InlineData("GET", "/v1/vouchers", "*", false)]
    [InlineData("*", "/v1/vouchers/{code}", "404", false)]
    public void A_deviation_holds_for_its_operation_and_status_only(string method, string path, string status, bool excuses) =>
        new Deviation(method, path, status, "*", "for the test")
            .Excuses(Get, 200, new("/campaign", "string", "null")).ShouldBe(excuses);
}
