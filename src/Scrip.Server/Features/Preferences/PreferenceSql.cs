using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Customers;

namespace Scrip.Server.Features.Preferences;

/// <summary>The statements about what customers say. They touch no column that updates through the API write.</summary>
static class PreferenceSql
{
    /// <summary>Keeps what was said; the instant stays when it was said before.</summary>
    public static Task Choose(DbConnection db, string project, string id, string choice, long now) => db.ExecuteAsync("""
        UPDATE customers SET email_choice = @choice, email_chosen_at = @now
        WHERE project_id = @project AND id = @id AND email_choice IS DISTINCT FROM @choice
        """, new { project, id, choice, now });

    /// <summary>Notes that e-mails are welcome; true for the one who does so first.</summary>
    public static async Task<bool> Confirm(DbConnection db, string project, string id, long now) => await db.ExecuteAsync("""
        UPDATE customers SET email_confirmed_at = @now
        WHERE project_id = @project AND id = @id AND email_choice = @subscribed AND email_confirmed_at IS NULL
        """, new { project, id, subscribed = EmailChoice.Subscribed, now }) == 1;
}
