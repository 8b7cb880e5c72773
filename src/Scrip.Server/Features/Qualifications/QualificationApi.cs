using Scrip.Engine.Qualifying;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Qualifications;

/// <summary>Asks what could be redeemed. Nothing is written and nothing consumed, by the older operations neither.</summary>
static class QualificationApi
{
    public static void Map(Api v1)
    {
        v1.Post<QualificationInput, Qualification>("/v1/qualifications", "check-eligibility", Qualify);
        Examining.Map(v1.Under("vouchers"), v1.Under("campaigns"));
    }

    static async Task<Qualification> Qualify(QualificationInput input, Call call)
    {
        var terms = QualificationTerms.Read(input);
        var notAfter = terms.Order == QualifyingOrder.Newest ? terms.After?.CreatedAt : null;
        var facts = await QualificationFacts.Load(input, terms.Scenario, VouchersWanted.By(terms.Scenario, notAfter), call);
        var page = await Pick(facts, terms, call);
        return new QualificationView(input, facts, terms.Expand, await Assignments(page, terms, call)).Show(page, call);
    }

    static async Task<ILookup<string, RuleAssignment>> Assignments(QualifyingPage page, QualificationTerms terms, Call call)
    {
        var offers = terms.Expand.Contains("validation_rules") ? page.Items.Select(item => (Offer)item.Candidate) : [];
        var ids = offers.SelectMany(offer => offer.Parts.Select(part => part.Id).Append(offer.Campaign?.Id)).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return ids.Length == 0 ? NoAssignments : await call.Db.Read(db => AssignmentSql.Of(db, call.Db.Dialect, call.ProjectId, ids));
    }

    static readonly ILookup<string, RuleAssignment> NoAssignments = Array.Empty<RuleAssignment>().ToLookup(one => one.RelatedObjectId);

    // Newest first ends when the page is full; a deal may lie among the oldest.
    static async Task<QualifyingPage> Pick(QualificationFacts facts, QualificationTerms terms, Call call)
    {
        while (facts.HasMore && terms.Order != QualifyingOrder.Newest) await facts.ReadMore(call);
        while (true)
        {
            var page = Paging.Pick(facts.Candidates(terms.Filter), facts.Qualifier, terms.Order, terms.After, terms.Limit);
            if (page.Next is not null || !facts.HasMore) return page;
            await facts.ReadMore(call);
        }
    }
}
