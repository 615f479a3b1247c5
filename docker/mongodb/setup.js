// Makes the replica set and its users, or brings their passwords and roles up to date; run again, it changes nothing.

const admin = connect(`mongodb://root:${encodeURIComponent(process.env.ROOT_PASSWORD)}@mongodb:27017/admin`
    + '?directConnection=true');

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
user('charla-sink', process.env.SINK_PASSWORD, [{role: 'readWrite', db: 'chat'}]);
user('charla-client', process.env.CLIENT_PASSWORD, [{role: 'read', db: 'chat'}]);
