"""Makes Neutron's tables from its models: its migrations alter constraints, which SQLite cannot do."""
import os
import sys

from neutron.db.migration.models import head  # noqa: F401 (registers the models)
from neutron_lib.db import model_base
from sqlalchemy import create_engine

model_base.BASEV2.metadata.create_all(create_engine(sys.argv[1]))
os._exit(0)
