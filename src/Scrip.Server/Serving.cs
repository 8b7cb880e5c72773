using Microsoft.AspNetCore.Http.Json;
using OpenTelemetry.Metrics;
using Scalar.AspNetCore;
using Scrip.Server.Features;
using Scrip.Server.Features.Activities;
using Scrip.Server.Features.AsyncActions;
using Scrip.Server.Features.AuditLog;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.CustomEvents;
using Scrip.Server.Features.DeadLetters;
using Scrip.Server.Features.Demo;
using Scrip.Server.Features.Distributions;
using Scrip.Server.Features.EarningRules;
using Scrip.Server.Features.Exports;
using Scrip.Server.Features.Loyalties;
using Scrip.Server.Features.LoyaltyTiers;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Payloads;
using Scrip.Server.Features.PendingPoints;
using Scrip.Server.Features.PointsExpiration;
using Scrip.Server.Features.Preferences;
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
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Stacking;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Features.Usages;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Features.Wallets;
using Scrip.Server.Features.Webhooks;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Audit;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Outbox;
using Scrip.Server.Platform.Outgoing;

namespace Scrip.Server;

/// <summary>Puts the server together: settings, database, workers, middleware, operations.</summary>
static class Serving
{
    static readonly TimeSpan ShutdownMax = TimeSpan.FromSeconds(30);

    /// <summary>Runs until SIGTERM or Ctrl-C; requests in flight are finished first.</summary>
    public static async Task<int> Run(string[] args)
    {
        await using var app = Build(args);
        var db = app.Services.GetRequiredService<Database>();
        db.Migrate();
        var keys = await DemoSeed.Plant(app.Services);
        await app.StartAsync();
        if (keys is { WantsContent: true }) await Furnish(app, keys);
        app.Services.GetRequiredService<Readiness>().IsReady = true;
        Greeting.Print(app, keys);
        await app.WaitForShutdownAsync();
        return 0;
    }

    static async Task Furnish(WebApplication app, NewKeys keys)
    {
        using var api = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        api.DefaultRequestHeaders.Add("X-App-Id", keys.Server.AppId);
        api.DefaultRequestHeaders.Add("X-App-Token", keys.Server.AppToken);
        await new DemoContent(api).Plant();
    }

