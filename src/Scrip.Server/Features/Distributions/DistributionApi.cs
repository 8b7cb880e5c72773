using System.Data.Common;
using System.Globalization;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;
using Scrip.Server.Platform.Outgoing;

namespace Scrip.Server.Features.Distributions;

/// <summary>Distributions of a project, through the management keys: the API of the dashboard, which the vendor does not have.</summary>
static class DistributionApi
{
    const string Path = "/management/v1/projects/{projectId}/distributions";
    const string One = Path + "/{distributionId}";
    const string Type = "distribution";

    public static void Map(Api management)
    {
        management.Post<DistributionInput, Distribution>(Path, "create-distribution", Create);
        management.Get(Path, "list-distributions", List);
        management.Get(One, "get-distribution", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        management.Put<DistributionInput, Distribution>(One, "update-distribution", Update);
        management.Delete(One, "delete-distribution", Delete);
        management.Post(One + "/start", "start-distribution", call => Turn(call, Start));
        management.Post(One + "/pause", "pause-distribution", call => Turn(call, Pause));
        management.Post(One + "/cancel", "cancel-distribution", call => Turn(call, Cancel));
        management.Get(One + "/messages", "list-distribution-messages", Messages);
        management.Post(One + "/messages/{messageId}/retry", "retry-distribution-message", Retry);
    }

    static Task<Distribution> Create(DistributionInput input, Call call)
    {
        var name = Checks.Text(input.Name?.Trim(), "name") ?? throw Checks.Wrong("name", "is required");
        Checks.OneOf(input.Status, "status", DistributionStatus.Draft);
        var body = DistributionTerms.Merge(new DistributionBody { Action = new() { Type = DistributionTerms.MessageOnly } }, input, call.Need<TargetGuard>());
        return call.Commit(async db =>
        {
            var project = await Project(db, call);
            var row = new DistributionRow
            {
                ProjectId = project,
                Id = Ids.New("distr_", call.Now),
                Name = name,
                Status = DistributionStatus.Draft,
                TriggerType = body.Trigger.Type!,
                CreatedAt = call.Now,
                Body = Wire.Text(await DistributionTerms.Bind(db, project, body) with { Origin = call.Origin }),
            };
            if (input.Status != DistributionStatus.Draft) row = Start(row, call);
            await DistributionSql.Insert(db, row);
            if (row.Status == DistributionStatus.ToSend) await DistributionEvents.Scheduled(db, row, call.Now);
            return row.Show();
        });
    }

    // Until the first message is written a distribution that is sent by hand can be changed; what waits for events always can.
    static Task<Distribution> Update(DistributionInput input, Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        if (row.Status is DistributionStatus.Sending or DistributionStatus.Done or DistributionStatus.Canceled)
            throw Wrong($"The distribution is {row.Status} and cannot be changed any more");
        if (input.Status is not null && input.Status != row.Status) throw Checks.Wrong("status", "is changed by start, pause and cancel");
        var body = DistributionTerms.Merge(Wire.Read<DistributionBody>(row.Body), input, call.Need<TargetGuard>());
        if ((body.Trigger.Type == Triggers.Manual) != (row.TriggerType == Triggers.Manual) && row.Status != DistributionStatus.Draft)
            throw Checks.Wrong("trigger.type", "can become MANUAL, or something else, only in a DRAFT");
        var changed = row with
        {
            Name = input.Name is null ? row.Name : Checks.Text(input.Name.Trim(), "name") ?? throw Checks.Wrong("name", "must NOT be empty"),
            TriggerType = body.Trigger.Type!,
            UpdatedAt = call.Now,
            Body = Wire.Text(await DistributionTerms.Bind(db, row.ProjectId, body) with { Origin = call.Origin }),
        };
        await DistributionSql.Update(db, changed);
        return changed.Show();
    });

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        await DistributionSql.Delete(db, row.ProjectId, row.Id);
        return Nothing.Instance;
    });

    static Task<Distribution> Turn(Call call, Func<DistributionRow, Call, DistributionRow> turn) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        var changed = turn(row, call) with { UpdatedAt = call.Now };
        await DistributionSql.Update(db, changed);
        if (changed.Status == DistributionStatus.ToSend) await DistributionEvents.Scheduled(db, changed, call.Now);
        return changed.Show();
    });

    static DistributionRow Start(DistributionRow row, Call call) => (row.TriggerType == Triggers.Manual, row.Status) switch
    {
        (true, DistributionStatus.Draft) => row with { Status = DistributionStatus.ToSend, StartsAt = call.Now + call.Settings.DistributionDelayMs },
        (false, DistributionStatus.Draft or DistributionStatus.Paused) => row with { Status = DistributionStatus.Live },
        _ => throw Wrong($"The distribution is {row.Status} and cannot be started"),
    };

    static DistributionRow Pause(DistributionRow row, Call call) => row.Status == DistributionStatus.Live
        ? row with { Status = DistributionStatus.Paused }
        : throw Wrong($"The distribution is {row.Status}; only a LIVE one can be paused");

    // The undo of what was sent by mistake.
    static DistributionRow Cancel(DistributionRow row, Call call) => row.Status == DistributionStatus.ToSend
        ? row with { Status = DistributionStatus.Canceled }
        : throw Wrong($"The distribution is {row.Status}; only one that is TO SEND can be canceled");

    static Task<ListOf<Distribution>> List(Call call)
    {
        var (limit, after) = Page(call);
        return call.Db.Read(async db =>
        {
            var rows = await DistributionSql.Page(db, await Project(db, call), after, limit + 1);
            return Listed(rows.ConvertAll(row => row.Show()), limit, one => one.Id);
        });
    }

    static Task<ListOf<Message>> Messages(Call call)
    {
        var (limit, after) = Page(call);
        var status = call.Query["status"].ToString() switch
        {
            "" => null,
            var text and (MessageStatus.Pending or MessageStatus.Sent or MessageStatus.Dead or MessageStatus.Skipped) => text,
            _ => throw new ApiFault(Refusals.InvalidQueryParams.With("Property .status must be one of: PENDING, SENT, DEAD, SKIPPED")),
        };
        return call.Db.Read(async db =>
        {
            var row = await Find(db, call);
            var messages = await MessageSql.Page(db, row.ProjectId, row.Id, status, after, limit + 1);
            return Listed(messages.ConvertAll(message => message.Show()), limit, one => one.Id);
        });
    }

    static Task<Message> Retry(Call call) => call.Commit(async db =>
    {
        var (row, id) = (await Find(db, call), call.Route("messageId"));
        return (await MessageSql.Revive(db, row.ProjectId, row.Id, id, call.Now) ?? throw new ApiFault(Refusals.Missing("dead or skipped message", id))).Show();
    });

    static (int Limit, string? After) Page(Call call)
    {
        var text = call.Query["limit"].ToString();
        if (text.Length == 0) text = "20";
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > 100)
            throw new ApiFault(Refusals.InvalidQueryParams.With("Property .limit must be an integer from 1 to 100"));
        var after = call.Query["starting_after_id"].ToString();
        return (limit, after.Length == 0 ? null : after);
    }

    static ListOf<T> Listed<T>(List<T> rows, int limit, Func<T, string> id)
    {
        var hasMore = rows.Count > limit;
        if (hasMore) rows.RemoveAt(rows.Count - 1);
        return new("data", rows) { HasMore = hasMore, MoreStartingAfter = hasMore ? id(rows[^1]) : null };
    }

    static async Task<DistributionRow> Find(DbConnection db, Call call, string ending = "")
    {
        var (project, id) = (await Project(db, call), call.Route("distributionId"));
        return await DistributionSql.Find(db, project, id, ending) ?? throw new ApiFault(Refusals.Missing(Type, id));
    }

    static async Task<string> Project(DbConnection db, Call call)
    {
        var id = call.Route("projectId");
        return (await ProjectSql.Find(db, id) ?? throw new ApiFault(Refusals.Missing("project", id))).Id;
    }

    static ApiFault Wrong(string details) => new(Refusals.InvalidPayload.With(details));
}
