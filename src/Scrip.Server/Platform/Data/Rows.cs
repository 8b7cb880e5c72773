namespace Scrip.Server.Platform.Data;

/// <summary>
/// What the statements of one question answer, in the order in which they were asked; see <see cref="Database.Ask{T}"/>.
/// It is read forward only, and columns are counted from 0: a hot statement names its columns.
/// </summary>
public abstract class Rows
{
    /// <summary>Moves to the next row of the current statement; false when there is none.</summary>
    public abstract ValueTask<bool> Next();

    /// <summary>Moves before the first row of the next statement.</summary>
    public abstract ValueTask NextStatement();

    /// <summary>A text.</summary>
    public abstract string Text(int column);

    /// <summary>A text, or null.</summary>
    public abstract string? TextOrNull(int column);

    /// <summary>A whole number.</summary>
    public abstract long Number(int column);

    /// <summary>A whole number, or null.</summary>
    public abstract long? NumberOrNull(int column);

    /// <summary>A truth.</summary>
    public abstract bool Truth(int column);

    /// <summary>All rows of the current statement, which is left behind.</summary>
    public async ValueTask<List<T>> All<T>(Func<Rows, T> read)
    {
        var all = new List<T>();
        while (await Next()) all.Add(read(this));
        await NextStatement();
        return all;
    }

    /// <summary>The first row of the current statement, which is left behind; the default value when it has none.</summary>
    public async ValueTask<T?> First<T>(Func<Rows, T> read)
    {
        var first = await Next() ? read(this) : default;
        await NextStatement();
        return first;
    }
}
