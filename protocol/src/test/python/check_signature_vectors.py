"""Checks docs/signature-vectors.json by the contract alone, with the package cryptography. Usage: FILE"""
import base64
import hashlib
import json
import re
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def text_of(key):
    return 'ed25519:' + base64.urlsafe_b64encode(key).decode().rstrip('=')


def key_of(text):
    """The 32 bytes, or None where they are no key."""
    if not re.fullmatch('ed25519:[A-Za-z0-9_-]{43}', text):
        return None
    key = base64.urlsafe_b64decode(text[8:] + '=')
    return key if text_of(key) == text and is_strong_point(key) else None


def is_strong_point(key):
    number = int.from_bytes(key, 'little')
    y, sign = number & (2**255 - 1), number >> 255
    if y >= P:
        return False
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    if xx == 0 and sign or xx != 0 and pow(xx, (P - 1) // 2, P) != 1:
        return False
    for _ in range(3):  # x² and y² of twice the point: after three times, one of small order is (0, 1)
        yy = y * y % P
        y = (yy + xx) * pow(2 + xx - yy, -1, P) % P
        xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    return y != 1


def signed_bytes(realm, topic, record_key, signed_at, value):
    parts = [part.encode() for part in (realm, topic, record_key)]
    return (b'charla-signature-v1\0' + b''.join(struct.pack('>H', len(part)) + part for part in parts)
            + struct.pack('>q', signed_at) + value.encode())


def parse(header):
    """Key id, time and signature, or None."""
    return struct.unpack('>8sq64s', header[1:]) if len(header) == 81 and header[0] == 1 else None


def holds(case):
    key = key_of(case['key'])
    key_id, signed_at, signature = parse(bytes.fromhex(case['header']))
    signed = signed_bytes(case['realm'], case['topic'], case['recordKey'], signed_at, case['value'])
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return hashlib.sha256(key).digest()[:8] == key_id


with open(sys.argv[1], encoding='utf-8') as file:
    vectors = json.load(file)

seeds = {}
for each in vectors['keys']:
    seed = bytes.fromhex(each['seed'])
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    seeds[each['key']] = seed
    blob = struct.pack('>I11sI', 11, b'ssh-ed25519', len(key)) + key
    fingerprint = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip('=')
    assert key_of(each['key']) == key, each
    assert hashlib.sha256(key).hexdigest()[:16] == each['id'], each
    assert 'SHA256:' + fingerprint == each['fingerprint'], each
for each in vectors['invalidKeys']:
    assert key_of(each['key']) is None, each
for each in vectors['invalidHeaders']:
    assert parse(bytes.fromhex(each['header'])) is None, each
for each in vectors['signatures']:
    assert holds(each) == each['holds'], each
    if each['holds']:
        _, at, made = parse(bytes.fromhex(each['header']))
        again = signed_bytes(each['realm'], each['topic'], each['recordKey'], at, each['value'])
        assert Ed25519PrivateKey.from_private_bytes(seeds[each['key']]).sign(again) == made, each
print(len(vectors['keys']), 'keys,', len(vectors['invalidKeys']), 'invalid keys,', len(vectors['signatures']),
      'signatures,', len(vectors['invalidHeaders']), 'invalid headers')
