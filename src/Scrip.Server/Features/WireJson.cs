using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Activities;
using Scrip.Server.Features.AsyncActions;
using Scrip.Server.Features.AuditLog;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.CustomEvents;
using Scrip.Server.Features.DeadLetters;
using Scrip.Server.Features.Distributions;
using Scrip.Server.Features.EarningRules;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Exports;
using Scrip.Server.Features.Loyalties;
using Scrip.Server.Features.LoyaltyTiers;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Payloads;
using Scrip.Server.Features.PendingPoints;
using Scrip.Server.Features.ProductCollections;
using Scrip.Server.Features.Products;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Publications;
using Scrip.Server.Features.Qualifications;
using Scrip.Server.Features.Redemptions;
using Scrip.Server.Features.Referrals;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Segments;
using Scrip.Server.Features.Stacking;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Features.Wallets;
using Scrip.Server.Features.Webhooks;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features;

/// <summary>
/// Every type that crosses the wire or lies in a <c>body</c> column, serialized by generated code.
/// A list needs its line here and its converter in <see cref="Converters"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(TraceView[]))]
[JsonSerializable(typeof(RedemptionTrace))]
[JsonSerializable(typeof(StackPart))]
[JsonSerializable(typeof(OtherActivity[]))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(JobFault))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(OutboxSource))]
[JsonSerializable(typeof(Activity))]
[JsonSerializable(typeof(ListOf<Activity>))]
[JsonSerializable(typeof(CustomEventInput))]
[JsonSerializable(typeof(CustomEvent))]
[JsonSerializable(typeof(CustomEventTold))]
[JsonSerializable(typeof(CustomEventSchemaInput))]
[JsonSerializable(typeof(CustomEventSchema))]
[JsonSerializable(typeof(EventSchemaBody))]
[JsonSerializable(typeof(ListOf<CustomEventSchema>))]
[JsonSerializable(typeof(SegmentInput))]
[JsonSerializable(typeof(Segment))]
[JsonSerializable(typeof(SegmentBody))]
[JsonSerializable(typeof(SegmentTold))]
[JsonSerializable(typeof(SegmentJob))]
[JsonSerializable(typeof(SegmentJobResult))]
[JsonSerializable(typeof(ListOf<Segment>))]
[JsonSerializable(typeof(ListOf<SimpleSegment>))]
[JsonSerializable(typeof(RedemptionHappened))]
[JsonSerializable(typeof(OrderTold))]
[JsonSerializable(typeof(CampaignTold))]
[JsonSerializable(typeof(CodesTold))]
[JsonSerializable(typeof(RewardAssignmentTold))]
[JsonSerializable(typeof(TierTold))]
[JsonSerializable(typeof(StackTold))]
[JsonSerializable(typeof(VoucherTold))]
[JsonSerializable(typeof(CreditsTold))]
[JsonSerializable(typeof(RuleTold))]
[JsonSerializable(typeof(AssignmentTold))]
[JsonSerializable(typeof(HolderTold))]
[JsonSerializable(typeof(HolderPayload))]
[JsonSerializable(typeof(SimpleCampaign))]
[JsonSerializable(typeof(SimpleVoucher))]
[JsonSerializable(typeof(CustomerTold))]
[JsonSerializable(typeof(CustomerForgotten))]
[JsonSerializable(typeof(RedemptionPayload))]
[JsonSerializable(typeof(OrderPayload))]
[JsonSerializable(typeof(VoucherPayload))]
[JsonSerializable(typeof(TierPayload))]
[JsonSerializable(typeof(CodesPayload))]
[JsonSerializable(typeof(TransactionPayload))]
[JsonSerializable(typeof(PointsPayload))]
[JsonSerializable(typeof(BalancePayload))]
[JsonSerializable(typeof(PointsExpiredPayload))]
[JsonSerializable(typeof(LoyaltyTier[]))]
[JsonSerializable(typeof(LoyaltyTierInput[]))]
[JsonSerializable(typeof(LoyaltyTierBody))]
[JsonSerializable(typeof(LoyaltyTierTold))]
[JsonSerializable(typeof(MembershipTold))]
[JsonSerializable(typeof(TierJob))]
[JsonSerializable(typeof(ListOf<LoyaltyTier>))]
[JsonSerializable(typeof(ListOf<LoyaltyTierReward>))]
[JsonSerializable(typeof(AssignmentPayload))]
[JsonSerializable(typeof(DeadLetter))]
[JsonSerializable(typeof(ListOf<DeadLetter>))]
[JsonSerializable(typeof(JsonElement[]))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(ProjectInput))]
[JsonSerializable(typeof(ProjectBody))]
[JsonSerializable(typeof(Project))]
[JsonSerializable(typeof(ListOf<Project>))]
[JsonSerializable(typeof(WebhookInput))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(ListOf<Webhook>))]
[JsonSerializable(typeof(SendoutPayload))]
[JsonSerializable(typeof(SendoutAttempt[]))]
[JsonSerializable(typeof(Sendout))]
[JsonSerializable(typeof(ListOf<Sendout>))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(ListOf<AuditEntry>))]
[JsonSerializable(typeof(CategoryInput))]
[JsonSerializable(typeof(Category))]
[JsonSerializable(typeof(ListOf<Category>))]
[JsonSerializable(typeof(StackingInput))]
[JsonSerializable(typeof(StackingRulesView))]
[JsonSerializable(typeof(ListOf<StackingRulesView>))]
[JsonSerializable(typeof(PurgeInput))]
[JsonSerializable(typeof(PurgeJob))]
[JsonSerializable(typeof(PurgePlace))]
[JsonSerializable(typeof(PurgeResult))]
[JsonSerializable(typeof(PurgeStarted))]
[JsonSerializable(typeof(BinEntry))]
[JsonSerializable(typeof(ListOf<BinEntry>))]
[JsonSerializable(typeof(BinnedCollection))]
[JsonSerializable(typeof(ExportInput))]
[JsonSerializable(typeof(ExportBody))]
[JsonSerializable(typeof(ExportJob))]
[JsonSerializable(typeof(ExportPlace))]
[JsonSerializable(typeof(Export))]
[JsonSerializable(typeof(ListOf<Export>))]
[JsonSerializable(typeof(MetadataSchemaInput))]
[JsonSerializable(typeof(SchemaBody))]
[JsonSerializable(typeof(MetadataSchemaView))]
[JsonSerializable(typeof(ListOf<MetadataSchemaView>))]
[JsonSerializable(typeof(PublicSchema))]
[JsonSerializable(typeof(ListOf<PublicSchema>))]
[JsonSerializable(typeof(ValidationRuleInput))]
[JsonSerializable(typeof(ValidationRuleBody))]
[JsonSerializable(typeof(ValidationRule))]
[JsonSerializable(typeof(ListOf<ValidationRule>))]
[JsonSerializable(typeof(RuleAssignmentInput))]
[JsonSerializable(typeof(RuleAssignment))]
[JsonSerializable(typeof(ListOf<RuleAssignment>))]
[JsonSerializable(typeof(CollectionInput))]
[JsonSerializable(typeof(CollectionBody))]
[JsonSerializable(typeof(ProductCollection))]
[JsonSerializable(typeof(ListOf<ProductCollection>))]
[JsonSerializable(typeof(CollectedSku))]
[JsonSerializable(typeof(ListOf<JsonElement>))]
[JsonSerializable(typeof(ProductInput))]
[JsonSerializable(typeof(ProductBody))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(ListOf<Product>))]
[JsonSerializable(typeof(SkuInput))]
[JsonSerializable(typeof(Sku))]
[JsonSerializable(typeof(ListOf<Sku>))]
[JsonSerializable(typeof(CustomerInput))]
[JsonSerializable(typeof(CustomerBody))]
[JsonSerializable(typeof(CustomerAssets))]
[JsonSerializable(typeof(CustomerShort))]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(ListOf<Customer>))]
[JsonSerializable(typeof(PermanentDeletion))]
[JsonSerializable(typeof(DistributionInput))]
[JsonSerializable(typeof(DistributionBody))]
[JsonSerializable(typeof(Distribution))]
[JsonSerializable(typeof(ListOf<Distribution>))]
[JsonSerializable(typeof(DistributionPayload))]
[JsonSerializable(typeof(DistributionSource))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(ListOf<Message>))]
[JsonSerializable(typeof(SmsMessage))]
[JsonSerializable(typeof(EarningRuleInput))]
[JsonSerializable(typeof(EarningRuleInput[]))]
[JsonSerializable(typeof(EarningRule))]
[JsonSerializable(typeof(EarningRule[]))]
[JsonSerializable(typeof(ListOf<EarningRule>))]
[JsonSerializable(typeof(EarningBody))]
[JsonSerializable(typeof(EarningRuleTold))]
[JsonSerializable(typeof(EarnedTold))]
[JsonSerializable(typeof(EstimateInput))]
[JsonSerializable(typeof(Estimate))]
[JsonSerializable(typeof(PendingEntry))]
[JsonSerializable(typeof(ListOf<PendingEntry>))]
[JsonSerializable(typeof(PendingInput))]
[JsonSerializable(typeof(PendingBalance))]
[JsonSerializable(typeof(PendingBody))]
[JsonSerializable(typeof(PendingTold))]
[JsonSerializable(typeof(MemberInput))]
[JsonSerializable(typeof(PointsInput))]
[JsonSerializable(typeof(PointsTransfer[]))]
[JsonSerializable(typeof(MemberReward))]
[JsonSerializable(typeof(ListOf<MemberReward>))]
[JsonSerializable(typeof(RewardToAssign[]))]
[JsonSerializable(typeof(Rewards.RewardAssignment[]))]
[JsonSerializable(typeof(RewardPurchase))]
[JsonSerializable(typeof(RewardRedemptionTold))]
[JsonSerializable(typeof(TransferPayload))]
[JsonSerializable(typeof(RewardSource))]
[JsonSerializable(typeof(RewardPublication))]
[JsonSerializable(typeof(RewardInput))]
[JsonSerializable(typeof(RewardBody))]
[JsonSerializable(typeof(Reward))]
[JsonSerializable(typeof(ListOf<Reward>))]
[JsonSerializable(typeof(RewardAssignmentInput))]
[JsonSerializable(typeof(RewardAssignmentBody))]
[JsonSerializable(typeof(Rewards.RewardAssignment))]
[JsonSerializable(typeof(ListOf<Rewards.RewardAssignment>))]
[JsonSerializable(typeof(RewardedPayload))]
[JsonSerializable(typeof(ReferralSource))]
[JsonSerializable(typeof(HoldersInput))]
[JsonSerializable(typeof(HoldersAnswer))]
[JsonSerializable(typeof(HolderBody))]
[JsonSerializable(typeof(RedeemableHolder))]
[JsonSerializable(typeof(ListOf<RedeemableHolder>))]
[JsonSerializable(typeof(PublicationInput))]
[JsonSerializable(typeof(PublicationBody))]
[JsonSerializable(typeof(ListedVoucher))]
[JsonSerializable(typeof(Publication))]
[JsonSerializable(typeof(ListOf<Publication>))]
[JsonSerializable(typeof(PublicationPayload))]
[JsonSerializable(typeof(VoucherInput))]
[JsonSerializable(typeof(VoucherBody))]
[JsonSerializable(typeof(Voucher))]
[JsonSerializable(typeof(ListOf<Voucher>))]
[JsonSerializable(typeof(BalanceInput))]
[JsonSerializable(typeof(CardBalance))]
[JsonSerializable(typeof(TransactionBody))]
[JsonSerializable(typeof(ZoneOfProject))]
[JsonSerializable(typeof(CardsOfCampaign))]
[JsonSerializable(typeof(ListOf<PointsBucket>))]
[JsonSerializable(typeof(Transaction))]
[JsonSerializable(typeof(ListOf<Transaction>))]
[JsonSerializable(typeof(CampaignInput))]
[JsonSerializable(typeof(CampaignBody))]
[JsonSerializable(typeof(Campaign))]
[JsonSerializable(typeof(ListOf<Campaign>))]
[JsonSerializable(typeof(PromotionTierInput))]
[JsonSerializable(typeof(TierBody))]
[JsonSerializable(typeof(PromotionTier))]
[JsonSerializable(typeof(ListOf<PromotionTier>))]
[JsonSerializable(typeof(StackInput))]
[JsonSerializable(typeof(StackTiers))]
[JsonSerializable(typeof(PromotionStack))]
[JsonSerializable(typeof(ListOf<PromotionStack>))]
[JsonSerializable(typeof(CampaignJob))]
[JsonSerializable(typeof(CampaignJobResult))]
[JsonSerializable(typeof(CampaignSummary))]
[JsonSerializable(typeof(StartedAction))]
[JsonSerializable(typeof(RowsJob))]
[JsonSerializable(typeof(RowFault))]
[JsonSerializable(typeof(BulkFault))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(VoucherInput[]))]
[JsonSerializable(typeof(VoucherMetadataInput[]))]
[JsonSerializable(typeof(VouchersMetadataInput))]
[JsonSerializable(typeof(CustomerInput[]))]
[JsonSerializable(typeof(ProductInput[]))]
[JsonSerializable(typeof(SourcesMetadataInput))]
[JsonSerializable(typeof(OrderInput[]))]
[JsonSerializable(typeof(EmptyAnswer))]
[JsonSerializable(typeof(AsyncAction))]
[JsonSerializable(typeof(ListOf<AsyncAction>))]
[JsonSerializable(typeof(OrderInput))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(ListOf<Order>))]
[JsonSerializable(typeof(StackRequest))]
[JsonSerializable(typeof(Validation))]
[JsonSerializable(typeof(QualificationInput))]
[JsonSerializable(typeof(Qualification))]
[JsonSerializable(typeof(ListOf<QualifiedRedeemable>))]
[JsonSerializable(typeof(ListOf<QualifiedAssignment>))]
[JsonSerializable(typeof(Examined<Voucher>))]
[JsonSerializable(typeof(Examined<ExaminedCampaign>))]
[JsonSerializable(typeof(HeldRedeemable))]
[JsonSerializable(typeof(ListOf<HeldRedeemable>))]
[JsonSerializable(typeof(PromotionRequest))]
[JsonSerializable(typeof(PromotionsValidation))]
[JsonSerializable(typeof(PromotionValidation))]
[JsonSerializable(typeof(VoucherRequest))]
[JsonSerializable(typeof(VoucherValidation))]
[JsonSerializable(typeof(RollbackInput))]
[JsonSerializable(typeof(RollbackAnswer))]
[JsonSerializable(typeof(Redemption))]
[JsonSerializable(typeof(RedemptionAnswer))]
[JsonSerializable(typeof(VoucherRedemptions))]
[JsonSerializable(typeof(ListOf<Redemption>))]
public sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>The converters of the lists above.</summary>
    public static JsonConverter[] Converters =>
    [
        new ListOfConverter<Project>(),
        new ListOfConverter<PointsBucket>(),
        new ListOfConverter<LoyaltyTier>(),
        new ListOfConverter<LoyaltyTierReward>(),
        new ListOfConverter<Webhook>(),
        new ListOfConverter<Sendout>(),
        new ListOfConverter<AuditEntry>(),
        new ListOfConverter<DeadLetter>(),
        new ListOfConverter<Activity>(),
        new ListOfConverter<CustomEventSchema>(),
        new ListOfConverter<Segment>(),
        new ListOfConverter<SimpleSegment>(),
        new ListOfConverter<Category>(),
        new ListOfConverter<StackingRulesView>(),
        new ListOfConverter<BinEntry>(),
        new ListOfConverter<Export>(),
        new ListOfConverter<MetadataSchemaView>(),
        new ListOfConverter<PublicSchema>(),
        new ListOfConverter<ProductCollection>(),
        new ListOfConverter<ValidationRule>(),
        new ListOfConverter<RuleAssignment>(),
        new ListOfConverter<JsonElement>(),
        new ListOfConverter<Product>(),
        new ListOfConverter<Sku>(),
        new ListOfConverter<Customer>(),
        new ListOfConverter<Distribution>(),
        new ListOfConverter<Message>(),
        new ListOfConverter<EarningRule>(),
        new ListOfConverter<PendingEntry>(),
        new ListOfConverter<Reward>(),
        new ListOfConverter<MemberReward>(),
        new ListOfConverter<Rewards.RewardAssignment>(),
        new ListOfConverter<RedeemableHolder>(),
        new ListOfConverter<Publication>(),
        new ListOfConverter<Voucher>(),
        new ListOfConverter<Transaction>(),
        new ListOfConverter<Campaign>(),
        new ListOfConverter<PromotionTier>(),
        new ListOfConverter<PromotionStack>(),
        new ListOfConverter<AsyncAction>(),
        new ListOfConverter<Order>(),
        new ListOfConverter<Redemption>(),
        new ListOfConverter<QualifiedRedeemable>(),
        new ListOfConverter<QualifiedAssignment>(),
        new ListOfConverter<HeldRedeemable>(),
    ];
}
