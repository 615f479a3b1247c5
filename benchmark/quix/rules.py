"""The rules that a raw record is judged by on its own, as the contract has them: the first that fails names the refusal."""

import json
import re
import unicodedata
from functools import lru_cache

MAX_RECORD_BYTES = 64 * 1024
MAX_TEXT_LENGTH = 4_000
MAX_NAME_LENGTH = 64
MAX_CLOCK_SKEW_MS = 5 * 60 * 1_000
# The beginning of the year 1 and the end of the year 9999, in epoch milliseconds.
EARLIEST_DATE = -62_135_596_800_000
LATEST_DATE = 253_402_300_799_999

_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}").fullmatch
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9-]{0,63}").fullmatch
_SURROGATE = re.compile("[\ud800-\udfff]").search
_NUL_OR_SURROGATE = re.compile("[\0\ud800-\udfff]").search


class Rejected(Exception):
    """A refusal: its code, and one sentence for a person."""

    def __init__(self, code, reason):
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


def judge(key, value, timestamp, partition, partitions):
    """The fields of a record that obeys the rules, ``type`` among them; raises ``Rejected`` for any other."""
    event = _parse(value)
    if key is None or _partition(key, partitions) != partition:
        raise Rejected("WRONG_PARTITION", "The record must be in the partition that murmur2 gives its key.")
    kind = event.setdefault("type", "message")
    if kind not in ("message", "profile", "profile-removal"):
        raise Rejected("UNKNOWN_TYPE", "The type is none of message, profile, profile-removal.")
    _identity(key, event)
    if kind == "message":
        _channel(event.get("channel"))
        _text(event.get("text"))
    elif kind == "profile":
        _display_name(event.get("displayName"))
    _sent_at(event.get("sentAt"), timestamp)
    return event


def _no_field_twice(fields):
    unique = dict(fields)
    if len(unique) != len(fields):
        raise ValueError("a field twice")
    return unique


def _no_constant(name):
    raise ValueError(name + " is not JSON")


# A whole number of any length is JSON; what has more digits than a date has is no date.
_decode = json.JSONDecoder(object_pairs_hook=_no_field_twice, parse_constant=_no_constant,
                           parse_int=lambda digits: int(digits[:20])).decode


def _parse(value):
    if value is None or len(value) > MAX_RECORD_BYTES:
        raise Rejected("MALFORMED", "The record has no value, or more than 64 KiB.")
    try:
        event = _decode(value.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Rejected("MALFORMED", "The record is not a JSON object in UTF-8 that names no field twice.") from None
    if type(event) is not dict:
        raise Rejected("MALFORMED", "The record is not a JSON object.")
    return event


@lru_cache(maxsize=100_000)
def _partition(key, partitions):
    """As Kafka's own clients choose it: murmur2."""
    h = 0x9747B28C ^ len(key)
    end = len(key) & ~3
    for i in range(0, end, 4):
        k = int.from_bytes(key[i:i + 4], "little") * 0x5BD1E995 & 0xFFFFFFFF
        h = h * 0x5BD1E995 & 0xFFFFFFFF ^ ((k ^ k >> 24) * 0x5BD1E995 & 0xFFFFFFFF)
    if end < len(key):
        h = (h ^ int.from_bytes(key[end:], "little")) * 0x5BD1E995 & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0x5BD1E995 & 0xFFFFFFFF
    return ((h ^ h >> 15) & 0x7FFFFFFF) % partitions


def _identity(key, event):
    message_id = event.get("messageId")
    if type(message_id) is not str or not _MESSAGE_ID(message_id):
        raise Rejected("INVALID_MESSAGE_ID", "The messageId must be 1 to 64 of A-Z, a-z, 0-9, _ and -.")
    user_id = event.get("userId")
    if not _is_user_id(user_id):
        raise Rejected("INVALID_USER_ID",
                       "The userId must be 1 to 64 code points without white space, control or format characters.")
    if user_id.encode() != key:
        raise Rejected("KEY_MISMATCH", "The record's key is not the userId.")


def _is_name(name):
    return type(name) is str and 1 <= len(name) <= MAX_NAME_LENGTH and not _SURROGATE(name)


def _has_control_or_format(text):
    return not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Cf") for c in text)


def _is_user_id(user_id):
    return _is_name(user_id) and not _has_control_or_format(user_id) and not any(map(str.isspace, user_id))


def _channel(channel):
    if type(channel) is not str or not _CHANNEL(channel):
        raise Rejected("INVALID_CHANNEL", "The channel must be 1 to 64 of a-z, 0-9 and -, and not start with -.")


def _text(text):
    if type(text) is not str or not text or text.isspace():
        raise Rejected("EMPTY_TEXT", "There is no text, or nothing but white space.")
    if len(text) > MAX_TEXT_LENGTH:
        raise Rejected("TEXT_TOO_LONG", f"The text has {len(text)} code points; at most {MAX_TEXT_LENGTH} are allowed.")
    if _NUL_OR_SURROGATE(text):
        raise Rejected("INVALID_TEXT", "The text holds U+0000 or a lone surrogate.")


def _display_name(name):
    if not _is_name(name) or name.isspace() or _has_control_or_format(name):
        raise Rejected("INVALID_DISPLAY_NAME",
                       "The displayName must be 1 to 64 code points, not blank, without control or format characters.")


def _sent_at(sent_at, timestamp):
    if type(sent_at) is not int or not EARLIEST_DATE <= sent_at <= LATEST_DATE:
        raise Rejected("INVALID_SENT_AT", "The sentAt must be epoch milliseconds of the years 1 to 9999.")
    if sent_at - MAX_CLOCK_SKEW_MS > timestamp:
        raise Rejected("INVALID_SENT_AT", "The sentAt is more than 5 minutes ahead of the record's timestamp.")
