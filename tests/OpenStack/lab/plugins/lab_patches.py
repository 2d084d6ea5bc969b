"""What the packaged programs need to run on SQLite, without a message broker, on Python 3.11."""
import collections
import inspect

if not hasattr(inspect, 'getargspec'):  # gone from Python 3.11; Trove 18 still asks for it
    _Spec = collections.namedtuple('ArgSpec', 'args varargs keywords defaults')
    inspect.getargspec = lambda function: _Spec(*inspect.getfullargspec(function)[:4])

from oslo_db.sqlalchemy import engines  # noqa: E402

# A green thread that yields inside a write transaction blocks every other one of a process on SQLite.
engines._thread_yield = lambda *args, **kw: None


def copy_messages():
    """The in-memory bus hands over the sender's own objects, which Trove's receivers take apart: hand over copies."""
    from oslo_messaging._drivers import impl_fake
    from oslo_serialization import jsonutils

    def copy(value):
        return jsonutils.loads(jsonutils.dumps(value))

    deliver = impl_fake.FakeExchange.deliver_message
    impl_fake.FakeExchange.deliver_message = lambda self, topic, context, message, **kw: deliver(
        self, topic, copy(context), copy(message), **kw)
