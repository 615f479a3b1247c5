"""Consumer, insert, producer, a message at a time: ``chat.py BOOTSTRAP_SERVERS GROUP MONGODB_URI``."""

import json
import sys

from kafka import KafkaConsumer, KafkaProducer
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError

bootstrap_servers, group, mongodb_uri = sys.argv[1:]

consumer = KafkaConsumer("chat.raw", bootstrap_servers=bootstrap_servers, group_id=group, group_instance_id=group + "-0",
                         session_timeout_ms=6_000, heartbeat_interval_ms=2_000, auto_offset_reset="earliest",
                         enable_auto_commit=False, value_deserializer=json.loads)
producer = KafkaProducer(bootstrap_servers=bootstrap_servers, linger_ms=20, value_serializer=lambda v: json.dumps(v).encode())
database = MongoClient(mongodb_uri).chat
users = database["chat.users"]
display_names = {user["_id"]: user["displayName"] for user in users.find()}


def refuse(record, code, reason):
    producer.send("chat.rejected", record.value, record.key, [
        ("rejection.code", code.encode()), ("rejection.reason", reason.encode()),
        ("rejection.source", f"{record.topic}-{record.partition}@{record.offset}".encode())])


def process(record):
    event = record.value
    user = event["userId"]
    if event["type"] == "profile":
        profile = {"userId": user, "displayName": event["displayName"], "updatedAt": record.timestamp}
        producer.send("chat.users", profile, record.key)
        users.replace_one({"_id": user}, profile, upsert=True)
        display_names[user] = event["displayName"]
    elif not event["text"].strip():
        refuse(record, "EMPTY_TEXT", "There is no text, or nothing but white space.")
    elif user not in display_names:
        refuse(record, "UNKNOWN_USER", "The user has no profile; send one first.")
    else:
        topic = "chat.channel." + event["channel"]
        message_id = user + ":" + event["messageId"]
        message = {"messageId": event["messageId"], "channel": event["channel"],
                   "author": {"userId": user, "displayName": display_names[user]},
                   "text": event["text"], "sentAt": event["sentAt"], "acceptedAt": record.timestamp}
        producer.send(topic, message, message_id.encode())
        try:
            database[topic].insert_one({"_id": message_id, **message})
        except DuplicateKeyError:
            pass


while True:
    for records in consumer.poll(timeout_ms=1_000).values():
        for record in records:
            process(record)
    # Neither a commit of what isn't written yet, nor one for each message.
    producer.flush()
    consumer.commit()
