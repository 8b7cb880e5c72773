using System.Data.Common;
using System.Security.Cryptography;
using Scrip.Engine.Codes;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Draws codes that a project does not have yet. The unique index has the last word.</summary>
static class CodeMaking
{
    const int RoundsMax = 100;
    const int DrawsMax = 5_000_000;

    /// <summary>So many different free codes, or null when they could not be found.</summary>
    public static async Task<List<string>?> Draw(DbConnection db, Dialect dialect, string project, CodeConfig config, int count)
    {
        var generator = new CodeGenerator(config, RandomNumberGenerator.Fill);
        var seen = new HashSet<string>(count, StringComparer.Ordinal);
        var free = new List<string>(count);
        var draws = 0;
        for (var round = 0; round < RoundsMax && free.Count < count; round++)
        {
            // Only codes never seen are asked about, so that even a space that is nearly full is used up.
            var fresh = new List<string>(count - free.Count);
            while (fresh.Count < count - free.Count && draws++ < DrawsMax && (UInt128)seen.Count < config.Space)
            {
                var code = generator.Next();
                if (seen.Add(code)) fresh.Add(code);
            }
            if (fresh.Count == 0) return null;
            var taken = (await VoucherSql.Taken(db, dialect, project, fresh)).ToHashSet(StringComparer.Ordinal);
            free.AddRange(fresh.Where(code => !taken.Contains(code)));
        }
        return free.Count == count ? free : null;
    }
}
