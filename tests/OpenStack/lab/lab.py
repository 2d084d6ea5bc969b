#!/usr/bin/python3
"""A small real OpenStack on loopback, from Debian packages, for the suites beside this folder.

    lab.py up      install what is missing, start what is down, seed what is not there; safe to repeat
    lab.py down    stop what `up` started, by process id
    lab.py wipe    down, and forget all data

LAB_HOME       where data, logs and process ids live     (default: ~/.cache/k2hdkcdbaas/openstack)
LAB_BASE_PORT  keystone's port; the others follow it      (default: 15000)

Keystone, Placement, Glance, Neutron, Nova and Trove are the packaged programs. Only what a loopback machine cannot have is
replaced, in plugins/: Nova's hypervisor (its own fake driver), Neutron's agents, Trove's guest, volumes and object store.
"""
import os
import pathlib
import shutil
import signal
import string
import subprocess
import sys
import time
import urllib.error
import urllib.request

import seed

HERE = pathlib.Path(__file__).resolve().parent
HOME = pathlib.Path(os.environ.get('LAB_HOME', pathlib.Path.home() / '.cache/k2hdkcdbaas/openstack'))
BASE = int(os.environ.get('LAB_BASE_PORT', '15000'))
PYTHON = '/usr/bin/python3'
PACKAGES = ('python3-keystone python3-glance python3-placement python3-neutron python3-nova python3-trove '
            'python3-openstackclient python3-troveclient uwsgi-core uwsgi-plugin-python3').split()
# Their paste files are wanted, their daemons, users and database questions are not: unpacked, not installed.
UNPACKED = 'nova-common glance-common neutron-common trove-common'.split()
PORTS = {name: BASE + i for i, name in enumerate(('keystone', 'glance', 'placement', 'neutron', 'nova', 'trove'))}
SKIPPED = 3  # exit status: the packages cannot be had, which is no failure of ours
STARTED = time.monotonic()


def say(text):
    print('[%5.1fs] %s' % (time.monotonic() - STARTED, text), flush=True)


def fail(text, status=1):
    print('lab: ' + text, file=sys.stderr)
    sys.exit(status)


# ------------------------------------------------------------------ packages

def installed(package):
    out = subprocess.run(['dpkg-query', '-W', '-f=${db:Status-Status}', package], capture_output=True, text=True)
    return out.stdout == 'installed'


def apt(*args, **kw):
    env = dict(os.environ, DEBIAN_FRONTEND='noninteractive')
    with open(HOME / 'log/apt.log', 'ab') as log:
        return subprocess.run(['apt-get', '-q', *args], stdout=log, stderr=log, env=env, **kw).returncode == 0


def install():
    missing = [p for p in PACKAGES if not installed(p)]
    if missing:
        if not shutil.which('apt-get') or os.geteuid() != 0:
            fail('skipped: needs Debian and root to install ' + ' '.join(missing), SKIPPED)
        say('installing ' + ' '.join(missing))
        refuse_daemons = pathlib.Path('/usr/sbin/policy-rc.d')
        ours = not refuse_daemons.exists()
        if ours:
            refuse_daemons.write_text('#!/bin/sh\nexit 101\n')
            refuse_daemons.chmod(0o755)
        try:
            args = ['install', '-y', '--no-install-recommends', *missing]
            if not apt(*args) and not (apt('update') and apt(*args)):
                fail('skipped: the packages cannot be installed here (see %s)' % (HOME / 'log/apt.log'), SKIPPED)
        finally:
            if ours:
                refuse_daemons.unlink()
    for package in UNPACKED:
        target = HOME / 'packages' / package
        if target.exists():
            continue
        if not apt('download', package, cwd=target.parent):
            fail('skipped: cannot download ' + package, SKIPPED)
        archive = next(target.parent.glob(package + '_*.deb'))
        half = target.with_suffix('.half')
        shutil.rmtree(half, ignore_errors=True)
        subprocess.run(['dpkg-deb', '-x', archive, half], check=True)
        archive.unlink()
        half.rename(target)


# ------------------------------------------------------------------ configuration

def database(name):
    return 'sqlite:///%s/db/%s.db?timeout=30&check_same_thread=false' % (HOME, name)


