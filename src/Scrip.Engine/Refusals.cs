namespace Scrip.Engine;

/// <summary>
/// The error catalogue. A key is spelled here and nowhere else; within each group the order is the order in
/// which several faults of one request are reported. Source: the API reference, page "Errors".
/// </summary>
public static class Refusals
{
    // The request itself.
    public static readonly Refusal Unauthorized = new(401, "unauthorized", "Unauthorized", "The keys are missing or are not valid for this operation");
    public static readonly Refusal Forbidden = new(403, "forbidden", "Forbidden");
    public static readonly Refusal MethodNotAllowed = new(405, "method_not_allowed", "HTTP Method Not Allowed");
    public static readonly Refusal TooManyRequests = new(429, "too_many_requests", "Too many requests", "Slow down and try again after the time in the Retry-After header");
    public static readonly Refusal QueryTooLarge = new(413, "query_too_large", "Request body too large");
    public static readonly Refusal UnsupportedMediaType = new(415, "unsupported_media_type", "Unsupported media type");
    public static readonly Refusal InvalidApiVersion = new(400, "invalid_api_version", "Invalid API version", "Only v2018-08-01 is served");
    public static readonly Refusal InvalidPayload = new(400, "invalid_payload", "Invalid payload");
    public static readonly Refusal InvalidQueryParams = new(400, "invalid_query_params", "Invalid query params");
    public static readonly Refusal PageOverLimit = new(400, "page_over_limit", "Listing resource above 1000 page is not supported", "Property .page cannot be higher than 1000");
    public static readonly Refusal InvalidCursor = new(400, "invalid_or_expired_cursor", "Invalid or expired cursor", "The provided cursor is invalid or has expired");
    public static readonly Refusal IdempotencyKeyReused = new(409, "idempotency_key_reused", "Idempotency key reused", "The Idempotency-Key was used with another request; send a new key");
    public static readonly Refusal ConcurrentUpdate = new(409, "concurrent_update", "Concurrent update", "The resource was being changed by other requests; try again");
    public static readonly Refusal ServiceUnavailable = new(503, "service_unavailable", "Service Unavailable", "The database cannot be reached at the moment; whether the request was carried out is not known, so send it again with the same Idempotency-Key");
    public static readonly Refusal InternalError = new(500, "internal_error", "Internal Server Error", "Something went wrong on our side; quote the request id");

    // Resources.
    public static readonly Refusal NotFound = new(404, "not_found", "Resource not found");
    public static readonly Refusal DuplicateFound = new(409, "duplicate_found", "Duplicated resource found");
    public static readonly Refusal DuplicateKey = new(400, "duplicate_key", "Duplicate codes");
    public static readonly Refusal ResourceInUse = new(400, "resource_in_use", "Resource in use");
    public static readonly Refusal StackingRulesExist = new(409, "stacking_rules_exist", "Stacking rules exist", "Cannot exist more stacking rules for given project");
    public static readonly Refusal InvalidVoucher = new(400, "invalid_voucher", "Invalid Voucher");
    public static readonly Refusal InvalidCampaign = new(400, "invalid_campaign", "Invalid Campaign");
    public static readonly Refusal InvalidCampaignParams = new(400, "invalid_campaign_params", "Invalid campaign parameters");
    public static readonly Refusal InvalidCodeConfig = new(400, "invalid_code_config", "Invalid code config");
    public static readonly Refusal InvalidExpirationDate = new(400, "invalid_expiration_date", "Invalid Expiration Date");
    public static readonly Refusal InvalidProduct = new(400, "invalid_product", "Invalid product");
    public static readonly Refusal InvalidSku = new(400, "invalid_sku", "Invalid SKU");
    public static readonly Refusal InvalidValidationRules = new(400, "invalid_validation_rules", "Invalid Validation Rule Definition");
    public static readonly Refusal InvalidExportFields = new(400, "invalid_export_fields", "Invalid Export");
    public static readonly Refusal InvalidPendingPointsState = new(400, "invalid_pending_points_state", "Invalid pending points state");
    public static readonly Refusal CampaignNotActive = new(400, "campaign_not_active", "Loyalty campaign is not active", "Given campaign is not active");
    public static readonly Refusal CampaignNotAllowAutoJoin = new(400, "campaign_not_allow_auto_join", "Loyalty campaign does not allow auto-join for non-members", "Given campaign does not allow auto-join");
    public static readonly Refusal LoyaltyCardNotActive = new(400, "loyalty_card_not_active", "Customer's loyalty card is not active", "Given customer's loyalty card is not active");
    public static readonly Refusal InvalidAddBalanceParams = new(400, "invalid_add_balance_params", "Invalid add balance params");

