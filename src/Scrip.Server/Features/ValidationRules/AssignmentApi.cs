using Scrip.Engine;
using Scrip.Server.Features.Events;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>What is bound to which rule. The same thing is bound to the same rule once.</summary>
static class AssignmentApi
{
    const string Object = "validation_rules_assignment";

    static readonly string[] Types = [AssignmentSql.Voucher, AssignmentSql.Tier, AssignmentSql.Campaign, "earning_rule", "distribution", "reward_assignment"];

    static readonly ListSpec Assignments = new("validation_rule_assignments", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["rule_id"] = ("rule_id", ColumnKind.Text),
        ["related_object_id"] = ("related_object_id", ColumnKind.Text),
        ["related_object_type"] = ("related_object_type", ColumnKind.Text),
    }, ["created_at"]);

    public static void Map(Api v1, RuleTarget[] targets)
    {
        v1.List("/v1/validation-rules-assignments", "list-validation-rules-assignments",
            call => List(call, ListQuery.Read(call, Assignments).WhereIs("rule_id", call.Query["rule"]).WhereIs("related_object_id", call.Query["related_object_id"])));
        v1.List("/v1/validation-rules/{validationRuleId}/assignments", "list-validation-rule-assignments",
            call => List(call, ListQuery.Read(call, Assignments).WhereIs("rule_id", Rule(call))));
        v1.Post<RuleAssignmentInput, RuleAssignment>("/v1/validation-rules/{validationRuleId}/assignments", "create-validation-rule-assignment",
            (input, call) => Create(input, call, targets));
        v1.Delete("/v1/validation-rules/{validationRuleId}/assignments/{assignmentId}", "delete-validation-rule-assignment", Delete);
    }

    static string Rule(Call call) => call.Route("validationRuleId");

    static Task<ListOf<RuleAssignment>> List(Call call, ListQuery list) => call.Db.Read(async db =>
    {
        var (rows, total) = await list.RowsAndTotal<RuleAssignmentRow>(db);
        return new ListOf<RuleAssignment>("data", rows.ConvertAll(row => row.Show())) { Total = total };
    });

    static async Task<RuleAssignment> Create(RuleAssignmentInput input, Call call, RuleTarget[] targets)
    {
        var type = Checks.OneOf(input.RelatedObjectType ?? AssignmentSql.Voucher, "related_object_type", Types)!;
        var id = input.RelatedObjectId is { Length: > 0 } sent ? sent : throw Checks.Wrong("", "should have required property 'related_object_id'");
        var target = targets.FirstOrDefault(one => one.Type == type) ?? throw Checks.Wrong("related_object_type", $"cannot be {type}: rules of those are not served yet");
        var force = call.Flag("force");
        try
        {
            return await call.Commit(async db =>
            {
                var rule = await ValidationRuleSql.Need(db, call, Rule(call));
                if (!await target.Lock(db, call.ProjectId, id)) throw new ApiFault(Refusals.Missing(type, id));
                if (await AssignmentSql.Existing(db, call.ProjectId, Rule(call), id) is { } existing)
                {
                    if (!force) throw new ApiFault(Refusals.Duplicate(Object, existing.Id));
                    await AssignmentSql.Delete(db, existing);
                    await Happening.Tell(db, call, EventTypes.RuleUnassigned, null, new AssignmentTold(rule.Show(), new(existing.Show())));
                }
                return (await AssignmentSql.Add(db, call, Rule(call), type, id)).Show();
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate(Object, id, by: "related_object_id"));
        }
    }

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var id = call.Route("assignmentId");
        var rule = await ValidationRuleSql.Need(db, call, Rule(call));
        var row = await AssignmentSql.Find(db, call.ProjectId, Rule(call), id) ?? throw new ApiFault(Refusals.Missing(Object, id));
        await AssignmentSql.Delete(db, row);
        await Happening.Tell(db, call, EventTypes.RuleUnassigned, null, new AssignmentTold(rule.Show(), new(row.Show())));
        return Nothing.Instance;
    });
}
