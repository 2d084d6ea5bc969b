"""Fills the lab over its own HTTP APIs. Everything is looked up before it is made, so it can run again."""
import json
import sys
import time
import urllib.error
import urllib.request

PASSWORD = 'labsecret'
REGION = 'RegionOne'
TYPES = {'keystone': ('identity', '/v3'), 'glance': ('image', ''), 'placement': ('placement', ''),
         'neutron': ('network', ''), 'nova': ('compute', '/v2.1'), 'trove': ('database', '/v1.0/%(tenant_id)s')}


class Cloud:
    def __init__(self, ports, home):
        self.home, self.token = home, None
        self.urls = {name: 'http://127.0.0.1:%d%s' % (ports[name], path) for name, (_, path) in TYPES.items()}
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    # -------------------------------------------------------------- HTTP

    def call(self, method, url, body=None, content='application/json'):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {'Content-Type': content, 'Accept': 'application/json'}, method=method)
        if self.token:
            request.add_header('X-Auth-Token', self.token)
        try:
            with self.opener.open(request, timeout=60) as answer:
                raw = answer.read()
                return (json.loads(raw) if raw[:1] == b'{' else None), answer.headers
        except urllib.error.HTTPError as error:
            sys.exit('seed: %s %s -> %d %s' % (method, url, error.code, error.read()[:500]))

    def get(self, url):
        return self.call('GET', url)[0]

    def log_in(self, user, project):
        self.token = None
        domain = {'id': 'default'}
        body, headers = self.call('POST', self.urls['keystone'] + '/auth/tokens', {'auth': {
            'identity': {'methods': ['password'],
                         'password': {'user': {'name': user, 'domain': domain, 'password': PASSWORD}}},
            'scope': {'project': {'name': project, 'domain': domain}}}})
        self.token = headers['X-Subject-Token']
        return body['token']['user']['id']

    def ensure(self, url, kind, name, **members):
        """The id of the thing of that name, made when there is none."""
        plural = kind + 's'
        for thing in self.get('%s/%s' % (url, plural))[plural]:
            if thing['name'] == name:
                return thing['id']
        return self.call('POST', '%s/%s' % (url, plural), {kind: dict(members, name=name)})[0][kind]['id']

    # -------------------------------------------------------------- accounts

    def account(self, name, project, *roles):
        keystone = self.urls['keystone']
        user = self.ensure(keystone, 'user', name, domain_id='default', password=PASSWORD)
        for role in roles:
            self.call('PUT', '%s/projects/%s/users/%s/roles/%s' % (
                keystone, project, user, self.ensure(keystone, 'role', role)))

    def accounts(self):
        keystone = self.urls['keystone']
        self.log_in('admin', 'admin')
        services = self.ensure(keystone, 'project', 'service', domain_id='default')
        known = {s['name']: s['id'] for s in self.get(keystone + '/services')['services']}
        faces = {(e['service_id'], e['interface']) for e in self.get(keystone + '/endpoints')['endpoints']}
        for name, (kind, _) in TYPES.items():
            if name != 'keystone':
                self.account(name, services, 'admin', 'service')
            service = known.get(name) or self.call(
                'POST', keystone + '/services', {'service': {'name': name, 'type': kind}})[0]['service']['id']
            for face in ('public', 'internal', 'admin'):
                if (service, face) not in faces:
                    self.call('POST', keystone + '/endpoints', {'endpoint': {
                        'service_id': service, 'interface': face, 'url': self.urls[name], 'region_id': REGION}})
        for name in ('demo', 'alt'):
            project = self.ensure(keystone, 'project', name, domain_id='default')
            self.account(name, project, 'member')
            self.account(name + '-reader', project, 'reader')

    # -------------------------------------------------------------- the world

    def wait_for_hypervisor(self):
        self.log_in('admin', 'admin')
        for _ in range(240):
            found = self.get(self.urls['nova'] + '/os-services?binary=nova-compute')['services']
            if any(s['state'] == 'up' for s in found):
                return
            time.sleep(0.25)
        sys.exit('seed: no nova-compute has reported itself')

    def world(self):
        """Flavors, an image, networks and an application credential; answers the image's id."""
        nova, neutron = self.urls['nova'], self.urls['neutron'] + '/v2.0'
        for name, ram, vcpus, disk in (('lab.tiny', 64, 1, 1), ('lab.small', 512, 1, 5), ('lab.huge', 409600, 64, 100)):
            self.ensure(nova, 'flavor', name, ram=ram, vcpus=vcpus, disk=disk)
        self.lift_quotas_of_trove()
        image = self.image()
        outside = self.ensure(neutron, 'network', 'public', **{
            'router:external': True, 'provider:network_type': 'flat', 'provider:physical_network': 'ext'})
        self.ensure(neutron, 'subnet', 'public-v4', network_id=outside, ip_version=4, cidr='198.51.100.0/24',
                    enable_dhcp=False)
        user = self.log_in('demo', 'demo')
        inside = self.ensure(neutron, 'network', 'private')
        subnet = self.ensure(neutron, 'subnet', 'private-v4', network_id=inside, ip_version=4, cidr='10.77.0.0/24')
        if not self.get(neutron + '/routers')['routers']:
            router = self.call('POST', neutron + '/routers', {'router': {
                'name': 'router', 'external_gateway_info': {'network_id': outside}}})[0]['router']['id']
            self.call('PUT', '%s/routers/%s/add_router_interface' % (neutron, router), {'subnet_id': subnet})
        credentials = '%s/users/%s/application_credentials' % (self.urls['keystone'], user)
        if not self.get(credentials)['application_credentials']:
            self.call('POST', credentials, {'application_credential': {
                'name': 'lab-appcred', 'secret': PASSWORD + '-appcred'}})
        self.write_clouds()
        return image

    def lift_quotas_of_trove(self):
        """Trove makes the servers and security groups of all its instances in project service: there they must not run out."""
        projects = self.get(self.urls['keystone'] + '/projects?name=service')['projects']
        self.call('PUT', '%s/os-quota-sets/%s' % (self.urls['nova'], projects[0]['id']),
                  {'quota_set': {'instances': -1, 'cores': -1, 'ram': -1}})
        self.call('PUT', '%s/v2.0/quotas/%s' % (self.urls['neutron'], projects[0]['id']),
                  {'quota': {'security_group': -1, 'security_group_rule': -1}})

    def image(self):
        images = self.urls['glance'] + '/v2/images'
        found = [i for i in self.get(images)['images'] if i['name'] == 'lab-image']
        image = found[0] if found else self.call('POST', images, {
            'name': 'lab-image', 'disk_format': 'raw', 'container_format': 'bare', 'visibility': 'public',
            'min_disk': 1, 'min_ram': 0})[0]
        if image['status'] == 'queued':
            self.call('PUT', '%s/%s/file' % (images, image['id']), b'\0' * 65536, 'application/octet-stream')
        return image['id']

    def write_clouds(self):
        head = '    region_name: %s\n    identity_api_version: 3\n' % REGION
        auth = '    auth:\n      auth_url: %s\n' % self.urls['keystone']
        text = 'clouds:\n'
        for cloud, user, project in (('admin', 'admin', 'admin'), ('demo', 'demo', 'demo'), ('alt', 'alt', 'alt'),
                                     ('demo-reader', 'demo-reader', 'demo')):
            text += ('  %s:\n%s%s      username: %s\n      password: %s\n      project_name: %s\n'
                     '      user_domain_name: Default\n      project_domain_name: Default\n'
                     % (cloud, head, auth, user, PASSWORD, project))
        text += ('  demo-appcred:\n%s    auth_type: v3applicationcredential\n%s      application_credential_name: lab-appcred\n'
                 '      application_credential_secret: %s-appcred\n      username: demo\n      user_domain_name: Default\n'
                 % (head, auth, PASSWORD))
        (self.home / 'clouds.yaml').write_text(text)
