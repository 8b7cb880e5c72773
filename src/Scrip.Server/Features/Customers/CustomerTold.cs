namespace Scrip.Server.Features.Customers;

/// <summary>What is told of a customer that was made, changed or deleted.</summary>
public sealed record CustomerTold(Customer Customer);

/// <summary>What is told of a customer that was forgotten: nothing but the id.</summary>
public sealed record CustomerForgotten(CustomerShort Customer);
