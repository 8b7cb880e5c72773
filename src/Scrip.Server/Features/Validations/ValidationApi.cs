using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>Asks what redeemables would be worth. Only a session writes; an invalid stack is still 200.</summary>
static class ValidationApi
{
    public static void Map(Api v1)
    {
        v1.Post<StackRequest, Validation>("/v1/validations", "validate-stacked-discounts", Validate);
        v1.Post<VoucherRequest, VoucherValidation>("/v1/vouchers/{code}/validate", "validate-voucher", VoucherValidating.Validate);
    }

    static Task<Validation> Validate(StackRequest request, Call call) => Validating.Run(request, call,
        (facts, decision, session) => ValidationFlow.Show(request, facts, decision, call) with { Session = session });
}