    // Publications.
    public static readonly Refusal MissingVouchers = new(400, "missing_vouchers", "Missing vouchers", "Either Campaign or Voucher is required");
    public static readonly Refusal InvalidPublishParams = new(400, "invalid_publish_params", "Invalid publish params");
    public static readonly Refusal TooManyVouchersRequested = new(400, "too_many_vouchers_requested", "Too many vouchers requested");
    public static readonly Refusal DuplicateSourceId = new(400, "duplicate_source_id", "Duplicate source_id");
    public static readonly Refusal VoucherCannotBePublished = new(400, "voucher_cannot_be_published", "Voucher cannot be published");
    public static readonly Refusal VoucherAlreadyPublished = new(400, "voucher_already_published", "Voucher already published");
    public static readonly Refusal NoVoucherSuitableForPublication = new(400, "no_voucher_suitable_for_publication", "No voucher suitable for publication");

    // Holders and rewards; the first key is spelled as the contract spells it.
    public static readonly Refusal HolderDuplication = new(409, "holder_assignement_duplication", "Holder assignment duplication");
    public static readonly Refusal InvalidBalance = new(400, "invalid_balance", "Property 'parameters.campaign.balance' is invalid");
    public static readonly Refusal MissingParameter = new(400, "missing_param", "Missing required parameter");

    // Redeemables as a set.
    public static readonly Refusal InvalidRedeemables = new(400, "invalid_redeemables", "Invalid redeemables");
    public static readonly Refusal DuplicatedRedeemables = new(400, "duplicated_redeemables", "Duplicated redeemables detected", "Duplicated redeemables detected in one redemption");

    // One redeemable, in the order in which they are checked.
    public static readonly Refusal VoucherDisabled = new(400, "voucher_disabled", "voucher is disabled");
    public static readonly Refusal VoucherNotActive = new(400, "voucher_not_active", "voucher is not active yet");
    public static readonly Refusal VoucherExpired = new(400, "voucher_expired", "voucher expired");
    public static readonly Refusal VoucherNotActiveNow = new(400, "voucher_not_active_now", "voucher not active now");
    public static readonly Refusal PromotionInactive = new(400, "promotion_inactive", "Inactive Promotion");
    public static readonly Refusal PromotionNotActiveNow = new(400, "promotion_not_active_now", "Promotion is not active now");
    public static readonly Refusal QuantityExceeded = new(400, "quantity_exceeded", "quantity exceeded");
    public static readonly Refusal NotPublished = new(400, "not_published", "Voucher is not published");
    public static readonly Refusal ReferrerNotPermittedToRedeem = new(400, "referrer_not_permitted_to_redeem", "Referrer is not permitted to redeem");
    public static readonly Refusal InvalidGift = new(400, "invalid_gift", "Invalid gift");
    public static readonly Refusal MissingReward = new(400, "missing_reward", "Missing reward", "A loyalty card is redeemed for a reward: send redeemables[].reward.id");
    public static readonly Refusal LoyaltyCardPointsExceeded = new(400, "loyalty_card_points_exceeded", "loyalty card points exceeded");
    public static readonly Refusal GiftAmountExceeded = new(400, "gift_amount_exceeded", "gift amount exceeded");
    public static readonly Refusal MissingCustomer = new(400, "missing_customer", "Missing customer", "Customer is required to validate rules");
    public static readonly Refusal CustomerRulesViolated = new(400, "customer_rules_violated", "customer does not match segment rules");
    public static readonly Refusal OrderRulesViolated = new(400, "order_rules_violated", "order does not match validation rules");
    public static readonly Refusal RedemptionRulesViolated = new(400, "redemption_rules_violated", "redemption does not match validation rules");
    public static readonly Refusal MissingOrder = new(400, "missing_order", "Missing order");
    public static readonly Refusal MissingAmount = new(400, "missing_amount", "Missing order amount");
    public static readonly Refusal InvalidAmount = new(400, "invalid_amount", "Invalid Amount", "Amount has to be a valid positive number");
    public static readonly Refusal MissingOrderItems = new(400, "missing_order_items", "Missing order items");
    public static readonly Refusal MissingOrderItemsAmount = new(400, "missing_order_items_amount", "Missing applicable order items", "At least one applicable order item with amount is required to redeem this GIFT_VOUCHER");
    public static readonly Refusal InvalidOrder = new(400, "invalid_order", "Invalid order");
    public static readonly Refusal InvalidCustomer = new(400, "invalid_customer", "Invalid customer");

