using Scrip.Server.Platform.Data;

namespace Scrip.Server.Tests.Platform.Data;

/// <summary>Batches that are written in one transaction: locks in everybody's order, rows of a table after each other.</summary>
public sealed class BatchMergeTests
{
    private const string Voucher = "voucher", Order = "order", Row = "row", Event = "event", Lock = "lock", Check = "check";

    [Fact]
    public void Rows_are_locked_in_the_order_of_their_turns_whichever_batch_they_are_of()
    {
        var first = new Batch().Guard(1, Order, ("n", 1)).At(Rank.NewOrder, "b").Guard(1, Voucher, ("n", 1)).At(Rank.Voucher, "v2").Guard(1, Voucher, ("n", 2)).At(Rank.Voucher, "v9");
        var second = new Batch().Guard(2, Order, ("n", 2)).At(Rank.NewOrder, "a").Guard(2, Voucher, ("n", 3)).At(Rank.Voucher, "v1").Guard(2, Voucher, ("n", 4)).At(Rank.Voucher, "v2");

        Shown(first, second).ShouldBe(["order 2", "order 1", "voucher 3", "voucher 1", "voucher 4", "voucher 2"]);
    }

    [Fact]
    public void Rows_of_one_table_come_after_each_other_and_those_of_a_batch_in_its_order()
    {
        var first = new Batch().Add(Row, ("n", 1)).Add(Row, ("n", 2)).Add(Event, ("n", 1)).Add(Row, ("n", 3));
        var second = new Batch().Add(Row, ("n", 4)).Add(Event, ("n", 2));

        Shown(first, second).ShouldBe(["row 1", "row 2", "row 4", "event 1", "event 2", "row 3"]);
    }

    [Fact]
    public void What_several_lock_by_name_is_locked_by_one_statement_in_order_and_once()
    {
        var first = new Batch().Named(Rank.Counter, Lock, ("a", new[] { "k", "m" }), ("b", new[] { "2", "1" }));
        var second = new Batch().Named(Rank.Counter, Lock, ("a", new[] { "k", "k", "m" }), ("b", new[] { "1", "2", "1" }));

        var merged = BatchMerge.Of([first, second]).ShouldHaveSingleItem();
        merged.IsByName.ShouldBeTrue();
        merged.Args.Select(arg => (arg.Name, string.Join(' ', (string[])arg.Value!))).ShouldBe([("a", "k k m"), ("b", "1 2 1")]);
    }

    [Fact]
    public void What_several_add_to_one_name_is_one_statement_with_the_sums()
    {
        var first = new Batch().Named(Rank.KeptCounter, Row, ("a", new[] { "k", "m" }), ("n", new[] { 1L, 2L }), ("o", new[] { 10L, 20L }));
        var second = new Batch().Named(Rank.KeptCounter, Row, ("a", new[] { "b", "m" }), ("n", new[] { 4L, 5L }), ("o", new[] { 40L, 50L }));

        var merged = BatchMerge.Of([first, second]).ShouldHaveSingleItem();
        ((string[])merged.Args[0].Value!).ShouldBe(["b", "k", "m"]);
        ((long[])merged.Args[1].Value!).ShouldBe([4, 1, 7]);
        ((long[])merged.Args[2].Value!).ShouldBe([40, 10, 70]);
    }

    [Fact]
    public void What_several_check_alike_is_checked_once_and_what_differs_each()
    {
        static Batch Asks(long number) => new Batch().Check(number, Check, ("n", number)).At(Rank.Project, "p");

        Shown(Asks(1), Asks(1), Asks(2), Asks(1)).ShouldBe(["check 1", "check 2", "check 1"]);
    }

    [Fact]
    public void A_batch_comes_into_the_order_of_turns_and_keeps_what_has_the_same_one()
    {
        var batch = new Batch().Guard(1, Voucher, ("n", 1)).At(Rank.Voucher, "v2").Add(Row, ("n", 1)).Guard(1, Voucher, ("n", 2)).At(Rank.Voucher, "v1").Add(Row, ("n", 2));
        batch.InTurn();

        Shown(batch).ShouldBe(["row 1", "row 2", "voucher 2", "voucher 1"]);
    }

    private static IEnumerable<string> Shown(params Batch[] batches) => BatchMerge.Of(batches).Select(one => $"{one.Sql} {one.Args[0].Value}");
}