    /// <summary>The application, not yet listening.</summary>
    public static WebApplication Build(string[] args)
    {
        // Settings are read once. Watching for changed files would watch the folder of the database, too, which changes all the time.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        var settings = Settings.Read(builder.Configuration);
        builder.WebHost.UseUrls(settings.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyReader.BytesMax * 2;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.AddRoutingCore().AddSingleton(settings).AddSingleton(TimeProvider.System)
            .AddSingleton(_ => Database.Open(settings)).AddHostedService<Upkeep>()
            .AddSingleton<Readiness>().AddSingleton<KeyRing>().AddSingleton<RateLimits>().AddSingleton<JobQueue>()
            .AddSingleton<Microsoft.AspNetCore.Routing.MatcherPolicy, QueryRoutes>().AddSingleton<AssetSecret>().AddSingleton<SnapshotCache>().AddSingleton<UsageMaker>()
            .AddSingleton(TargetGuard.Real(AddressRules.Read(settings.WebhookAllow))).AddSingleton<OutgoingHttp>()
            .AddSingleton<Senders>().AddHostedService<DistributionWorker>().AddHostedService<PendingWorker>()
            .AddSingleton<WebhookSignal>().AddHostedService<WebhookSender>()
            .AddSingleton<AuditTrail>().AddHostedService<AuditWriter>().AddHostedService<AuditSweep>()
            .AddSingleton(services => Jobs(services.GetRequiredService<Database>())).AddHostedService<JobWorker>()
            .AddSingleton<OutboxSignal>().AddSingleton<OutboxMeter>()
            .AddSingleton(services => Subscribers(services.GetRequiredService<Database>())).AddHostedService<OutboxWorker>().AddHostedService<SegmentClock>().AddHostedService<ExpirationClock>().AddHostedService<LoyaltyTierClock>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownMax);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.TypeInfoResolver = WireJson.Default;
            Wire.Configure(json.SerializerOptions);
        });
        builder.Services.AddOpenApi("v1", Describing.Configure);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation().AddMeter("Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", OutboxMeter.Name, WebhookSender.MeterName, AuditTrail.MeterName).AddPrometheusExporter());
        var app = builder.Build();
        app.UseFaults();
        app.UseClientOrigins();
        app.UseRouting();
        MapOperations(app);
        MapPlatform(app);
        return app;
    }

    static JobCatalog Jobs(Database db) => new(new Dictionary<string, JobStep>([
        .. CampaignJobs.Steps(db), .. CampaignImports.Steps(db), .. VoucherJobs.Steps(db), .. CustomerJobs.Steps(db), .. ProductJobs.Steps(db), .. OrderImports.Steps(db),
        .. MetadataPurge.Steps(db.Dialect), .. ExportJobs.Steps(db.Dialect), .. SegmentJobs.Steps(db), .. LoyaltyTierJobs.Steps(db.Dialect)]))
    {
        WhenGivenUp = new Dictionary<string, Func<System.Data.Common.DbConnection, Job, long, Task>>(CampaignJobs.WhenGivenUp.Concat(ExportJobs.WhenGivenUp)),
    };

    // In this order each time; one that writes what another reads comes first.
    static OutboxCatalog Subscribers(Database db) => new(Expanding.For(db.Dialect),
    [
        // Counts of custom events are there before segments ask for them.
        ActivitySql.Subscription(db),
        new("segments", SegmentFlow.Subscriber(db.Dialect)),
        new("referrals", ReferralSubscriber.Of(db.Dialect)),
        EarningSubscriber.Of(db.Dialect),
        new("points that expire", BucketSubscriber.Of(db.Dialect)),
        new("loyalty tiers", LoyaltyTierSubscriber.Of(db.Dialect)),
        DistributionSubscriber.Of(db.Dialect),
        WebhookSubscriber.Of(db),
    ]);

    static void MapOperations(WebApplication app)
    {
        ProductApi.Map(new Api(app, "products", KeyKind.Server));
        CustomerApi.Map(new Api(app, "customers", KeyKind.Server));
        ActivityApi.Map(new Api(app, "customers", KeyKind.Server));
        SegmentApi.Map(new Api(app, "segments", KeyKind.Server));
        CustomEventApi.Map(new Api(app, "events", KeyKind.Server));
        CustomEventApi.MapClient(new Api(app, "client-side", KeyKind.Client));
        CustomEventSchemaApi.Map(new Api(app, "management", KeyKind.Management));
        OrderApi.Map(new Api(app, "orders", KeyKind.Server));
        VoucherApi.Map(new Api(app, "vouchers", KeyKind.Server), CampaignVouchers.Door);
        CampaignApi.Map(new Api(app, "campaigns", KeyKind.Server), TierTerms.Door);
        TierApi.Map(new Api(app, "promotions", KeyKind.Server));
        PublicationApi.Map(new Api(app, "publications", KeyKind.Server), new Api(app, "client-side", KeyKind.Client));
        RewardApi.Map(new Api(app, "rewards", KeyKind.Server));
        EarningRuleApi.Map(new Api(app, "loyalties", KeyKind.Server));
        PendingApi.Map(new Api(app, "loyalties", KeyKind.Server));
        ReferralApi.Map(new Api(app, "referrals", KeyKind.Server));
        PointsExpirationApi.Map(new Api(app, "loyalties", KeyKind.Server));
        LoyaltyTierApi.Map(new Api(app, "loyalties", KeyKind.Server));
        LoyaltyApi.Map(new Api(app, "loyalties", KeyKind.Server), TierTerms.Door);
        AsyncActionApi.Map(new Api(app, "async-actions", KeyKind.Server));
        QualificationApi.Map(new Api(app, "qualifications", KeyKind.Server));
        WalletApi.Map(new Api(app, "customers", KeyKind.Server));
        SessionApi.Map(new Api(app, "vouchers", KeyKind.Server));
        ValidationApi.Map(new Api(app, "validations", KeyKind.Server));
        PromotionValidating.Map(new Api(app, "validations", KeyKind.Server));
        RedemptionApi.Map(new Api(app, "redemptions", KeyKind.Server));
        AssetApi.Map(app);
        PreferenceApi.Map(app);
        JobReport.Map(app);
        var dialect = app.Services.GetRequiredService<Database>().Dialect;
        CategoryApi.Map(new Api(app, "categories", KeyKind.Server), [CategorySql.Use("campaign", "campaigns"), CategorySql.Use("voucher", "vouchers"), CategorySql.Use("promotion_tier", "promotion_tiers"), CategorySql.Use("promotion_stack", "promotion_stacks")],
            (db, project, id, now) => StackingSql.Forget(db, dialect, project, id, now));
        CollectionApi.Map(new Api(app, "product-collections", KeyKind.Server), [ValidationRuleSql.Use(dialect)]);
        ValidationRuleApi.Map(new Api(app, "validation-rules", KeyKind.Server),
            [RuleTarget.In(AssignmentSql.Voucher, "vouchers", dialect), RuleTarget.In(AssignmentSql.Campaign, "campaigns", dialect), RuleTarget.In(AssignmentSql.Tier, "promotion_tiers", dialect), EarningRuleSql.Target(dialect)]);
        ProjectApi.Map(new Api(app, "management", KeyKind.Management));
        DeadLetterApi.Map(new Api(app, "management", KeyKind.Management));
        StackingApi.Map(new Api(app, "management", KeyKind.Management));
        DistributionApi.Map(new Api(app, "distributions", KeyKind.Management));
        WebhookApi.Map(new Api(app, "management", KeyKind.Management));
        AuditLogApi.Map(new Api(app, "management", KeyKind.Management));
        BinApi.Map(new Api(app, "bin", KeyKind.Server), [CampaignBin.Kind, VoucherBin.Kind(CampaignVouchers.Door), .. ProductBin.Kinds, CollectionBin.Kind]);
        ExportApi.Map(new Api(app, "exports", KeyKind.Server), new Api(app, "exports", KeyKind.None));
        MetadataSchemaApi.Map(new Api(app, "management", KeyKind.Management), new Api(app, "metadata-schemas", KeyKind.Server));
    }

    static void MapPlatform(WebApplication app)
    {
        Health.Map(app);
        app.MapOpenApi();
        app.MapScalarApiReference("/docs");
        app.MapPrometheusScrapingEndpoint();
    }
}
