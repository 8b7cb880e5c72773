using Scrip.Engine.Redeeming;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>Asks what a stack of redeemables would be worth. Nothing is written; an invalid stack is still 200.</summary>
static class ValidationApi
{
    public static void Map(Api v1) =>
        v1.Post<StackRequest, Validation>("/v1/validations", "validate-stacked-discounts", Validate);

    static async Task<Validation> Validate(StackRequest request, Call call)
    {
        var facts = await StackFacts.Load(request, call);
        var decision = Deciding.Decide(facts.Decision);
        if (decision.Refusal is { } refusal) throw new ApiFault(refusal);
        return ValidationFlow.Show(request, facts, decision, call);
    }
}