def configure():
    values = {'home': HOME, 'password': seed.PASSWORD, 'region': seed.REGION,
              'keystone_url': 'http://127.0.0.1:%d/v3' % PORTS['keystone']}
    values.update({'port_' + name: port for name, port in PORTS.items()})
    values.update({'db_' + name: database(name) for name in
                   'keystone placement glance neutron nova_api nova_cell0 nova_cell1 trove'.split()})

    def account(section, user):
        """The section by which a service logs in to Keystone."""
        template = string.Template((HERE / 'etc/account.conf').read_text())
        return template.substitute(values, section=section, user=user)
    for user in PORTS:
        values['account_' + user] = account('keystone_authtoken', user)
    for section in ('service_user', 'placement', 'neutron'):
        values['nova_as_' + section] = account(section, {'service_user': 'nova'}.get(section, section))
    for source in (HERE / 'etc').glob('*.conf'):
        if source.name == 'account.conf':
            continue
        # keystone and placement look for a fixed name in a folder of their own.
        target = HOME / 'etc' / source.stem / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(string.Template(source.read_text()).substitute(values))
    shutil.copytree(HERE / 'etc/trove-templates', HOME / 'etc/trove/templates', dirs_exist_ok=True)
    entry = HOME / 'plugins/openstack_lab-1.0.dist-info'
    entry.mkdir(parents=True, exist_ok=True)
    (entry / 'METADATA').write_text('Metadata-Version: 2.1\nName: openstack-lab\nVersion: 1.0\n')
    (entry / 'entry_points.txt').write_text('[neutron.ml2.mechanism_drivers]\nlab = lab_neutron:LabMechanismDriver\n')


def conf(name):
    return str(HOME / 'etc' / name / (name + '.conf'))


# ------------------------------------------------------------------ processes

def environment(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith('OS_') and not k.lower().endswith('_proxy')}
    env.update(PYTHONPATH='%s:%s' % (HERE / 'plugins', HOME / 'plugins'), NO_PROXY='127.0.0.1', **more)
    return env


def command(program, target, *args):
    """Runs the console entry point of a package whose daemon package is not installed."""
    return [PYTHON, str(HERE / 'programs/entry.py'), target, program, *args]


def once(name, *argv):
    """Makes a database; done once, as a marker says."""
    marker = HOME / 'db' / (name + '.done')
    if marker.exists():
        return
    with open(HOME / ('log/db-%s.log' % name), 'wb') as log:
        if subprocess.run(argv, stdout=log, stderr=log, env=environment()).returncode:
            fail('could not make the database of %s (see %s)' % (name, log.name))
    marker.touch()


def birth(pid):
    """When a process began, in clock ticks; with its number that names it for ever."""
    try:
        return pathlib.Path('/proc/%s/stat' % pid).read_text().rpartition(')')[2].split()[19]
    except OSError:
        return None


def running(name):
    """The process id of a service that `up` started, or None: its number may be another process's by now."""
    try:
        pid, born = (HOME / 'run' / (name + '.pid')).read_text().split()
    except OSError:
        return None
    return int(pid) if birth(pid) == born else None


def start(name, argv, **env):
    if running(name):
        return
    with open(HOME / ('log/%s.out' % name), 'wb') as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                                   env=environment(**env))
    (HOME / 'run' / (name + '.pid')).write_text('%d %s' % (process.pid, birth(process.pid)))


def wsgi(name, script, **env):
    start(name, ['/usr/bin/uwsgi', '--plugins', 'python3', '--http-socket', '127.0.0.1:%d' % PORTS[name],
                 '--wsgi-file', script, '--processes', '1', '--enable-threads', '--threads', '4', '--need-app',
                 '--die-on-term', '--buffer-size', '65535', '--post-buffering', '65536', '--disable-logging',
                 '--add-header', 'Connection: close'], **env)


