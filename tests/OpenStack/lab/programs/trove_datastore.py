"""Registers the datastores and the parameters of K2HDKC: trove_datastore.py IMAGE PARAMETERS --config-file FILE."""
import sys

import lab_patches  # noqa: F401
import lab_trove  # noqa: F401
from trove.cmd.manage import Commands
from trove.common import cfg

image, parameters = sys.argv[1:3]
cfg.parse_args(['trove-manage', *sys.argv[3:]])
manage = Commands()
# postgresql is there because a datastore that has no clusters must be refused with a clear error.
for name, version in (('k2hdkc', '1.0.14'), ('postgresql', '12.4')):
    manage.datastore_update(name, None)
    manage.datastore_version_update(name, version, name, image, '', 1)
    manage.datastore_update(name, version)
manage.db_load_datastore_config_parameters('k2hdkc', '1.0.14', parameters)
