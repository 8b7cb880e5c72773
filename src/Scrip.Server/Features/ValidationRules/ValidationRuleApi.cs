using System.Text.Json;
using System.Text.Json.Nodes;
using Scrip.Engine;
using Scrip.Engine.Rules;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Usages;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>Validation rules. A rule is bound before it is stored, so that what is stored can be judged.</summary>
static class ValidationRuleApi
{
    static readonly ListSpec Rules = new("validation_rules", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["name"] = ("name", ColumnKind.Text),
        ["type"] = ("type", ColumnKind.Text),
        ["context_type"] = ("context_type", ColumnKind.Text),
    }, ["created_at", "updated_at", "name"]);

    public static void Map(Api v1, RuleTarget[] targets)
    {
        v1.List("/v1/validation-rules", "list-validation-rules", List);
        v1.Post<ValidationRuleInput, ValidationRule>("/v1/validation-rules", "create-validation-rules", Create);
        v1.Get("/v1/validation-rules/{validationRuleId}", "get-validation-rule", call => call.Db.Read(async db => (await ValidationRuleSql.Need(db, call, Id(call))).Show()));
        v1.Put<ValidationRuleInput, ValidationRule>("/v1/validation-rules/{validationRuleId}", "update-validation-rule", Update);
        v1.Delete("/v1/validation-rules/{validationRuleId}", "delete-validation-rules", Delete);
        AssignmentApi.Map(v1, targets);
    }

    static string Id(Call call) => call.Route("validationRuleId");

    static async Task<ListOf<ValidationRule>> List(Call call)
    {
        var list = ListQuery.Read(call, Rules);
        foreach (var (name, comparison) in new[] { ("start_date", ">="), ("end_date", "<=") })
            if (call.Query[name].ToString() is { Length: > 0 } text)
                list.Where($"created_at {comparison} {list.Arg(Instant(text, name))}");
        return await call.Db.Read(async db =>
        {
            var (rows, total) = await list.RowsAndTotal<ValidationRuleRow>(db, ValidationRuleSql.Columns);
            return new ListOf<ValidationRule>("data", rows.ConvertAll(row => row.Show())) { Total = total };
        });
    }

    static long Instant(string text, string name) => Moment.TryParse(text.Replace(' ', '+'), out var moment)
        ? moment.Ms
        : throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .{name} cannot be recognized as a ISO-8601 compliant date"));

    static async Task<ValidationRule> Create(ValidationRuleInput input, Call call)
    {
        if (string.IsNullOrWhiteSpace(input.Name)) throw new ApiFault(Refusals.InvalidPayload.With("Payload should have required property 'name'"));
        var row = Merge(new ValidationRuleRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("val_", call.Now),
            Type = RuleWords.Types[0],
            ContextType = RuleWords.Global,
            CreatedAt = call.Now,
        }, input, call, null);
        return await call.Commit(async db =>
        {
            await ValidationRuleSql.Tell(db, row.ProjectId, row.Id);
            await ValidationRuleSql.Save(db, call.Db.Dialect, row);
            await Happening.Tell(db, call, EventTypes.RuleCreated, null, new RuleTold(row.Show()) { CreatedAt = new(call.Now) });
            return row.Show();
        });
    }

    static Task<ValidationRule> Update(ValidationRuleInput input, Call call) => call.Commit(async db =>
    {
        await ValidationRuleSql.Tell(db, call.ProjectId, Id(call));
        var row = Merge(await ValidationRuleSql.Need(db, call, Id(call)), input, call, call.Now);
        await ValidationRuleSql.Save(db, call.Db.Dialect, row);
        await Happening.Tell(db, call, EventTypes.RuleUpdated, null, new RuleTold(row.Show()) { UpdatedAt = new(call.Now) });
        return row.Show();
    });

    static Task Delete(Call call) => call.Commit(async db =>
    {
        await ValidationRuleSql.Tell(db, call.ProjectId, Id(call));
        var row = await ValidationRuleSql.Need(db, call, Id(call));
        await Happening.Tell(db, call, EventTypes.RuleDeleted, null, new RuleTold(row.Show()) { DeletedAt = new(call.Now) });
        await ValidationRuleSql.Delete(db, row);
        return Nothing.Instance;
    });

    // What was sent replaces, the rest stays; the whole must be a rule.
    static ValidationRuleRow Merge(ValidationRuleRow row, ValidationRuleInput input, Call call, long? updated)
    {
        var old = Wire.Read<ValidationRuleBody>(row.Body);
        var body = new ValidationRuleBody
        {
            Rules = call.Sent("rules") ? Object(input.Rules) : old.Rules,
            BundleRules = call.Sent("bundle_rules") ? Object(input.BundleRules) ?? (updated is null ? null : JsonElement.Parse("{}")) : old.BundleRules,
            Error = call.Sent("error") ? input.Error : old.Error,
            ApplicableTo = call.Sent("applicable_to") ? WithEffects(Object(input.ApplicableTo)) : old.ApplicableTo,
        };
        var merged = new ValidationRuleRow
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            Name = Checks.Text(input.Name?.Trim(), "name") ?? row.Name,
            Type = Checks.OneOf(input.Type, "type", RuleWords.Types) ?? row.Type,
            ContextType = Checks.OneOf(input.ContextType, "context_type", RuleWords.ContextTypes) ?? row.ContextType,
            CreatedAt = row.CreatedAt,
            UpdatedAt = updated,
            Body = Wire.Text(body),
            AssignmentsCount = row.AssignmentsCount,
        };
        Checks.Text(body.Error?.Message, "error.message", 1000);
        var bound = Rule.Bind(merged.Source());
        return bound.Rule is { } rule ? merged with { Counted = string.Join(' ', UsageKinds.Of([rule]).Names) } : throw new ApiFault(Refusals.InvalidValidationRules.With(bound.Fault!));
    }

    // The contract has an effect on every target; one that was left out is told as what it means.
    static JsonElement? WithEffects(JsonElement? sent)
    {
        if (sent is not { ValueKind: JsonValueKind.Object } given) return sent;
        try
        {
            var targets = JsonObject.Create(given)!;
            foreach (var name in (string[])["included", "excluded"])
                foreach (var target in targets[name] as JsonArray ?? [])
                    if (target is JsonObject one && one["effect"] is null) one["effect"] = "APPLY_TO_EVERY";
            return JsonElement.Parse(targets.ToJsonString());
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            throw new ApiFault(Refusals.InvalidValidationRules.With("applicable_to: a property is given twice, or a text is not valid Unicode"));
        }
    }

    static JsonElement? Object(JsonElement? sent) => sent is { ValueKind: JsonValueKind.Null } ? null : sent;
}
