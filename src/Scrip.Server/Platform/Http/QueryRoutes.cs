using Microsoft.AspNetCore.Routing.Matching;

namespace Scrip.Server.Platform.Http;

/// <summary>Marks an endpoint that is meant when its query has a parameter; another endpoint has the same path without it.</summary>
public sealed record NeedsQuery(string Parameter);

/// <summary>Of two operations with the same path, one of which needs a parameter in the query, chooses by the query.</summary>
sealed class QueryRoutes : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <inheritdoc/>
    public override int Order => 0;

    /// <inheritdoc/>
    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<NeedsQuery>() is not null);

    /// <inheritdoc/>
    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var needed = false;
        for (var i = 0; i < candidates.Count; i++)
            needed |= candidates.IsValidCandidate(i) && candidates[i].Endpoint.Metadata.GetMetadata<NeedsQuery>() is { } query && httpContext.Request.Query.ContainsKey(query.Parameter);
        for (var i = 0; i < candidates.Count; i++)
            if (candidates[i].Endpoint.Metadata.GetMetadata<NeedsQuery>() is not null != needed) candidates.SetValidity(i, false);
        return Task.CompletedTask;
    }
}
