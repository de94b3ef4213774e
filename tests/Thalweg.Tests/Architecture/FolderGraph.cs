using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Thalweg.Tests.Architecture;

/// <summary>Which folder of a project uses which, read from the compiled assembly; the debug information says in which file
/// a type stands.</summary>
internal sealed class FolderGraph
{
    private static readonly Guid s_typeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private static readonly OpCode[] s_codes = [.. typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)];

    private readonly Dictionary<Type, string> _folders = [];
    private readonly SortedDictionary<string, SortedDictionary<string, SortedSet<string>>> _uses = new(StringComparer.Ordinal);

    /// <param name="assembly">The assembly, with its debug information beside it.</param>
    /// <param name="root">The project's folder, as in <c>src/Thalweg/</c>.</param>
    public FolderGraph(Assembly assembly, string root)
    {
        FindFolders(assembly, root);
        foreach ((Type type, string folder) in _folders)
        {
            foreach (Type used in UsedBy(type))
                Note(type, folder, used);
        }
    }

    /// <summary>All folders that hold types.</summary>
    public IReadOnlyList<string> Folders => [.. _folders.Values.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The folders that a folder uses, each with the types that do.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> UsesOf(string folder) =>
        _uses.TryGetValue(folder, out SortedDictionary<string, SortedSet<string>>? uses) ? uses : [];

    private void Note(Type type, string folder, Type used)
    {
        if (used.HasElementType)
            used = used.GetElementType()!;
        if (used.IsGenericType)
        {
            foreach (Type argument in used.GenericTypeArguments)
                Note(type, folder, argument);
            used = used.GetGenericTypeDefinition();
        }

        if (!_folders.TryGetValue(used, out string? other) || other == folder)
            return;
        if (!_uses.TryGetValue(folder, out SortedDictionary<string, SortedSet<string>>? uses))
            _uses.Add(folder, uses = new(StringComparer.Ordinal));
        if (!uses.TryGetValue(other, out SortedSet<string>? places))
            uses.Add(other, places = new(StringComparer.Ordinal));
        places.Add($"{Outer(type).Name} -> {Outer(used).Name}");
    }

    private static Type Outer(Type type) => type.DeclaringType is { } outer ? Outer(outer) : type;

    private void FindFolders(Assembly assembly, string root)
    {
        using FileStream file = File.OpenRead(Path.ChangeExtension(assembly.Location, ".pdb"));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(file);
        MetadataReader reader = provider.GetMetadataReader();
        foreach (Type type in assembly.GetTypes())
        {
            if (DocumentOf(reader, type) is not { } document)
                continue;
            string path = reader.GetString(reader.GetDocument(document).Name).Replace('\\', '/');
            int start = path.LastIndexOf(root, StringComparison.Ordinal);
            string[] parts = start < 0 ? [] : path[(start + root.Length)..].Split('/');
            if (parts.Length > 1 && parts[0] != "obj")
                _folders[type] = parts is ["Optimizers", "Rules", ..] ? "Optimizers/Rules" : parts[0];
        }

        // What the compiler makes for a type has no file of its own.
        foreach (Type type in assembly.GetTypes().Where(type => !_folders.ContainsKey(type)))
        {
            if (_folders.TryGetValue(Outer(type), out string? folder))
                _folders[type] = folder;
        }
    }

    private static DocumentHandle? DocumentOf(MetadataReader reader, Type type)
    {
        foreach (MethodBase method in Members(type).OfType<MethodBase>())
        {
            MethodDebugInformation information =
                reader.GetMethodDebugInformation(MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF));
            if (!information.Document.IsNil)
                return information.Document;
        }

        foreach (CustomDebugInformationHandle handle in reader.GetCustomDebugInformation(MetadataTokens.EntityHandle(type.MetadataToken)))
        {
            CustomDebugInformation information = reader.GetCustomDebugInformation(handle);
            if (reader.GetGuid(information.Kind) == s_typeDocuments)
                return MetadataTokens.DocumentHandle(reader.GetBlobReader(information.Value).ReadCompressedInteger());
        }

        return null;
    }

    private static MemberInfo[] Members(Type type) => type.GetMembers(
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly);

    private static IEnumerable<Type> UsedBy(Type type)
    {
        IEnumerable<Type> heads = type.GetInterfaces()
            .Concat(type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()));
        foreach (Type head in type.BaseType is { } parent ? heads.Append(parent) : heads)
            yield return head;
        foreach (MemberInfo member in Members(type))
        {
            IEnumerable<Type> used = member switch
            {
                FieldInfo field => [field.FieldType],
                MethodInfo method => [method.ReturnType, .. OfMethod(method)],
                ConstructorInfo constructor => OfMethod(constructor),
                _ => [],
            };
            foreach (Type each in used)
                yield return each;
        }
    }

    private static IEnumerable<Type> OfMethod(MethodBase method)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
            yield return parameter.ParameterType;
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (LocalVariableInfo local in body.LocalVariables)
            yield return local.LocalType;
        foreach (int token in Tokens(body.GetILAsByteArray()!))
        {
            Type[] ofType = method.DeclaringType!.GetGenericArguments();
            Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
            MemberInfo? member = method.Module.ResolveMember(token, ofType, ofMethod);
            if (member is Type type)
                yield return type;
            if (member?.DeclaringType is { } declaring)
                yield return declaring;
            if (member is MethodInfo { IsGenericMethod: true } generic)
            {
                foreach (Type argument in generic.GetGenericArguments())
                    yield return argument;
            }
        }
    }

    /// <summary>The types and members that instructions name.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int i = 0; i < code.Length;)
        {
            short value = code[i] == 0xFE ? (short)(0xFE00 | code[i + 1]) : code[i];
            OpCode operation = Array.Find(s_codes, known => known.Value == value);
            i += operation.Size;
            if (operation.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(code, i);
            }

            i += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }
}
