"""Stand-ins for what surrounds Trove: its guest agent, Cinder and Swift. Trove's own API, models and tasks are untouched.

The guest is an object in the task manager that agrees to everything and reports its state after a second."""
import uuid

import eventlet
from oslo_config import cfg as oslo_cfg
from trove.common import cfg

cfg.CONF.register_opts(cfg.cassandra_opts, group=oslo_cfg.OptGroup('k2hdkc'))


def report(instance, status):
    from trove.instance.models import InstanceServiceStatus
    from trove.instance.service_status import ServiceStatuses
    row = InstanceServiceStatus.find_by(instance_id=instance)
    row.set_status(getattr(ServiceStatuses, status))
    row.save()


class Guest:
    def __init__(self, instance, context):
        self.instance, self.context, self.seeds, self.root = instance, context, [], False

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return lambda *args, **kw: None

    def prepare(self, *args, cluster_config=None, **kw):
        from trove.guestagent.models import AgentHeartBeat
        from trove.instance.models import DBInstance, Instance
        broken = DBInstance.find_by(id=self.instance).name.endswith('GUEST_ERROR')

        def ready():
            # A real guest speaks only once its server has an address, and Trove's cluster task counts on that. (Of an instance in no
            # cluster Trove shows no address before its guest has spoken.)
            for _ in range(120 if cluster_config else 0):
                if Instance.load(self.context, self.instance).get_visible_ip_addresses():
                    break
                eventlet.sleep(0.5)
            report(self.instance, 'FAILED' if broken else 'INSTANCE_READY' if cluster_config else 'HEALTHY')
            AgentHeartBeat.create(instance_id=self.instance)
        eventlet.spawn_after(1, ready)

    def create_backup(self, backup_info, *args, **kw):
        from trove.backup.models import DBBackup
        from trove.backup.state import BackupState

        def done():
            row = DBBackup.find_by(id=backup_info['id'])
            row.state, row.size, row.checksum = BackupState.COMPLETED, 0.14, 'fake-md5-sum'
            row.location = Swift.url + '/database_backups/' + row.id
            row.save()
        eventlet.spawn_after(1, done)

    def healthy(self, *args, **kw):
        report(self.instance, 'HEALTHY')

    restart = cluster_complete = start_db_with_conf_changes = healthy

    def stop_db(self, *args, **kw):
        """Asked before the server is resized or rebooted; the new server's guest reports once Trove calls it paused."""
        report(self.instance, 'SHUTDOWN')

        def wake():
            from trove.instance.models import InstanceServiceStatus
            for _ in range(120):
                eventlet.sleep(0.5)
                if InstanceServiceStatus.find_by(instance_id=self.instance).get_status().description == 'paused':
                    return report(self.instance, 'HEALTHY')
        eventlet.spawn(wake)

    def node_decommission(self):
        report(self.instance, 'SHUTDOWN')

    def node_cleanup(self):
        report(self.instance, 'RUNNING')

    def get_data_center(self):
        return 'dc1'

    def get_rack(self):
        return 'rack1'

    def set_seeds(self, seeds):
        self.seeds = list(seeds)

    def get_seeds(self):
        return self.seeds

    def cluster_secure(self, password):
        return {'_name': 'os_admin', '_password': password}

    def get_volume_info(self):
        return {'used': 0.16, 'total': 4.0}

    def is_root_enabled(self):
        return self.root

    def list_users(self, *args, **kw):
        return [], None

    list_databases = list_users


GUESTS = {}


def guest_client(context, id, manager=None):
    return GUESTS.setdefault(id, Guest(id, context))


class Volume:
    status, attachments, device, volume_type, availability_zone = 'available', (), 'vdb', None, None

    def __init__(self, id, size, name=None):
        self.id, self.size, self.name = id, size, name

    def get(self, key):
        return getattr(self, key)

    def delete(self):
        VOLUMES.pop(self.id, None)


class VolumeApi:
    def __getattr__(self, name):  # attach, detach and the like
        return lambda *args, **kw: None

    def create(self, size, name=None, **kw):
        volume = Volume(str(uuid.uuid4()), size, name)
        VOLUMES[volume.id] = volume
        return volume

    def get(self, id):
        return VOLUMES.setdefault(id, Volume(id, 1))

    def list(self, detailed=True, search_opts=None):
        name = (search_opts or {}).get('name')
        return [v for v in VOLUMES.values() if not name or v.name == name]

    def extend(self, id, size):
        self.get(id).size = size

    def delete(self, id):
        VOLUMES.pop(id, None)


class NoVolumeTypes:
    def list(self, *args, **kw):
        return []

    def get(self, id):
        from cinderclient import exceptions
        raise exceptions.NotFound(404)


class Cinder:
    volumes, volume_types = VolumeApi(), NoVolumeTypes()


VOLUMES = {}


def cinder_client(context, region_name=None):
    return Cinder


def nova_client(context, region_name=None, password=None):
    """Trove's own client, but its servers boot without volumes that Nova would look for in vain."""
    from trove.common import clients_admin, configurations, template
    template.SERVICE_PARSERS.setdefault('k2hdkc', configurations.RedisConfParser)  # "name value" lines
    client = clients_admin.nova_client_trove_admin(context, region_name)
    if not isinstance(client.volumes, VolumeApi):
        create = client.servers.create
        client.servers.create = lambda *args, **kw: create(
            *args, **{k: v for k, v in kw.items() if k != 'block_device_mapping_v2'})
        client.volumes = VolumeApi()
    return client


class Swift:
    url = 'http://127.0.0.1:8080/v1/lab'

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return lambda *args, **kw: ({}, None)

    def head_object(self, *args, **kw):
        return {'etag': '"fake-md5-sum"'}

    def get_container(self, *args, **kw):
        return {}, []


def swift_client(context, region_name=None):
    return Swift()
