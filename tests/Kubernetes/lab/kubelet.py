#!/usr/bin/python3
"""Plays the scheduler and the kubelets of the lab: nothing runs in most pods, but the API server hears all that it would hear.

    kubelet.py https://127.0.0.1:PORT FOLDER-WITH-KEYS PORT-OF-ITS-OWN FOLDER-FOR-PODS

It keeps two nodes ready; binds pods, gives them an address, lets them be running and ready, and ends them when they are deleted;
gives claims a volume. A pod waits, as on a real node, for the Secrets and ConfigMaps that it mounts. A pod of a K2HDKC cluster does
what its scripts would do with K2HR3: it registers itself in its role with the role token of its Secret, and leaves the role at its end. The
Jobs of K2HDKC's chart make its part of K2HR3, and remove it.

Annotations of pods: lab/ready: "false" (runs, and is never ready), lab/hold: REASON (never starts), lab/runs: "true" (its containers
really run, see containers.py, and its ports can be forwarded). A namespace may have the last one, for all its pods;
its lab/k2hr3: URL says what answers at K2HR3's Service there.
"""
import base64
import datetime
import http.client
import json
import os
import signal
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import containers
import forward

SERVER, KEYS = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2]
OWN_PORT, PODS = int(sys.argv[3]), sys.argv[4]
NODES = ('lab-1', 'lab-2')
MERGE = 'application/merge-patch+json'
TRUST = ssl.create_default_context(cafile=KEYS + '/ca.crt')
TRUST.load_cert_chain(KEYS + '/owner.crt', KEYS + '/owner.key')

mine = threading.local()  # each thread's own connection
addresses = {}  # of pods, by uid
leaving = {}    # what a pod says to K2HR3 at its end, by uid
running = {}    # pods whose containers run, by uid
hub = None      # the network between them


def call(method, path, body=None, kind='application/json'):
    text = None if body is None else json.dumps(body)
    while True:
        link = getattr(mine, 'link', None)
        used = link is not None
        if not used:
            link = mine.link = http.client.HTTPSConnection(SERVER.hostname, SERVER.port, context=TRUST, timeout=20)
        try:
            link.request(method, path, text, {'Content-Type': kind, 'Accept': 'application/json'})
            answer = link.getresponse()
            said = answer.read()
            return answer.status, json.loads(said) if said.startswith(b'{') else {}
        except (OSError, http.client.HTTPException):
            link.close()
            mine.link = None
            # The API server closes connections that were idle.
            if not used:
                raise


def items(path):
    status, found = call('GET', path)
    return found.get('items', []) if status == 200 else []


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


# ------------------------------------------------------------------ nodes and volumes

def keep_nodes():
    room = {'cpu': '16', 'memory': '64Gi', 'pods': '250'}
    for name in NODES:
        call('POST', '/api/v1/nodes', {'metadata': {'name': name, 'labels': {'kubernetes.io/hostname': name}}})
        call('PATCH', '/api/v1/nodes/%s/status' % name, {'status': {
            'capacity': room, 'allocatable': room, 'addresses': [{'type': 'InternalIP', 'address': '127.0.0.1'}],
            'daemonEndpoints': {'kubeletEndpoint': {'Port': OWN_PORT}},
            'conditions': [{'type': 'Ready', 'status': 'True', 'reason': 'KubeletReady', 'lastHeartbeatTime': now()}]}}, MERGE)
        # The controller taints a node before it has heard from it.
        call('PATCH', '/api/v1/nodes/' + name, {'spec': {'taints': None}}, MERGE)


