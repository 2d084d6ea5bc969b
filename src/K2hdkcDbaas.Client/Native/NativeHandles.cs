using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace K2hdkcDbaas.Client.Native;

/// <summary>An attachment to the local slave chmpx. One thread at a time may use it.</summary>
internal sealed class ChmpxHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Opening and closing are not thread-safe in the library, for the whole process.</summary>
    public static readonly Lock OpenGate = new();

    public ChmpxHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        lock (OpenGate) return NativeMethods.Close(handle, isCleanBackup: true);
    }
}

/// <summary>Memory that the library made with malloc and hands over.</summary>
internal sealed class MallocHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public MallocHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>The bytes; none where the library gave no memory.</summary>
    public unsafe byte[] ToArray(nuint length) =>
        IsInvalid || length == 0 ? [] : new ReadOnlySpan<byte>((void*)handle, checked((int)length)).ToArray();

    protected override unsafe bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}

/// <summary>An array of names (K2HDKCKEYPCK) or attributes (K2HDKCATTRPCK), with its count, that the library frees itself.</summary>
internal sealed class PackHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int _count;
    private readonly bool _isAttributes;

    public PackHandle(nint array, int count, bool isAttributes)
        : base(ownsHandle: true)
    {
        SetHandle(array);
        _count = count;
        _isAttributes = isAttributes;
    }

    public unsafe ReadOnlySpan<NativeKey> Keys => IsInvalid ? [] : new ReadOnlySpan<NativeKey>((void*)handle, _count);

    public unsafe ReadOnlySpan<NativeAttribute> Attributes => IsInvalid ? [] : new ReadOnlySpan<NativeAttribute>((void*)handle, _count);

    protected override bool ReleaseHandle() =>
        _isAttributes ? NativeMethods.FreeAttributes(handle, _count) : NativeMethods.FreeKeys(handle, _count);
}

/// <summary>K2HDKCKEYPCK.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeKey
{
    public nint Bytes;
    public nuint Length;

    public readonly unsafe byte[] ToArray() => Bytes == 0 ? [] : new ReadOnlySpan<byte>((void*)Bytes, checked((int)Length)).ToArray();
}

/// <summary>K2HDKCATTRPCK.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeAttribute
{
    public NativeKey Name;
    public NativeKey Value;
}
