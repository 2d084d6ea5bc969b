"""Neutron without agents: each port binds at once, and no worker is forked for messages."""
import os
import signal

from neutron.plugins.ml2 import plugin
from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.plugins.ml2 import api


class LabMechanismDriver(api.MechanismDriver):
    def initialize(self):
        pass

    @property
    def connectivity(self):
        return portbindings.CONNECTIVITY_L2

    def bind_port(self, context):
        for segment in context.segments_to_bind[:1]:
            context.set_binding(segment[api.ID], portbindings.VIF_TYPE_OVS, {portbindings.CAP_PORT_FILTER: True},
                                status=constants.PORT_STATUS_ACTIVE)


class LabMl2Plugin(plugin.Ml2Plugin):
    def __init__(self):
        super().__init__()
        signal.signal(signal.SIGTERM, lambda *args: os._exit(0))  # no worker, so no launcher that would handle it

    def rpc_workers_supported(self):
        return False
