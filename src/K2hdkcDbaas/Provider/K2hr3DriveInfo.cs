using System.Management.Automation;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Provider;

/// <summary>A drive over what a tenant has in K2HR3.</summary>
public sealed class K2hr3DriveInfo : PSDriveInfo
{
    internal K2hr3DriveInfo(PSDriveInfo drive, IDbaasSession session)
        : base(drive) => Session = session;

    /// <summary>The session whose tenant the drive shows.</summary>
    internal IDbaasSession Session { get; }
}