def give_volumes():
    for claim in items('/api/v1/persistentvolumeclaims'):
        meta, spec = claim['metadata'], claim['spec']
        if claim['status'].get('phase') != 'Pending' or spec.get('volumeName'):
            continue
        call('POST', '/api/v1/persistentvolumes', {'metadata': {'name': 'pv-' + meta['uid']}, 'spec': {
            'capacity': spec['resources']['requests'], 'accessModes': spec['accessModes'], 'persistentVolumeReclaimPolicy': 'Retain',
            'storageClassName': spec.get('storageClassName') or '', 'hostPath': {'path': '/nowhere/' + meta['uid']},
            'claimRef': {'namespace': meta['namespace'], 'name': meta['name'], 'uid': meta['uid']}}})
    for volume in items('/api/v1/persistentvolumes'):
        if volume['status'].get('phase') == 'Released':
            call('DELETE', '/api/v1/persistentvolumes/' + volume['metadata']['name'])


# ------------------------------------------------------------------ K2HR3

def secret_of(pod, mount):
    """The name of the Secret that an init container has at a folder."""
    names = {v['name']: v['secret']['secretName'] for v in pod['spec'].get('volumes', []) if 'secret' in v}
    for container in pod['spec'].get('initContainers', []):
        for entry in container.get('volumeMounts', []):
            if entry['mountPath'] == mount and entry['name'] in names:
                return names[entry['name']]
    return None


def tell(method, url, address, token=None):
    # K2HR3 goes by the address that a request comes from, and takes a proxy's word for it.
    headers = {'X-Forwarded-For': address}
    if token:
        headers['x-auth-token'] = 'R=' + token
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers), timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as e:
        return e.code
    except OSError as e:
        return str(e)


def ask(method, url, token, body=None):
    """One call of K2HR3 with a user's token; its answer. Raises OSError when it is refused."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {'x-auth-token': 'U=' + token, 'Content-Type': 'application/json'}, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def environment(pod, kind):
    said = {e['name']: e.get('value', '') for c in pod['spec'].get(kind, []) for e in c.get('env', [])}
    name = urllib.parse.urlsplit(said.get('K2HR3_API_URL', '')).hostname or ''
    if '.svc.' in name:
        # Nothing answers at a Service here; the namespace says where K2HR3 is.
        service, space = name.split('.')[:2]
        there, _ = call('GET', '/api/v1/namespaces/%s/services/%s' % (space, service))
        notes = call('GET', '/api/v1/namespaces/' + space)[1].get('metadata', {}).get('annotations', {})
        if there == 200 and 'lab/k2hr3' in notes:
            said['K2HR3_API_URL'] = notes['lab/k2hr3']
    return said


def held(pod, kind, name):
    _, found = call('GET', '/api/v1/namespaces/%s/%s/%s' % (pod['metadata']['namespace'], kind, name))
    return found.get('data', {})


def user_token(said, secret):
    """The token of the tenant that the chart's scripts get with that of their Secret."""
    unscoped = base64.b64decode(secret['unscopedToken']).decode().strip()
    return ask('POST', said['K2HR3_API_URL'] + '/v1/user/tokens', unscoped, {'auth': {'tenantName': said['K2HR3_TENANT']}})['token']


