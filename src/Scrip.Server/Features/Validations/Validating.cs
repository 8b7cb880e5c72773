using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>
/// The way of every validation: load, decide, and hold what its session asks for. Without a session, or when it is
/// not valid, nothing is written; a lost race loads again.
/// </summary>
static class Validating
{
    const int AttemptsMax = 3;

    /// <summary>Validates.</summary>
    /// <param name="request">What to validate.</param>
    /// <param name="call">The request.</param>
    /// <param name="show">The answer; the session is null when none was opened.</param>
    /// <exception cref="ApiFault">The request is malformed.</exception>
    public static async Task<T> Run<T>(StackRequest request, Call call, Func<StackFacts, Decision, Session?, T> show)
    {
        var session = request.Session is { } asked ? Session.Open(asked.Checked()) : null;
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var facts = await StackFacts.Load(request, call);
            var decision = Deciding.Decide(facts.Decision);
            if (decision.Refusal is { } refusal) throw new ApiFault(refusal);
            if (session is null || !decision.Valid) return show(facts, decision, null);
            var answer = show(facts, decision, session);
            var batch = Holds(facts, decision, session, call);
            if (batch.Statements.Count == 0 || await call.Commit(batch, answer) is null) return answer;
        }
        throw new ApiFault(Refusals.ConcurrentUpdate);
    }

    // Promotion tiers have no quantity, so there is nothing of them to hold.
    static Batch Holds(StackFacts facts, Decision decision, Session session, Call call)
    {
        var batch = new Batch();
        var held = decision.Outcomes.Where(outcome => outcome.Status == RedeemableStatus.Applicable)
            .Select(outcome => (Entry: facts.Of(outcome), outcome.Drawn)).Where(one => one.Entry.Voucher is not null);
        // Rows are locked in one order by everybody.
        foreach (var (entry, drawn) in held.OrderBy(one => one.Entry.Voucher!.Id, StringComparer.Ordinal))
            batch.Hold(call.Db.Dialect, entry.Voucher!, session, drawn is null ? 0 : entry.Input.Gift?.Credits ?? entry.Input.Reward?.Points ?? drawn.Value, call.Now);
        return batch;
    }
}
