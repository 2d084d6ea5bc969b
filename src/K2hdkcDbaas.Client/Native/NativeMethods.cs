using System.Runtime.InteropServices;

namespace K2hdkcDbaas.Client.Native;

/// <summary>
/// The functions of libk2hdkc that the client uses: the <c>pm</c> family, which works on an open handle. C's bool is one byte. The two
/// <c>k2h_free</c> functions are libk2hash's, which libk2hdkc brings along.
/// </summary>
internal static partial class NativeMethods
{
    private const string Lib = K2hdkcLibrary.Name;

    static NativeMethods() => K2hdkcLibrary.Load();

    [LibraryImport(Lib, EntryPoint = "k2hdkc_open_chmpx_full", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ChmpxHandle Open(
        string config, short controlPort, string? cuk, [MarshalAs(UnmanagedType.U1)] bool isAutoRejoin,
        [MarshalAs(UnmanagedType.U1)] bool noGiveUpRejoin,
        [MarshalAs(UnmanagedType.U1)] bool isCleanBackup);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_close_chmpx_ex")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Close(nint handle, [MarshalAs(UnmanagedType.U1)] bool isCleanBackup);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_get_res_code")]
    public static partial ulong ResultCode(ChmpxHandle handle);

    [LibraryImport(Lib, EntryPoint = "k2h_free_keypack")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool FreeKeys(nint keys, int count);

    [LibraryImport(Lib, EntryPoint = "k2h_free_attrpack")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool FreeAttributes(nint attributes, int count);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_get_state")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool GetState(ChmpxHandle handle, out MallocHandle states, out nuint count);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_get_value_wp", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool GetValue(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, string? passPhrase,
        out MallocHandle value, out nuint length);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_get_value_np")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool GetRawValue(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, out MallocHandle value,
        out nuint length);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_get_subkeys")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool GetSubkeys(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, out nint keys, out int count);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_get_subkeys_np")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool GetRawSubkeys(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, out nint keys, out int count);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_get_attrs")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool GetAttributes(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, out nint attributes,
        out int count);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_set_value_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetValue(
        ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> value, nuint valueLength,
        [MarshalAs(UnmanagedType.U1)] bool removeSubkeys,
        string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_set_subkeys")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetSubkeys(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<NativeKey> keys,
        int count);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_clear_subkeys")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ClearSubkeys(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_set_subkey_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetSubkey(
        ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> subkey, nuint subkeyLength,
        ReadOnlySpan<byte> value, nuint valueLength,
        [MarshalAs(UnmanagedType.U1)] bool checkAttributes, string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_remove_subkey")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool RemoveSubkey(
        ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> subkey, nuint subkeyLength,
        [MarshalAs(UnmanagedType.U1)] bool isNested);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_remove")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Remove(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_rename_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Rename(
        ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> newKey, nuint newKeyLength,
        [MarshalAs(UnmanagedType.U1)] bool checkAttributes,
        string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_rename_with_parent_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool RenameWithParent(
        ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> newKey, nuint newKeyLength,
        ReadOnlySpan<byte> parent, nuint parentLength,
        [MarshalAs(UnmanagedType.U1)] bool checkAttributes, string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_q_push_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Push(
        ChmpxHandle handle, ReadOnlySpan<byte> prefix, nuint prefixLength, ReadOnlySpan<byte> value, nuint valueLength,
        [MarshalAs(UnmanagedType.U1)] bool isFifo,
        [MarshalAs(UnmanagedType.U1)] bool checkAttributes, string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_keyq_push_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool PushKey(
        ChmpxHandle handle, ReadOnlySpan<byte> prefix, nuint prefixLength, ReadOnlySpan<byte> key, nuint keyLength,
        ReadOnlySpan<byte> value, nuint valueLength,
        [MarshalAs(UnmanagedType.U1)] bool isFifo, [MarshalAs(UnmanagedType.U1)] bool checkAttributes, string? passPhrase,
        ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_q_pop_wp", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Pop(
        ChmpxHandle handle, ReadOnlySpan<byte> prefix, nuint prefixLength, [MarshalAs(UnmanagedType.U1)] bool isFifo, string? passPhrase,
        out MallocHandle value, out nuint length);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_keyq_pop_wp", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool PopKey(
        ChmpxHandle handle, ReadOnlySpan<byte> prefix, nuint prefixLength, [MarshalAs(UnmanagedType.U1)] bool isFifo, string? passPhrase,
        out MallocHandle key, out nuint keyLength,
        out MallocHandle value, out nuint length);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas8_init_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool InitCounter8(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, byte value, string? passPhrase,
        ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas16_init_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool InitCounter16(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ushort value, string? passPhrase,
        ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas32_init_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool InitCounter32(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, uint value, string? passPhrase,
        ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas64_init_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool InitCounter64(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ulong value, string? passPhrase,
        ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas8_set_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetCounter8(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, byte expected, byte value,
        string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas16_set_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetCounter16(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ushort expected, ushort value,
        string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas32_set_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetCounter32(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, uint expected, uint value,
        string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas64_set_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetCounter64(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, ulong expected, ulong value,
        string? passPhrase, ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas_increment_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool IncrementCounter(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, string? passPhrase,
        ReadOnlySpan<long> expire);

    [LibraryImport(Lib, EntryPoint = "k2hdkc_pm_cas_decrement_wa", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool DecrementCounter(ChmpxHandle handle, ReadOnlySpan<byte> key, nuint keyLength, string? passPhrase,
        ReadOnlySpan<long> expire);
}