def job(pod):
    """What a Job of K2HDKC's chart does; whether it went well."""
    said = environment(pod, 'containers')
    words = [w for c in pod['spec']['containers'] for w in c.get('command', []) + c.get('args', [])]
    removes = any(w.endswith('/dbaas-unsetup-k2hr3-data.sh') for w in words)
    if not removes and not any(w.endswith('/dbaas-setup-k2hr3-data.sh') for w in words):
        return True
    volumes = pod['spec'].get('volumes', [])
    secret = next(v['secret']['secretName'] for v in volumes if v.get('secret', {}).get('secretName', '').endswith('-k2hr3-token'))
    texts = held(pod, 'configmaps', next(v['configMap']['name'] for v in volumes if 'configMap' in v))
    api, name, tenant = said['K2HR3_API_URL'] + '/v1/', said['K2HDKC_CLUSTER_NAME'], said['K2HR3_TENANT']
    try:
        token = user_token(said, held(pod, 'secrets', secret))
        if removes:
            for path in ('role/%s/server', 'role/%s/slave', 'role/%s', 'policy/%s', 'resource/%s/server', 'resource/%s/slave', 'resource/%s'):
                ask('DELETE', api + path % name, token)
            return True
        resources = ['yrn:yahoo:::%s:resource:%s/%s' % (tenant, name, mode) for mode in ('server', 'slave')]
        keys = {'cluster-name': name, 'chmpx-server-port': int(said['K2HDKC_SVR_PORT']),
                'chmpx-server-ctlport': int(said['K2HDKC_SVR_CTLPORT']), 'chmpx-slave-ctlport': int(said['K2HDKC_SLV_CTLPORT'])}
        data = texts[said['K2HDKC_INI_TEMPL_FILE'].rsplit('/', 1)[1]]
        for mark, value in (('K2HR3_TENANT_NAME', tenant), ('K2HDKC_DBAAS_CLUSTER_NAME', name), ('CHMPX_SSL_SETTING', 'SSL = on')):
            data = data.replace('%%' + mark + '%%', value)
        ask('POST', api + 'resource', token, {'resource': {'name': name, 'type': 'string', 'data': data, 'keys': keys}})
        for mode in ('server', 'slave'):
            ask('POST', api + 'resource', token, {'resource': {
                'name': '%s/%s' % (name, mode), 'type': 'string', 'data': '', 'keys': {'chmpx-mode': mode.upper()}}})
        ask('POST', api + 'policy', token, {'policy': {
            'name': name, 'effect': 'allow', 'action': ['yrn:yahoo::::action:read'], 'resource': resources}})
        ask('POST', api + 'role', token, {'role': {'name': name, 'policies': ['yrn:yahoo:::%s:policy:%s' % (tenant, name)]}})
        for mode in ('server', 'slave'):
            ask('POST', api + 'role', token, {'role': {'name': '%s/%s' % (name, mode)}})
        return True
    except (OSError, KeyError) as e:
        print(now(), pod['metadata']['name'], 'fails:', repr(e), flush=True)
        return False


def register(pod, address):
    meta, spec = pod['metadata'], pod['spec']
    said = environment(pod, 'initContainers')
    name = secret_of(pod, '/secret-k2hr3-token')
    if not name or not {'K2HR3_API_URL', 'K2HDKC_MODE'} <= said.keys():
        return
    cluster, mode = said.get('K2HKDC_CLUSTER_NAME') or said.get('K2HDKC_CLUSTER_NAME'), said['K2HDKC_MODE'].lower()
    secret = held(pod, 'secrets', name)
    if 'unscopedToken' in secret:
        path = '/v1/role/token/%s/%s?expire=0' % (cluster, mode)
        token = ask('GET', said['K2HR3_API_URL'] + path, user_token(said, secret))['token']
    else:
        token = base64.b64decode(secret['role-token-' + mode]).decode()
    key = base64.b64encode(json.dumps({
        'k8s_container_id': meta['uid'], 'k8s_k2hr3_rand': os.urandom(16).hex(), 'k8s_namespace': meta['namespace'],
        'k8s_node_ip': '127.0.0.1', 'k8s_node_name': spec['nodeName'], 'k8s_pod_id': meta['uid'], 'k8s_pod_ip': address,
        'k8s_pod_name': meta['name'], 'k8s_service_account': spec.get('serviceAccountName', 'default')}).encode()).decode()
    url = '%s/v1/role/yrn:yahoo:::%s:role:%s/%s?extra=k8s-auto-v1&cuk=%s&tag=%s' % (
        said['K2HR3_API_URL'].rstrip('/'), said.get('K2HR3_TENANT') or meta['namespace'], cluster, mode,
        urllib.parse.quote(key.replace('+', '-').replace('/', '_'), safe=''), meta['name'])
    print(now(), meta['name'], 'registers:', tell('PUT', url, address, token), flush=True)
    leaving[meta['uid']] = url


# ------------------------------------------------------------------ pods

