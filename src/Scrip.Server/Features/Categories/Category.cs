using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Categories;

/// <summary>A category as the API answers it: a name for campaigns and vouchers that stacking rules speak of.</summary>
public sealed record Category
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    /// <summary>0 or more; lower goes first when redeemables are sorted by category.</summary>
    public required long Hierarchy { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    /// <summary>JOINT or EXCLUSIVE where the stacking rules say so; only answers about redeemables have it.</summary>
    public string? StackingRulesType { get; init; }
    public string Object => "category";

    /// <summary>As the engine sees it.</summary>
    public Engine.Redeeming.Category ToFact() => new(Id, Name, (int)Hierarchy);
}

/// <summary>What a caller says of a category: always both.</summary>
public sealed record CategoryInput
{
    public string? Name { get; init; }
    public long? Hierarchy { get; init; }
}

/// <summary>A row of <c>categories</c>.</summary>
public sealed class CategoryRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public long Hierarchy { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }

    /// <summary>As the API shows it.</summary>
    public Category Show() => new()
    {
        Id = Id,
        Name = Name,
        Hierarchy = Hierarchy,
        CreatedAt = new(CreatedAt),
        UpdatedAt = Moment.From(UpdatedAt),
    };
}
