#!/usr/bin/python3
"""A small real Kubernetes on loopback, for the suites beside this folder.

    lab.py up       start what is down; safe to repeat
    lab.py restart  end the API server and start it again, as when it is upgraded
    lab.py down     stop what `up` started, by process id
    lab.py wipe     down, and forget all data and keys

KUBERNETES_LAB_HOME       where programs, data, keys and logs live   (default: ~/.cache/k2hdkcdbaas/kubernetes)
KUBERNETES_LAB_BASE_PORT  the API server's port; four follow it       (default: 16443)

etcd, kube-apiserver and kube-controller-manager are the real programs; the last two come from ../build. In place of a scheduler
and kubelets there is kubelet.py.
"""
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
HOME = pathlib.Path(os.environ.get('KUBERNETES_LAB_HOME') or pathlib.Path.home() / '.cache/k2hdkcdbaas/kubernetes')
BASE = int(os.environ.get('KUBERNETES_LAB_BASE_PORT', '16443'))
API, MANAGER, ETCD, PEER, KUBELET = range(BASE, BASE + 5)
BIN, KEYS = HOME / 'bin', HOME / 'keys'
SKIPPED = 3  # exit status: what is needed is not here, which is no failure of ours
STARTED = time.monotonic()

# Name of the certificate: subject, use, alternative names.
CERTIFICATES = {
    'server': ('/CN=kube-apiserver', 'serverAuth', 'DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1'),
    'owner': ('/O=system:masters/CN=owner', 'clientAuth', ''),
    'manager': ('/CN=system:kube-controller-manager', 'clientAuth', ''),
}
# Whoever comes with a token: the user and the group.
TOKENS = {'token': ('token-owner', 'system:masters'), 'nobody': ('nobody', 'lab-users')}


def say(text):
    print('[%5.1fs] %s' % (time.monotonic() - STARTED, text), flush=True)


def fail(text, status=1):
    print('lab: ' + text, file=sys.stderr)
    sys.exit(status)


def check():
    for program in ('kube-apiserver', 'kube-controller-manager'):
        if not os.access(BIN / program, os.X_OK):
            fail('skipped: no %s is built here (%s); tests/Kubernetes/build makes it' % (program, BIN), SKIPPED)
    if not shutil.which('openssl'):
        fail('skipped: there is no openssl on this machine', SKIPPED)
    if shutil.which('etcd'):
        return
    if not shutil.which('apt-get') or os.geteuid() != 0:
        fail('skipped: needs etcd, or Debian and root to install it', SKIPPED)
    say('installing etcd')
    install = ['apt-get', '-q', 'install', '-y', '--no-install-recommends', 'etcd-server']
    with open(HOME / 'log/apt.log', 'ab') as log:
        def apt(args):
            return subprocess.run(args, stdout=log, stderr=log, env=dict(os.environ, DEBIAN_FRONTEND='noninteractive')).returncode == 0
        if not apt(install) and not (apt(['apt-get', '-q', 'update']) and apt(install)):
            fail('skipped: etcd cannot be installed here (see %s)' % (HOME / 'log/apt.log'), SKIPPED)


# ------------------------------------------------------------------ keys

