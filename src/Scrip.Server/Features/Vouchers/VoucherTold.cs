namespace Scrip.Server.Features.Vouchers;

/// <summary>What is told of a voucher that was made, changed or deleted; its campaign is added later.</summary>
public sealed record VoucherTold(Voucher Voucher);

/// <summary>What is told of credits that were added or removed by hand: by ids.</summary>
/// <param name="VoucherId">The card.</param>
/// <param name="TransactionId">The movement.</param>
public sealed record CreditsTold(string VoucherId, string TransactionId);
