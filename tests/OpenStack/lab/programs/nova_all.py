"""Nova's API, conductor, scheduler and compute in one process, over the in-memory message bus."""
import shlex
import sys

import nova.cmd  # noqa: F401 (patches the standard library for eventlet, so it comes first)
import eventlet
import nova.conf
import os_vif
from nova import config, context, exception, objects, service, utils
from nova.objects import host_mapping
from oslo_log import log as logging
from oslo_privsep import priv_context
from oslo_service import service as oslo_service

import lab_patches

lab_patches.copy_messages()
sys.argv[0] = 'nova-all'
config.parse_args(sys.argv)
CONF = nova.conf.CONF
logging.setup(CONF, 'nova')
priv_context.init(root_helper=shlex.split(utils.get_root_helper()))
objects.register_all()
os_vif.initialize()


def map_host():
    """Adds the compute host to its cell as soon as it has reported; `nova-manage cell_v2 discover_hosts` does the same."""
    admin = context.get_admin_context()
    while True:
        try:
            return objects.HostMapping.get_by_host(admin, CONF.host)
        except exception.HostMappingNotFound:
            host_mapping.discover_hosts(admin)
        eventlet.sleep(0.3)


launcher = oslo_service.ServiceLauncher(CONF, restart_method='mutate')
for part in ('conductor', 'scheduler', 'compute'):
    launcher.launch_service(service.Service.create(binary='nova-' + part, topic=part))
launcher.launch_service(service.WSGIService('osapi_compute', use_ssl=False))
eventlet.spawn(map_host)
launcher.wait()
