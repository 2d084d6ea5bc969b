"""Trove's API and task manager in one process, over the in-memory message bus."""
import sys

import lab_patches

sys.argv[0] = 'trove-all'
lab_patches.copy_messages()
import lab_trove  # noqa: E402,F401
from oslo_service import service as oslo_service  # noqa: E402
from trove.cmd.common import initialize  # noqa: E402

conf = initialize()
from trove.common import base_wsgi, cfg, notification, pastedeploy  # noqa: E402
from trove.common.rpc import service as rpc_service  # noqa: E402
from trove.instance import models as instances  # noqa: E402
from trove.taskmanager import api as taskmanager  # noqa: E402

notification.DBaaSAPINotification.register_notify_callback(instances.persist_instance_fault)
cfg.set_api_config_defaults()
launcher = oslo_service.ServiceLauncher(conf, restart_method='mutate')
launcher.launch_service(rpc_service.RpcService(
    key=None, manager=conf.taskmanager_manager, topic=conf.taskmanager_queue,
    rpc_api_version=taskmanager.API.API_LATEST_VERSION))
application = pastedeploy.paste_deploy_app(conf.find_file(conf.api_paste_config), 'trove', {})
launcher.launch_service(base_wsgi.Service(application, conf.bind_port, host=conf.bind_host, backlog=128, threads=100))
launcher.wait()
