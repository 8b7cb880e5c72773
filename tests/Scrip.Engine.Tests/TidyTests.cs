using System.Reflection;
using System.Runtime.CompilerServices;

namespace Scrip.Engine.Tests;

/// <summary>What keeps the engine a pure library, and its files readable.</summary>
public class TidyTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Engine = typeof(Money).Assembly;

    [Fact]
    public void Nothing_in_the_engine_computes_with_floating_point()
    {
        var members = Engine.GetTypes().SelectMany(type => type.GetMembers(Declared).SelectMany(member =>
            Types(member).Select(used => (Name: $"{type}.{member.Name}", Used: used))));
        members.Where(member => Floats(member.Used)).Select(member => member.Name).ShouldBeEmpty();
    }

    [Fact]
    public void The_engine_refers_to_pure_libraries_only() =>
        Engine.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("NodaTime" or "Parlot"))
            .ShouldBeEmpty();

    [Fact]
    public void The_engine_does_no_input_output()
    {
        string[] refused = ["System.Net", "System.IO", "System.Data", "System.Threading.Tasks", "System.Security.Cryptography", "System.Diagnostics.Process"];
        Engine.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => refused.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ShouldBeEmpty();
        Engine.GetTypes().SelectMany(type => type.GetMethods(Declared))
            .Where(method => typeof(Task).IsAssignableFrom(method.ReturnType)).ShouldBeEmpty();
    }

    [Fact]
    public void Files_stay_short_and_folders_explain_themselves()
    {
        var root = Root();
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(Written))
            File.ReadLines(file).Count().ShouldBeLessThanOrEqualTo(500, file);
        foreach (var folder in Directory.EnumerateDirectories(root).Where(Written))
            File.Exists(Path.Combine(folder, "README.md")).ShouldBeTrue($"{folder} has no README.md");
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var root = Root();
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(Written))
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            var expected = folder == "." ? "namespace Scrip.Engine;" : $"namespace Scrip.Engine.{folder};";
            File.ReadLines(file).ShouldContain(expected, file);
        }
    }

    [Fact]
    public void Names_say_what_a_thing_is()
    {
        string[] refused = ["Manager", "Helper", "Utils", "Service", "Base", "Impl"];
        Engine.GetTypes().Where(type => refused.Any(suffix => type.Name.EndsWith(suffix, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    private static bool Written(string path) =>
        !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "Scrip.Engine"));

    private static bool Floats(Type type) =>
        type == typeof(float) || type == typeof(double) || type == typeof(Half)
        || (type.HasElementType && Floats(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(Floats));

    private static IEnumerable<Type> Types(MemberInfo member) => member switch
    {
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType],
        MethodInfo method => [method.ReturnType, .. Inside(method)],
        MethodBase method => Inside(method),
        _ => [],
    };

    private static IEnumerable<Type> Inside(MethodBase method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
}
