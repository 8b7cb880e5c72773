using Scrip.Server;
using Scrip.Server.Features;
using Scrip.Server.Platform.Http;

Wire.Use(WireJson.Default, WireJson.Converters);
return args switch
{
    [] or ["serve", ..] => await Serving.Run(args.Skip(1).ToArray()),
    ["migrate", ..] => Commands.Migrate(args),
    ["ledger", "verify", ..] => await Commands.VerifyLedger(args),
    ["routes", ..] => Commands.Routes(args),
    _ => Commands.Help(),
};
