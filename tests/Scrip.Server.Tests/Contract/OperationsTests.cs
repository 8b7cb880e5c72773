using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

public sealed class OperationsTests
{
    [Fact]
    public void The_list_of_operations_is_the_contracts()
    {
        Assert.SkipUnless(OpenApi.IsPresent, "The OpenAPI documents are not on this machine.");
        var states = File.Exists(Operations.ListPath) ? Operations.All.ToDictionary(row => row.Id, row => row.State) : [];
        var rows = OpenApi.All.Select(one =>
            new Operation(one.Method, one.Path, one.Id, one.Feature, states.GetValueOrDefault(one.Id, Operation.NotYet)));
        string[] lines = [Operations.Heading, .. rows.Select(row => string.Join('\t', row.Method, row.Path, row.Id, row.Feature, row.State))];
        if (Repository.Rewrites) File.WriteAllLines(Operations.ListPath, lines);
        File.ReadLines(Operations.ListPath).ShouldBe(lines, "Run ./dev operations to write it anew.");
    }

    [Fact]
    public void Every_operation_is_served_or_not_yet() =>
        Operations.All.Where(row => row.State is not (Operation.Served or Operation.NotYet)).ShouldBeEmpty();

    [Fact]
    public async Task Operations_marked_served_are_exactly_the_mapped_routes()
    {
        var mapped = (await ScripProcess.Run("routes"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split('\t'))
            .Select(cells => Operation.RouteOf(cells[0], cells[1]))
            .ToHashSet();
        var served = Operations.All.Where(row => row.State == Operation.Served).Concat(Operations.Own).Select(row => row.Route).ToHashSet();

        mapped.Except(served).Order().ShouldBeEmpty("mapped, but neither marked served in contract/operations.tsv nor in contract/own-operations.tsv");
        served.Except(mapped).Order().ShouldBeEmpty("marked served or own in contract, but not mapped");
    }

    [Theory]
    [InlineData("GET", "/v1/vouchers/SUMMER", "get-voucher")]
    [InlineData("POST", "/v1/vouchers/import", "import-vouchers")]
    [InlineData("POST", "/v1/vouchers/", "generate-random-code")]
    [InlineData("GET", "/v1//products/a%2Fb?limit=1", "get-product")]
    [InlineData("GET", "/v1/exports/exp_1", "get-export")]
    [InlineData("GET", "/v1/exports/exp_1?token=x", "download-export")]
    [InlineData("GET", "/v1/redemptions/r_1/trace", "get-redemption-trace")]
    [InlineData("GET", "/v1/nothing", null)]
    public void A_request_finds_its_operation_and_literal_segments_win(string method, string path, string? id) =>
        Operations.Match(method, path)?.Id.ShouldBe(id);

    [Fact]
    public void Deviations_name_operations_that_exist_and_give_a_reason()
    {
        var routes = Operations.All.Select(row => row.Route).ToHashSet();
        foreach (var row in Deviations.All)
        {
            row.Reason.ShouldNotBeNullOrWhiteSpace();
            if (row.Method != "*" && row.Path != "*") routes.ShouldContain(Operation.RouteOf(row.Method, row.Path));
        }
    }
}