def is_complete(pod):
    for volume in pod['spec'].get('volumes', []):
        for plural, source, key in (('secrets', 'secret', 'secretName'), ('configmaps', 'configMap', 'name')):
            if source in volume and not volume[source].get('optional'):
                if call('GET', '/api/v1/namespaces/%s/%s/%s' % (pod['metadata']['namespace'], plural, volume[source][key]))[0] != 200:
                    return False
        if 'persistentVolumeClaim' in volume:
            _, claim = call('GET', '/api/v1/namespaces/%s/persistentvolumeclaims/%s' % (
                pod['metadata']['namespace'], volume['persistentVolumeClaim']['claimName']))
            if claim.get('status', {}).get('phase') != 'Bound':
                return False
    return True


def new_address(uid):
    taken = set(addresses.values())
    number = next(n for n in range(2, 60000) if '10.244.%d.%d' % divmod(n, 250) not in taken)
    addresses[uid] = '10.244.%d.%d' % divmod(number, 250)
    return addresses[uid]


def begin(pod, path):
    meta = pod['metadata']
    hold = meta.get('annotations', {}).get('lab/hold')
    if hold:
        waiting = {'waiting': {'reason': hold, 'message': 'held by its annotation'}}
        call('PATCH', path + '/status', {'status': {'containerStatuses': [
            {'name': c['name'], 'image': c['image'], 'imageID': '', 'ready': False, 'restartCount': 0, 'state': waiting}
            for c in pod['spec']['containers']]}}, MERGE)
        return
    if meta['uid'] in running or not is_complete(pod):
        return
    if pod['spec'].get('restartPolicy') != 'Always':
        call('PATCH', path + '/status', {'status': {'phase': 'Succeeded' if job(pod) else 'Failed', 'startTime': now()}}, MERGE)
        return
    address = new_address(meta['uid'])
    space = call('GET', '/api/v1/namespaces/' + meta['namespace'])[1].get('metadata', {})
    if any(m.get('annotations', {}).get('lab/runs') == 'true' for m in (meta, space)):
        run(pod, path, address)
        return
    register(pod, address)
    ready = meta.get('annotations', {}).get('lab/ready') != 'false'
    report(pod, path, address, [(c['name'], ready, 0) for c in pod['spec']['containers']])


def report(pod, path, address, state):
    """Says how a running pod is: of each container its name, whether it is ready, and how often it was started again."""
    images = {c['name']: c['image'] for c in pod['spec']['containers']}
    word = 'True' if all(ready for _, ready, _ in state) else 'False'
    call('PATCH', path + '/status', {'status': {
        'phase': 'Running', 'hostIP': '127.0.0.1', 'podIP': address, 'podIPs': [{'ip': address}], 'startTime': now(),
        'conditions': [{'type': t, 'status': w, 'lastTransitionTime': now()} for t, w in (
            ('PodScheduled', 'True'), ('Initialized', 'True'), ('ContainersReady', word), ('Ready', word))],
        'containerStatuses': [{'name': name, 'image': images[name], 'imageID': images[name], 'ready': ready, 'started': True,
                               'restartCount': count, 'state': {'running': {'startedAt': now()}}} for name, ready, count in state]}}, MERGE)


def projected(pod, source):
    """The files that one source gives: of the account's token, its authority, and the namespace's name."""
    meta = pod['metadata']
    if 'serviceAccountToken' in source:
        account = '/api/v1/namespaces/%s/serviceaccounts/%s/token' % (meta['namespace'], pod['spec'].get('serviceAccountName', 'default'))
        _, made = call('POST', account, {'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenRequest', 'spec': {
            'audiences': [], 'expirationSeconds': source['serviceAccountToken'].get('expirationSeconds', 3600),
            'boundObjectRef': {'apiVersion': 'v1', 'kind': 'Pod', 'name': meta['name'], 'uid': meta['uid']}}})
        return {source['serviceAccountToken']['path']: made['status']['token'].encode()}
    if 'configMap' in source:
        held_there = held(pod, 'configmaps', source['configMap']['name'])
        return {i['path']: held_there[i['key']].encode() for i in source['configMap']['items']}
    return {i['path']: meta['namespace'].encode() for i in source.get('downwardAPI', {}).get('items', [])
            if i['fieldRef']['fieldPath'] == 'metadata.namespace'}


