"""Runs the containers of a pod as processes in namespaces of their own, with the programs of this machine as their image.

A pod has a network, a host name, message queues and processes of its own; each container a file system of its own over this machine's.
Names are in a hosts file that all pods share. kubernetes.default.svc leads to the API server. A pod's loopback also leads to the K2HR3 that
its environment names, when that one listens on this machine's loopback: K2HR3 is told the pod's address, as a proxy would tell it.
"""
import base64
import ctypes
import http.client
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse

NET = 0x40000000
GATE = '10.244.255.254'  # the API server's address between the pods
LIBC = ctypes.CDLL(None, use_errno=True)
PROGRAMS = ('unshare', 'nsenter', 'ip', 'chroot', 'mount')


def missing():
    """What is not here that containers need; None when all is."""
    if os.geteuid() != 0:
        return 'root'
    return next((p for p in PROGRAMS if not shutil.which(p)), None)


def child_of(process):
    """The process that unshare or nsenter has started in the new process namespace."""
    path = pathlib.Path('/proc/%d/task/%d/children' % (process.pid, process.pid))
    while process.poll() is None:
        try:
            found = path.read_text().split()
        except OSError:
            break
        if found:
            return int(found[0])
        time.sleep(0.01)
    raise OSError('%s ended with %s' % (process.args[0], process.returncode))


def socket_in(pid):
    """A TCP socket in the network of a process. Called in a thread of its own, whose network it changes for a moment."""
    with open('/proc/self/ns/net') as own, open('/proc/%d/ns/net' % pid) as other:
        if LIBC.setns(other.fileno(), NET) != 0:
            raise OSError(ctypes.get_errno(), 'setns')
        try:
            return socket.socket()
        finally:
            LIBC.setns(own.fileno(), NET)


def listener_in(pid, address, port):
    found = socket_in(pid)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((address, port))
    found.listen(16)
    return found


def accept(listener, serve):
    """Serves each connection in a thread of its own, until the listener is closed."""
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(near,), daemon=True).start()


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Hub:
    """The network between the pods: a bridge that this machine does not see."""

    def __init__(self, folder, api):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.hosts = self.folder / 'hosts'
        self.hosts.touch()
        # The one program of the usual images that asks name servers alone.
        self.programs = self.folder / 'bin'
        self.programs.mkdir()
        (self.programs / 'nslookup').write_text('#!/bin/sh\nexec getent hosts "$1"\n')
        (self.programs / 'nslookup').chmod(0o755)
        self.names, self.lock, self.next, self.api = {}, threading.Lock(), 0, api
        self.process = subprocess.Popen(['unshare', '--net', '--kill-child', '--fork', 'sh', '-c',
                                         'ip link add hub type bridge && ip addr add %s/16 dev hub && ip link set hub up && '
                                         'ip link set lo up && exec sleep infinity' % GATE])
        self.pid = child_of(self.process)
        while subprocess.run(['nsenter', '-t', str(self.pid), '-n', 'ip', 'link', 'show', 'hub', 'up'], capture_output=True).stdout == b'':
            time.sleep(0.05)
        threading.Thread(target=accept, args=(listener_in(self.pid, GATE, 443), self.lead_to_api), daemon=True).start()
        self.name(GATE, 'kubernetes.default.svc kubernetes.default')

    def lead_to_api(self, near):
        try:
            with near, socket.create_connection(self.api, 10) as far:
                threading.Thread(target=pump, args=(near, far), daemon=True).start()
                pump(far, near)
        except OSError:
            pass

    def attach(self, pid, address):
        with self.lock:
            self.next += 1
            port = 'pod%d' % self.next
        hub = ['nsenter', '-t', str(self.pid), '-n', 'ip', 'link']
        pod = ['nsenter', '-t', str(pid), '-n', 'ip']
        for line in (hub + ['add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', str(pid)], hub + ['set', port, 'master', 'hub', 'up'],
                     pod + ['addr', 'add', address + '/16', 'dev', 'eth0'], pod + ['link', 'set', 'eth0', 'up'],
                     pod + ['link', 'set', 'lo', 'up']):
            subprocess.run(line, check=True)

    def name(self, address, names):
        """Gives an address its names, or takes them back. The file stays the same one: pods have it mounted."""
        with self.lock:
            if names:
                self.names[address] = names
            else:
                self.names.pop(address, None)
            text = ''.join('%s %s\n' % line for line in [('127.0.0.1', 'localhost'), *self.names.items()])
            with open(self.hosts, 'r+') as file:
                file.write(text)
                file.truncate()


