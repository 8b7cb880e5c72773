using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Customers;

namespace Scrip.Server.Features.Distributions;

/// <summary>The statements that find whom a distribution that is sent by hand is for.</summary>
static class AudienceSql
{
    /// <summary>The next customers of an audience in the order of their ids; those made after the instant are left out.</summary>
    public static async Task<List<CustomerRow>> Next(DbConnection db, string project, DistributionAudience audience, string after, long until, int count)
    {
        if (audience.Type == "CUSTOMER")
            return await CustomerSql.Find(db, project, audience.Customer!) is { } one && string.CompareOrdinal(one.Id, after) > 0 ? [one] : [];
        if (audience.Type == "SEGMENT")
            return (await db.QueryAsync<CustomerRow>("""
                SELECT c.* FROM segment_members m JOIN customers c ON c.project_id = m.project_id AND c.id = m.customer_id
                WHERE m.project_id = @project AND m.segment_id = @segment AND m.customer_id > @after AND c.created_at <= @until
                ORDER BY m.customer_id LIMIT @count
                """, new { project, segment = audience.SegmentId, after, until, count })).AsList();
        return (await db.QueryAsync<CustomerRow>(
            "SELECT * FROM customers WHERE project_id = @project AND id > @after AND created_at <= @until ORDER BY id LIMIT @count",
            new { project, after, until, count })).AsList();
    }
}
