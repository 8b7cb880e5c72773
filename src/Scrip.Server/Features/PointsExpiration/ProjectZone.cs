using System.Data.Common;
using NodaTime;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.PointsExpiration;

/// <summary>The time zone of a project, in whose calendar days are over.</summary>
static class ProjectZone
{
    public static async Task<DateTimeZone> Of(DbConnection db, string project) => await ProjectSql.Find(db, project) is { } row ? Of(row) : DateTimeZone.Utc;

    public static DateTimeZone Of(ProjectRow row) =>
        (Wire.Read<ProjectBody>(row.Body).Timezone is { } name ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) : null) ?? DateTimeZone.Utc;
}