class Container:
    """One container: started again when it ends, until the pod goes."""

    def __init__(self, pod, spec):
        self.pod, self.spec, self.name = pod, spec, spec['name']
        self.process, self.restarts, self.ready = None, 0, 'readinessProbe' not in spec

    def start(self):
        root = self.pod.folder / self.name
        for part in ('upper', 'work', 'root'):
            (root / part).mkdir(parents=True, exist_ok=True)
        lines = ['set -e', 'mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root', 'cd root', 'mount -t proc proc proc',
                 'mount --rbind /dev dev', 'mount -t tmpfs tmpfs dev/shm', 'mount --bind %s etc/hosts' % self.pod.hub.hosts,
                 'mount --bind /dev/null etc/resolv.conf']
        for mount in self.spec.get('volumeMounts', []):
            # A link such as /var/run is the container's own.
            path = mount['mountPath']
            lines += ['chroot . mkdir -p ' + path, 'mount --bind %s ".$(chroot . readlink -f %s)"' % (self.pod.volumes[mount['name']], path)]
        variables = ['%s=%s' % (e['name'], self.pod.value(e)) for e in self.spec.get('env', [])]
        variables.append('PATH=%s:%s' % (self.pod.hub.programs, os.environ['PATH']))
        lines.append('exec chroot . env -i "$@"')
        words = self.spec.get('command', []) + self.spec.get('args', [])
        with open(self.pod.folder / (self.name + '.log'), 'ab') as log:
            self.process = subprocess.Popen(
                ['nsenter', '-t', str(self.pod.pid), '-n', '-i', '-u', '-p', 'unshare', '--mount', 'sh', '-c', '\n'.join(lines), 'sh',
                 *variables, *words], cwd=root, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def run_inside(self, words, patience):
        """A hook or a probe; whether it went well."""
        try:
            inner = child_of(self.process)
            # Until it has its own root it is still being set up.
            while os.readlink('/proc/%d/root' % inner) == '/':
                time.sleep(0.02)
            line = ['nsenter', '-t', str(inner), '-a', '-r/proc/%d/root' % inner, '-w/proc/%d/root' % inner, *words]
            with open(self.pod.folder / (self.name + '.log'), 'ab') as log:
                return subprocess.run(line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=patience,
                                      env={'PATH': '%s:%s' % (self.pod.hub.programs, os.environ['PATH'])}).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False

    def probe(self):
        probe = self.spec.get('readinessProbe')
        if not probe:
            return
        patience = probe.get('timeoutSeconds', 1)
        if 'exec' in probe:
            self.ready = self.run_inside(probe['exec']['command'], patience)
            return
        # What a kubelet calls HTTPS is any certificate.
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        try:
            with self.pod.connect(probe['httpGet']['port']) as raw:
                raw.settimeout(patience)
                with trust.wrap_socket(raw) if probe['httpGet'].get('scheme') == 'HTTPS' else raw as link:
                    link.sendall(('GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' % (
                        probe['httpGet']['path'], self.pod.address)).encode())
                    self.ready = link.recv(12)[9:10] in (b'2', b'3')
        except OSError:
            self.ready = False

    def hook(self, name):
        command = self.spec.get('lifecycle', {}).get(name, {}).get('exec', {}).get('command')
        return not command or self.run_inside(command, 90)

    def signal(self, number):
        try:
            os.kill(child_of(self.process), number)
        except OSError:
            pass


class Pod:
    """A pod that really runs.

    tell(status): what the API server is to hear of it; volumes: folders by the volumes' names.
    """

    def __init__(self, hub, pod, address, files, tell):
        self.hub, self.spec, self.meta, self.address, self.tell = hub, pod['spec'], pod['metadata'], address, tell
        self.folder = hub.folder / self.meta['uid']
        self.volumes = {}
        self.containers = [Container(self, c) for c in self.spec['containers']]
        self.process, self.pid, self.ending, self.begun, self.said = None, None, threading.Event(), time.time(), None
        self.relays = []
        for volume in self.spec.get('volumes', []):
            self.volumes[volume['name']] = self.lay(volume, files(volume))
        threading.Thread(target=self.live, daemon=True).start()

    def lay(self, volume, files):
        if isinstance(files, str):
            folder = pathlib.Path(files)
            folder.mkdir(parents=True, exist_ok=True)
            return folder
        folder = self.folder / 'volumes' / volume['name']
        folder.mkdir(parents=True)
        for name, data in (files or {}).items():
            (folder / name).write_bytes(data)
        return folder

    def value(self, variable):
        if 'value' in variable or 'valueFrom' not in variable:
            return variable.get('value', '')
        return {'spec.nodeName': self.spec['nodeName'], 'metadata.name': self.meta['name'], 'metadata.namespace': self.meta['namespace'],
                'status.podIP': self.address, 'status.hostIP': '127.0.0.1', 'metadata.uid': self.meta['uid'],
                'spec.serviceAccountName': self.spec.get('serviceAccountName', 'default')}[variable['valueFrom']['fieldRef']['fieldPath']]

    # ---------------------------------------------------------------- life

    def live(self):
        try:
            self.process = subprocess.Popen(['unshare', '--net', '--ipc', '--uts', '--pid', '--fork', '--kill-child', 'sh', '-c',
                                             'hostname "$1" && exec sleep infinity', 'sh', self.meta['name']], start_new_session=True)
            self.pid = child_of(self.process)
            self.hub.attach(self.pid, self.address)
            service = '%s.%s.svc.cluster.local' % (self.spec.get('subdomain', ''), self.meta['namespace'])
            self.hub.name(self.address, '%s.%s %s %s' % (self.meta['name'], service, self.meta['name'], service))
            self.lead_to_k2hr3()
            for spec in self.spec.get('initContainers', []):
                first = Container(self, spec)
                while not self.ending.is_set():
                    first.start()
                    if first.process.wait() == 0:
                        break
                    self.ending.wait(5)
            # A hook of one container ends before the next one starts.
            for container in self.containers:
                self.start(container)
            while not self.ending.is_set():
                for container in self.containers:
                    if container.process.poll() is not None:
                        self.say('%s has ended with %s' % (container.name, container.process.returncode))
                        container.restarts += 1
                        self.ending.wait(2)
                        self.start(container)
                    container.probe()
                self.report()
                self.ending.wait(2)
        except (OSError, subprocess.SubprocessError, KeyError) as e:
            self.say(repr(e))

    def start(self, container):
        while not self.ending.is_set():
            container.start()
            if container.hook('postStart'):
                return
            self.say('the hook of %s fails' % container.name)
            container.signal(signal.SIGKILL)
            container.process.wait()
            container.restarts += 1
            self.ending.wait(5)

    def report(self):
        state = [(c.name, c.ready, c.restarts) for c in self.containers]
        if state != self.said and not self.ending.is_set():
            try:
                self.tell(state)
                self.said = state
            except (OSError, http.client.HTTPException) as e:
                # An API server that is started again, or has closed a connection that was idle: the next look tells it.
                self.say(repr(e))

    def stop(self, grace):
        """Ends the pod as a kubelet does: hooks, a request, and after the grace period no request. Returns when nothing of it is left."""
        self.ending.set()
        running = [c for c in self.containers if c.process and c.process.poll() is None]
        hooks = [threading.Thread(target=c.hook, args=('preStop',)) for c in running] if grace > 0 else []
        for hook in hooks:
            hook.start()
        end = time.monotonic() + grace
        for hook in hooks:
            hook.join(max(0, end - time.monotonic()))
        for container in running:
            container.signal(signal.SIGTERM)
        while time.monotonic() < end and any(c.process.poll() is None for c in running):
            time.sleep(0.1)
        for relay in self.relays:
            relay.close()
        if self.process:
            self.process.kill()
            self.process.wait()
        for container in running:
            container.process.wait()
        self.hub.name(self.address, None)

    def say(self, text):
        print(time.strftime('%H:%M:%S'), self.meta['name'], text, flush=True)

    # ---------------------------------------------------------------- network

    def connect(self, port):
        """A connection to a port of the pod's own loopback."""
        found = socket_in(self.pid)
        found.settimeout(10)
        try:
            found.connect(('127.0.0.1', port))
        except OSError:
            found.close()
            raise
        found.settimeout(None)
        return found

    def lead_to_k2hr3(self):
        for name in {self.value(e) for c in self.spec.get('initContainers', []) for e in c.get('env', []) if e['name'] == 'K2HR3_API_URL'}:
            url = urllib.parse.urlsplit(name)
            if url.scheme != 'http' or url.hostname not in ('127.0.0.1', 'localhost'):
                continue
            port = url.port or 80
            relay = listener_in(self.pid, '127.0.0.1', port)
            self.relays.append(relay)
            threading.Thread(target=accept, args=(relay, lambda near: self.pass_on(near, port)), daemon=True).start()

    def pass_on(self, near, port):
        # One request a connection: the pod's curl asks for no more.
        with near:
            head = b''
            while b'\r\n\r\n' not in head:
                data = near.recv(65536)
                if not data:
                    return
                head += data
            first, rest = head.split(b'\r\n', 1)
            more = 'X-Forwarded-For: %s\r\nConnection: close\r\n' % self.address
            try:
                with socket.create_connection(('127.0.0.1', port), 10) as far:
                    far.sendall(first + b'\r\n' + more.encode() + rest)
                    threading.Thread(target=pump, args=(near, far), daemon=True).start()
                    pump(far, near)
            except OSError as e:
                self.say('K2HR3: %r' % e)


def decoded(data):
    return {k: base64.b64decode(v) for k, v in (data or {}).items()}
