"""The chat as a Quix Streams application: ``chat.py BOOTSTRAP_SERVERS GROUP STATE_FOLDER COMMIT_INTERVAL_SECONDS``."""

import sys
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

import orjson
from quixstreams import Application, message_context
from quixstreams.models import Serializer, Topic

from rules import Rejected, judge

WINDOW = timedelta(hours=1)
# In a user's state, beside the ids that were accepted; no id of a message has a colon.
DISPLAY_NAME = ":displayName"

bootstrap_servers, group, state_folder = sys.argv[1:4]
commit_interval = float(sys.argv[4])


class Written(NamedTuple):
    """A record of one of the topics; a value that is None removes."""

    topic: str
    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]


class ItsValue(Serializer):
    def __call__(self, written, ctx):
        return written.value


app = Application(
    broker_address=bootstrap_servers,
    consumer_group=group,
    auto_offset_reset="earliest",
    processing_guarantee="exactly-once",
    state_dir=state_folder,
    commit_interval=commit_interval,
    # While it waits for a message, it doesn't commit what came before.
    consumer_poll_timeout=commit_interval / 2,
    # Known again after a kill, it need not wait for its predecessor's session or transaction to end.
    consumer_extra_config={"group.instance.id": group + "-0", "session.timeout.ms": 6_000},
    producer_extra_config={"transactional.id": group + "-0", "transaction.timeout.ms": 10_000,
                           "linger.ms": 20, "queue.buffering.max.messages": 1_000_000},
)
raw = app.topic("chat.raw", key_deserializer="bytes", value_deserializer="bytes")
partitions = raw.broker_config.num_partitions


# All are there: asking the broker about each would be Application.topic.
@lru_cache(maxsize=None)
def topic(name):
    return Topic(name, key_serializer="bytes", value_serializer=ItsValue())


def process(value, key, timestamp, headers, state):
    """What becomes of an event of one user; None of a duplicate."""
    place = message_context()
    try:
        event = judge(key, value, timestamp, place.partition, partitions)
        message_id = event["messageId"]
        if state.exists(message_id):
            return None
        written = accept(event, key, timestamp, state)
        state.set_bytes(message_id, b"", ttl=WINDOW)
        return written
    except Rejected as refusal:
        return Written("chat.rejected", key, value, [
            ("rejection.code", refusal.code.encode()), ("rejection.reason", refusal.reason.encode()),
            ("rejection.source", f"{place.topic}-{place.partition}@{place.offset}".encode())])


def accept(event, key, timestamp, state):
    user_id = event["userId"]
    if event["type"] == "message":
        display_name = state.get(DISPLAY_NAME)
        if display_name is None:
            raise Rejected("UNKNOWN_USER", "The user has no profile; send one first.")
        message_id, channel = event["messageId"], event["channel"]
        return Written("chat.channel." + channel, f"{user_id}:{message_id}".encode(), orjson.dumps({
            "messageId": message_id, "channel": channel, "author": {"userId": user_id, "displayName": display_name},
            "text": event["text"], "sentAt": event["sentAt"], "acceptedAt": timestamp}), [])
    if event["type"] == "profile":
        state.set(DISPLAY_NAME, event["displayName"])
        return Written("chat.users", key, orjson.dumps(
            {"userId": user_id, "displayName": event["displayName"], "updatedAt": timestamp}), [])
    state.delete(DISPLAY_NAME)
    return Written("chat.users", key, None, [])


app.dataframe(raw) \
    .apply(process, stateful=True, metadata=True) \
    .filter(lambda written: written is not None) \
    .set_headers(lambda written, key, timestamp, headers: written.headers) \
    .to_topic(lambda written, key, timestamp, headers: topic(written.topic), key=lambda written: written.key)
app.run()
