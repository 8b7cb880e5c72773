using Scrip.Server.Features.Events;

namespace Scrip.Server.Features.Orders;

/// <summary>What is told of an order that was saved by itself.</summary>
/// <param name="Order">As its answer shows it.</param>
/// <param name="Happened">What became of it.</param>
/// <param name="Customers">The customers who came along and were saved, too.</param>
public sealed record OrderTold(Order Order, OrderHappened Happened, CustomerHappened[] Customers);
