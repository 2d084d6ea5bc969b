"""The cluster strategy of the datastore "k2hdkc": the packaged Cassandra one, whose grow() lags behind its caller."""
from trove.common.strategies.cluster.experimental.cassandra import api


class Cluster(api.CassandraCluster):
    def grow(self, instances, image_id=None):
        return super().grow(instances)


class ApiStrategy(api.CassandraAPIStrategy):
    @property
    def cluster_class(self):
        return Cluster