def wait(name, seconds=90):
    """Waits until a service answers anything at all."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            opener.open('http://127.0.0.1:%d/' % PORTS[name], timeout=5).close()
            break
        except urllib.error.HTTPError:
            break
        except OSError:
            if not running(name):
                fail('%s died (see %s)' % (name, HOME / 'log'))
            time.sleep(0.25)
    else:
        fail('%s did not answer within %d s' % (name, seconds))
    say(name + ' answers')


def up():
    for folder in ('etc', 'run', 'log', 'db', 'plugins', 'packages', 'state/lock', 'state/nova', 'state/neutron',
                   'state/keystone', 'state/glance/images', 'state/glance/staging', 'state/glance/tasks'):
        (HOME / folder).mkdir(parents=True, exist_ok=True)
    install()
    configure()

    keystone = '--config-file', conf('keystone')
    owner = '--keystone-user', 'root', '--keystone-group', 'root'
    url = 'http://127.0.0.1:%d/v3' % PORTS['keystone']
    once('keystone', *command('keystone-manage', 'keystone.cmd.manage', *keystone, 'db_sync',
                              '+', *keystone, 'fernet_setup', *owner, '+', *keystone, 'credential_setup', *owner,
                              '+', *keystone, 'bootstrap', '--bootstrap-password', seed.PASSWORD,
                              '--bootstrap-region-id', seed.REGION, '--bootstrap-public-url', url,
                              '--bootstrap-internal-url', url, '--bootstrap-admin-url', url))
    wsgi('keystone', '/usr/bin/keystone-wsgi-public', OS_KEYSTONE_CONFIG_DIR=str(HOME / 'etc/keystone'),
         OS_KEYSTONE_CONFIG_FILES=conf('keystone'))
    once('neutron', PYTHON, str(HERE / 'programs/neutron_tables.py'), database('neutron'))
    once('placement', 'placement-manage', '--config-file', conf('placement'), 'db', 'sync')
    once('glance', *command('glance-manage', 'glance.cmd.manage', '--config-file', conf('glance'), 'db_sync'))
    nova = '--config-file', conf('nova')
    once('nova', *command('nova-manage', 'nova.cmd.manage', *nova, 'api_db', 'sync',
                          '+', *nova, 'cell_v2', 'map_cell0', '--database_connection', database('nova_cell0'),
                          '+', *nova, 'cell_v2', 'create_cell', '--name', 'cell1', '--database_connection',
                          database('nova_cell1'), '--transport-url', 'fake:///', '+', *nova, 'db', 'sync'))
    once('trove', *command('trove-manage', 'trove.cmd.manage', '--config-file', conf('trove'), 'db_sync'))
    say('databases are made')

    wsgi('placement', '/usr/bin/placement-api', OS_PLACEMENT_CONFIG_DIR=str(HOME / 'etc/placement'))
    start('neutron', command('neutron-server', 'neutron.cmd.eventlet.server', '--config-file', conf('neutron')))
    start('glance', command('glance-api', 'glance.cmd.api', '--config-file', conf('glance')))
    wait('keystone')
    cloud = seed.Cloud(PORTS, HOME)
    cloud.accounts()
    start('nova', [PYTHON, str(HERE / 'programs/nova_all.py'), '--config-file', conf('nova')])
    start('trove', [PYTHON, str(HERE / 'programs/trove_all.py'), '--config-file', conf('trove')])
    for name in ('placement', 'glance', 'neutron', 'nova'):
        wait(name)
    cloud.wait_for_hypervisor()
    image = cloud.world()
    wait('trove')
    once('datastore', PYTHON, str(HERE / 'programs/trove_datastore.py'), image, str(HERE / 'etc/k2hdkc-parameters.json'),
         '--config-file', conf('trove'))
    say('ready: OS_CLIENT_CONFIG_FILE=%s' % (HOME / 'clouds.yaml'))


def down():
    pids = [pid for pid in map(running, PORTS) if pid]
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 20
    while pids and time.monotonic() < end:
        pids = [pid for pid in pids if pathlib.Path('/proc/%d' % pid).exists()]
        time.sleep(0.2)
    for pid in pids:
        os.killpg(pid, signal.SIGKILL)
    for file in (HOME / 'run').glob('*.pid'):
        file.unlink()


def wipe():
    down()
    for folder in ('db', 'state', 'etc', 'log', 'run'):
        shutil.rmtree(HOME / folder, ignore_errors=True)


if __name__ == '__main__':
    actions = {'up': up, 'down': down, 'wipe': wipe}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        fail('usage: lab.py up|down|wipe', 2)
    actions[sys.argv[1]]()