def run(pod, path, address):
    global hub
    lacks = containers.missing()
    if lacks:
        raise ValueError('%s asks for containers that run, and there is no %s here' % (pod['metadata']['name'], lacks))
    hub = hub or containers.Hub(PODS, (SERVER.hostname, SERVER.port))

    def files(volume):
        if 'projected' in volume:
            found = {}
            for source in volume['projected']['sources']:
                found.update(projected(pod, source))
            return found
        if 'secret' in volume:
            return containers.decoded(held(pod, 'secrets', volume['secret']['secretName']))
        if 'configMap' in volume:
            return {k: v.encode() for k, v in held(pod, 'configmaps', volume['configMap']['name']).items()}
        if 'persistentVolumeClaim' in volume:
            _, claim = call('GET', '/api/v1/namespaces/%s/persistentvolumeclaims/%s' % (
                pod['metadata']['namespace'], volume['persistentVolumeClaim']['claimName']))
            return '%s/claims/%s' % (PODS, claim['metadata']['uid'])
        return None

    running[pod['metadata']['uid']] = containers.Pod(hub, pod, address, files, lambda state: report(pod, path, address, state))


def find(namespace, name):
    return next((p for p in list(running.values()) if (p.meta['namespace'], p.meta['name']) == (namespace, name)), None)


def finish(pod, path, life):
    life.stop(pod['metadata'].get('deletionGracePeriodSeconds', 0))
    call('DELETE', path, {'gracePeriodSeconds': 0, 'preconditions': {'uid': pod['metadata']['uid']}})
    running.pop(pod['metadata']['uid'], None)


def end(pod, path):
    meta = pod['metadata']
    life = running.get(meta['uid'])
    if life:
        if not life.ending.is_set():
            life.ending.set()
            threading.Thread(target=finish, args=(pod, path, life), daemon=True).start()
        return
    url = leaving.pop(meta['uid'], None)
    if url and meta.get('deletionGracePeriodSeconds', 0) > 0:
        print(now(), meta['name'], 'leaves:', tell('DELETE', url, addresses[meta['uid']]), flush=True)
    call('DELETE', path, {'gracePeriodSeconds': 0, 'preconditions': {'uid': meta['uid']}})


def look_at_pods():
    there = set()
    for number, pod in enumerate(items('/api/v1/pods')):
        meta = pod['metadata']
        there.add(meta['uid'])
        path = '/api/v1/namespaces/%s/pods/%s' % (meta['namespace'], meta['name'])
        if meta.get('deletionTimestamp'):
            end(pod, path)
        elif not pod['spec'].get('nodeName'):
            call('POST', path + '/binding', {'metadata': {'name': meta['name'], 'uid': meta['uid']},
                                             'target': {'kind': 'Node', 'name': NODES[number % len(NODES)]}})
        elif pod['status'].get('phase') == 'Pending':
            begin(pod, path)
    for uid in set(addresses) - there - set(running):
        del addresses[uid]
        leaving.pop(uid, None)


def leave(*_):
    for life in list(running.values()):
        if life.process:
            life.process.kill()
    if hub:
        hub.process.kill()
    os._exit(0)


def main():
    signal.signal(signal.SIGTERM, leave)
    forward.serve(OWN_PORT, KEYS + '/server.crt', KEYS + '/server.key', find)
    beat = 0
    while True:
        try:
            if time.monotonic() - beat > 8 or not beat:
                keep_nodes()
                beat = time.monotonic()
            give_volumes()
            look_at_pods()
        except (OSError, http.client.HTTPException, ValueError, KeyError) as e:
            print(now(), 'tries again after', repr(e), flush=True)
        time.sleep(0.2)


main()
