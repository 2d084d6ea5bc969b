namespace K2hdkcDbaas.Protocol.Frames;

/// <summary>What a frame carries (the <c>type</c> of a COMPKT).</summary>
public enum FrameType : ulong
{
    /// <summary>A K2HDKC command or reply between a client and a server (COM_C2C).</summary>
    Command = 1,

    /// <summary>A message between CHMPX nodes (COM_PX2PX).</summary>
    Control = 2,
}
