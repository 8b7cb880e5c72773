using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Payloads;

/// <summary>What is made of an event once the facts are there. Always as many parts for the same event.</summary>
delegate IEnumerable<EventPart> PartsOf(OutboxEvent row);

/// <summary>One documented event among those that a short one stands for.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Customer">Whose it is.</param>
/// <param name="Body">Puts its body together, null when what it tells of is gone; null when nobody wants it.</param>
/// <param name="Gist">What it is about.</param>
/// <param name="IsLasting">Whether it can be told again at any time.</param>
readonly record struct EventPart(string Type, string? Customer, Func<string?>? Body, EventGist? Gist = null, bool IsLasting = false)
{
    public static EventPart Of<T>(string type, string? customer, T payload) => new(type, customer, () => Wire.Text(payload));
}
