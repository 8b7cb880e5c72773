using System.Text.Json;
using Scrip.Server.Features.Validations;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// The older redemption of one voucher: a stack of one, answered by its only redemption. Where a stack answers null,
/// this endpoint leaves the field out; what callers keep in metadata stays as it is.
/// </summary>
static class VoucherRedemption
{
    public static Task<JsonElement> Redeem(VoucherRequest request, Call call) =>
        RedemptionApi.Redeem(request.AsStack(call), call, answer => WithoutNulls.Of(answer.Redemptions[0]));
}
