namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>
/// Brings the objects of its kinds nearer to what their specs say. Called under the store's lock after every change, until no one changes
/// anything.
/// </summary>
internal interface IController
{
    void Sync();
}
