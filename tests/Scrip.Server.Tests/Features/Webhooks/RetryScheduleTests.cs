using System.Text;
using Scrip.Server.Features.Webhooks;

namespace Scrip.Server.Tests.Features.Webhooks;

public sealed class RetryScheduleTests
{
    // Minutes since the first attempt, from the documented table.
    private static readonly long[] Documented = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440];

    [Fact]
    public void Retries_follow_the_documented_table_with_up_to_a_tenth_of_the_wait_on_top()
    {
        var schedule = new RetrySchedule(60_000);
        var (now, before) = (0L, 0L);
        for (var attempt = 1; attempt <= Documented.Length; attempt++)
        {
            var due = schedule.Next(attempt, 0, now).ShouldNotBeNull();
            var minutes = Documented[attempt - 1];
            due.ShouldBeInRange(minutes * 60_000, minutes * 60_000 + (minutes - before) * 6_000);
            (now, before) = (minutes * 60_000, minutes);
        }
        schedule.Next(13, 0, now).ShouldBeNull();
    }

    [Fact]
    public void What_failed_together_does_not_come_back_together() =>
        Enumerable.Range(0, 50).Select(_ => new RetrySchedule(60_000).Next(6, 0, 1_000_000)).Distinct().Count().ShouldBeGreaterThan(10);

    [Fact]
    public void A_server_that_was_down_for_long_does_not_send_all_retries_at_once() =>
        new RetrySchedule(60_000).Next(3, 0, 100_000_000).ShouldNotBeNull().ShouldBeGreaterThan(100_000_000 + 59_000);

    [Theory]
    [InlineData("""{"a":1}""", "a17d2ac229d1ebbb5f10e839c7985c4818e5986eab297f7e5979196d4d7d3ed2")]
    [InlineData("  message  ", "53ff92957e1427ce23ad5bda9d0c5f2f4ff384d0806b83eeacb510c842d3a358")]
    public void The_signature_is_that_of_the_documented_example(string body, string signature) =>
        Signatures.Headers("secretKey", "whs_1", 0, Encoding.UTF8.GetBytes(body))[0].ShouldBe(("x-voucherify-signature", signature));
}
