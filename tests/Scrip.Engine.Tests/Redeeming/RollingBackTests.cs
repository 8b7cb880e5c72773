using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Tests.Redeeming;

public class RollingBackTests
{
    private static readonly RollbackFacts Single = new(RollbackScope.Single, true, false, false, false, [new("r_1", 500)]);

    [Fact]
    public void A_rollback_gives_back_one_use_and_the_credits() =>
        RollingBack.Decide(Single).Restorations.ShouldBe([new Restoration("r_1", 1, 500)]);

    [Fact]
    public void A_parent_gives_back_what_its_children_took() =>
        RollingBack.Decide(Single with { Scope = RollbackScope.Stack, IsParent = true, Redemptions = [new("r_1"), new("r_2", 7)] })
            .Restorations.ShouldBe([new Restoration("r_1", 1, null), new Restoration("r_2", 1, 7)]);

    [Fact]
    public void What_cannot_be_rolled_back_is_refused()
    {
        Refusal? Of(RollbackFacts facts) => RollingBack.Decide(facts).Refusal;
        Of(Single with { IsParent = true }).ShouldBe(Refusals.InvalidRedemption);
        Of(Single with { IsChild = true }).ShouldBe(Refusals.InvalidRedemptionParent);
        Of(Single with { RolledBack = true, Succeeded = false }).ShouldBe(Refusals.AlreadyRolledBack);
        Of(Single with { Succeeded = false }).ShouldBe(Refusals.FailedRedemption);
    }
}
