using Scrip.Engine;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Sessions;

/// <summary>Releasing a session by hand. Validations open sessions, redemptions use them up.</summary>
static class SessionApi
{
    public static void Map(Api v1) =>
        v1.Delete("/v1/vouchers/{code}/sessions/{sessionKey}", "release-validation-session", Release);

    static Task Release(Call call)
    {
        var (code, key) = (call.Route("code"), call.Route("sessionKey"));
        return call.Commit(async db =>
        {
            var voucher = await VoucherSql.FindForUpdate(db, call.ProjectId, code, call.Db.Dialect) ?? throw new ApiFault(Refusals.Missing("voucher", code));
            if (!await SessionSql.Release(db, voucher, key, call.Now)) throw new ApiFault(Refusals.Missing("session", key));
            return Nothing.Instance;
        });
    }
}