def openssl(*args):
    subprocess.run(['openssl', *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificate(name, subject, extensions, authority=None):
    crt, key = KEYS / (name + '.crt'), KEYS / (name + '.key')
    if crt.exists():
        return
    more = ['-CA', str(authority) + '.crt', '-CAkey', str(authority) + '.key'] if authority else []
    for extension in extensions:
        more += ['-addext', extension]
    half = crt.with_suffix('.half')
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '365', '-subj', subject,
            '-keyout', str(key), '-out', str(half), *more)
    half.rename(crt)


def make_keys():
    certificate('ca', '/CN=lab-ca', ['keyUsage=critical,keyCertSign,cRLSign'])
    for name, (subject, use, names) in CERTIFICATES.items():
        extensions = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=' + use]
        certificate(name, subject, extensions + (['subjectAltName=' + names] if names else []), KEYS / 'ca')
    if not (KEYS / 'accounts.pub').exists():
        openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', str(KEYS / 'accounts.key'))
        openssl('ec', '-in', str(KEYS / 'accounts.key'), '-pubout', '-out', str(KEYS / 'accounts.pub'))
    for name in TOKENS:
        path = KEYS / (name + '.token')
        if not path.exists():
            path.write_text(os.urandom(20).hex())
    (KEYS / 'tokens.csv').write_text(''.join(
        '%s,%s,%s,%s\n' % ((KEYS / (name + '.token')).read_text(), user, user, group) for name, (user, group) in TOKENS.items()))


def kubeconfig(path, contexts):
    """contexts: name and the lines of its user; the first is the current one."""
    lines = ['apiVersion: v1', 'kind: Config', 'current-context: ' + contexts[0][0], 'clusters:', '- name: lab', '  cluster:',
             '    server: https://127.0.0.1:%d' % API, '    certificate-authority: %s' % (KEYS / 'ca.crt'), 'contexts:']
    for name, _ in contexts:
        lines += ['- name: ' + name, '  context: {cluster: lab, user: %s}' % name]
    lines.append('users:')
    for name, user in contexts:
        lines += ['- name: ' + name, '  user:'] + ['    ' + line for line in user]
    path.touch(mode=0o600)
    path.write_text('\n'.join(lines) + '\n')


def by_certificate(name):
    return ['client-certificate: %s' % (KEYS / (name + '.crt')), 'client-key: %s' % (KEYS / (name + '.key'))]


def configure():
    kubeconfig(HOME / 'kubeconfig', [('owner', by_certificate('owner'))]
               + [(name, ['token: ' + (KEYS / (name + '.token')).read_text()]) for name in TOKENS])
    kubeconfig(KEYS / 'manager.conf', [('manager', by_certificate('manager'))])


# ------------------------------------------------------------------ processes

def pid_of(name):
    """The process that `up` started under a name; None when it is gone, and the number belongs to another."""
    try:
        pid = int((HOME / 'run' / name).read_text())
        return pid if name.encode() in pathlib.Path('/proc/%d/cmdline' % pid).read_bytes() else None
    except (OSError, ValueError):
        return None


def start(name, *argv):
    if pid_of(name):
        return
    with open(HOME / 'log' / (name + '.log'), 'ab') as log:
        process = subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    # In its first moment a program has no command line, and would be taken for one that is gone.
    while process.poll() is None and not pathlib.Path('/proc/%d/cmdline' % process.pid).read_bytes():
        time.sleep(0.01)
    (HOME / 'run' / name).write_text(str(process.pid))


def answers(url, context=None):
    try:
        with urllib.request.urlopen(url, timeout=5, context=context) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def wait_for(name, holds, patience=120):
    end = time.monotonic() + patience
    while not holds():
        if not pid_of(name) or time.monotonic() > end:
            tail = (HOME / 'log' / (name + '.log')).read_text(errors='replace').splitlines()[-15:]
            fail('%s does not come up:\n%s' % (name, '\n'.join(tail)))
        time.sleep(0.2)
    say(name + ' is up')


def start_api():
    """Starts the API server; how its owner speaks to it."""
    etcd = 'http://127.0.0.1:%d' % ETCD
    start('kube-apiserver', BIN / 'kube-apiserver', '--etcd-servers=' + etcd, '--bind-address=127.0.0.1', '--secure-port=%d' % API,
          '--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none', '--authorization-mode=RBAC',
          '--service-cluster-ip-range=10.96.0.0/16', '--client-ca-file=%s' % (KEYS / 'ca.crt'),
          '--token-auth-file=%s' % (KEYS / 'tokens.csv'), '--tls-cert-file=%s' % (KEYS / 'server.crt'),
          '--tls-private-key-file=%s' % (KEYS / 'server.key'), '--service-account-issuer=https://kubernetes.default.svc',
          '--service-account-key-file=%s' % (KEYS / 'accounts.pub'), '--service-account-signing-key-file=%s' % (KEYS / 'accounts.key'),
          '--profiling=false', '--v=1')
    trust = ssl.create_default_context(cafile=str(KEYS / 'ca.crt'))
    trust.load_cert_chain(KEYS / 'owner.crt', KEYS / 'owner.key')
    wait_for('kube-apiserver', lambda: answers('https://127.0.0.1:%d/readyz' % API, trust))
    return trust


def up():
    for folder in ('log', 'run', 'keys', 'etcd'):
        (HOME / folder).mkdir(parents=True, exist_ok=True)
    KEYS.chmod(0o700)
    check()
    make_keys()
    configure()
    etcd = 'http://127.0.0.1:%d' % ETCD
    peer = 'http://127.0.0.1:%d' % PEER
    start('etcd', 'etcd', '--name', 'lab', '--data-dir', HOME / 'etcd', '--listen-client-urls', etcd, '--advertise-client-urls', etcd,
          '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', 'lab=' + peer,
          '--unsafe-no-fsync', '--logger', 'zap', '--log-level', 'warn')
    wait_for('etcd', lambda: answers(etcd + '/health'))
    trust = start_api()
    # Old releases also listen without TLS, unless they are told not to; new ones do not know the option.
    knows = subprocess.run([BIN / 'kube-controller-manager', '--help'], capture_output=True, text=True).stdout
    start('kube-controller-manager', BIN / 'kube-controller-manager', '--bind-address=127.0.0.1', '--secure-port=%d' % MANAGER,
          *(['--port=0'] if '--port int' in knows else []), '--kubeconfig=%s' % (KEYS / 'manager.conf'), '--leader-elect=false',
          '--root-ca-file=%s' % (KEYS / 'ca.crt'),
          '--service-account-private-key-file=%s' % (KEYS / 'accounts.key'), '--use-service-account-credentials=true', '--v=1')
    start('kubelet.py', sys.executable, HERE / 'kubelet.py', 'https://127.0.0.1:%d' % API, KEYS, KUBELET, HOME / 'pods')
    account = 'https://127.0.0.1:%d/api/v1/namespaces/default/serviceaccounts/default' % API
    wait_for('kube-controller-manager', lambda: answers(account, trust))
    node = 'https://127.0.0.1:%d/api/v1/nodes/lab-1' % API
    wait_for('kubelet.py', lambda: answers(node, trust))
    print('KUBECONFIG=%s' % (HOME / 'kubeconfig'), flush=True)


def stop(name):
    for sign in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        pid = pid_of(name)
        if not pid:
            break
        # A second request to end cuts short what the API server still has open.
        os.kill(pid, sign)
        end = time.monotonic() + 5
        while pid_of(name) and time.monotonic() < end:
            time.sleep(0.05)
    (HOME / 'run' / name).unlink(missing_ok=True)


def down():
    for name in ('kubelet.py', 'kube-controller-manager', 'kube-apiserver', 'etcd'):
        stop(name)


def main():
    verb = sys.argv[1] if len(sys.argv) == 2 else ''
    if verb == 'up':
        up()
    elif verb == 'restart':
        stop('kube-apiserver')
        start_api()
    elif verb == 'down':
        down()
    elif verb == 'wipe':
        down()
        for folder in ('etcd', 'keys', 'log', 'pods'):
            shutil.rmtree(HOME / folder, ignore_errors=True)
    else:
        fail(__doc__, 2)


if __name__ == '__main__':
    main()
