namespace Scrip.Server.Features.Customers;

/// <summary>What a customer said about e-mail; null is nothing, which lets e-mails through.</summary>
static class EmailChoice
{
    public const string Subscribed = "SUBSCRIBED";
    public const string Unsubscribed = "UNSUBSCRIBED";
}