    // Why a redeemable was skipped; these never end a request.
    public static readonly Refusal PrecedingValidationFailed = new(400, "preceding_validation_failed", "Redeemable cannot be applied due to preceding validation failure");
    public static readonly Refusal ApplicableRedeemablesLimitExceeded = new(400, "applicable_redeemables_limit_exceeded", "Applicable redeemables limit exceeded");
    public static readonly Refusal ApplicableRedeemablesPerCategoryLimitExceeded = new(400, "applicable_redeemables_per_category_limit_exceeded", "Applicable redeemables limit per category exceeded");
    public static readonly Refusal ApplicableExclusiveRedeemablesLimitExceeded = new(400, "applicable_exclusive_redeemables_limit_exceeded", "Applicable exclusive redeemables limit exceeded");
    public static readonly Refusal ApplicableExclusiveRedeemablesPerCategoryLimitExceeded = new(400, "applicable_exclusive_redeemables_per_category_limit_exceeded", "Applicable exclusive redeemables limit per category exceeded");
    public static readonly Refusal ExclusionRulesNotMet = new(400, "exclusion_rules_not_met", "Redeemable cannot be applied due to exclusion rules");
    public static readonly Refusal NoEffect = new(400, "no_effect", "Redeemable has no effect");

    // Rollbacks.
    public static readonly Refusal InvalidRedemption = new(400, "invalid_redemption", "Invalid redemption", "You can rollback only a single redemption. Use different endpoint for stacked redemption.");
    public static readonly Refusal InvalidRedemptionParent = new(400, "invalid_redemption_parent", "Invalid redemption parent", "You can rollback only a redemption that does not have parent redemption.");
    public static readonly Refusal AlreadyRolledBack = new(400, "already_rolled_back", "Already rolled back", "Redemption has been already rolled back.");
    public static readonly Refusal FailedRedemption = new(400, "invalid_rollback_params", "Invalid rollback params", "Only a successful redemption can be rolled back");

    /// <summary>The same answer for what does not exist and for what belongs to another project.</summary>
    public static Refusal Missing(string type, string id) =>
        NotFound.With($"Cannot find {type} with id {id}").About(type, id);

    /// <summary>An identifier that must be unique is in use, possibly by something in the trash bin.</summary>
    public static Refusal Duplicate(string type, string id, string by = "id") =>
        DuplicateFound.With($"Duplicated {type} exists with {by} {id}").About(type, id);

    /// <summary>A resource that others use cannot be deleted.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="id">Its id.</param>
    /// <param name="userType">The kind of those that use it.</param>
    /// <param name="users">Their ids.</param>
    public static Refusal InUse(string type, string id, string userType, IReadOnlyList<string> users) =>
        ResourceInUse.With($"Resource {type} with id {id} is in use by {userType} with ids [{string.Join(", ", users)}]")
            .About(type, id) with
        { RelatedType = userType, RelatedIds = users };
}
