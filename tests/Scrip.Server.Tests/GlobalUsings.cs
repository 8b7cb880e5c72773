global using Scrip.Server.Tests.Running;
global using Shouldly;
global using Xunit;
