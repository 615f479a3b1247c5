// Makes the replica set and its users, or brings their passwords and roles up to date; run again, it changes nothing.
// Where it can read the replica set's key, it needs no administrator's password, and sets that as well.

const key = process.env.KEY_FILE;
const tls = process.env.CA_FILE ? `&tls=true&tlsCAFile=${encodeURIComponent(process.env.CA_FILE)}` : '';
const [name, password, source] = key
    ? ['__system', require('fs').readFileSync(key, 'ascii').replace(/\s/g, ''), 'local']
    : ['root', process.env.ROOT_PASSWORD, 'admin'];
const admin = connect(`mongodb://${name}:${encodeURIComponent(password)}@mongodb:27017/admin`
    + `?directConnection=true&authSource=${source}${tls}`);

try {
    admin.adminCommand({replSetGetStatus: 1});
} catch (e) {
    if (e.codeName !== 'NotYetInitialized') {
        throw e;
    }
    admin.adminCommand({replSetInitiate: {_id: 'charla', members: [{_id: 0, host: 'mongodb:27017'}]}});
}
while (!admin.hello().isWritablePrimary) {
    sleep(100);
}

function user(name, password, roles) {
    if (admin.getUser(name)) {
        admin.updateUser(name, {pwd: password, roles: roles});
    } else {
        admin.createUser({user: name, pwd: password, roles: roles});
    }
}
if (key) {
    user('root', process.env.ROOT_PASSWORD, ['root']);
}
user('charla-sink', process.env.SINK_PASSWORD, [{role: 'readWrite', db: 'chat'}]);
user('charla-client', process.env.CLIENT_PASSWORD, [{role: 'read', db: 'chat'}]);
