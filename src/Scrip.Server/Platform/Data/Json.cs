using System.Data;
using System.Text;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Scrip.Server.Platform.Data;

/// <summary>JSON text on its way into a <c>JSONB</c> column; on SQLite such a column holds the text as it is.</summary>
public readonly record struct Json(string Text)
{
    /// <summary>The text itself.</summary>
    public override string ToString() => Text;
}

/// <summary>JSON as it is written, for the statements of a <see cref="Batch"/>.</summary>
public readonly record struct Utf8Json(byte[] Bytes);

/// <summary>Text as it is stored, in valid UTF-8 and without a NUL: nothing is decoded on the way.</summary>
public readonly record struct Utf8Text(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The text as a string.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}

/// <summary>Binds <see cref="Json"/> with the type PostgreSQL expects.</summary>
sealed class JsonHandler : SqlMapper.TypeHandler<Json>
{
    public override Json Parse(object value) => new((string)value);

    public override void SetValue(IDbDataParameter parameter, Json value)
    {
        parameter.Value = value.Text;
        if (parameter is NpgsqlParameter npgsql) npgsql.NpgsqlDbType = NpgsqlDbType.Jsonb;
    }
}
