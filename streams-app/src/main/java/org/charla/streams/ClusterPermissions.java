package org.charla.streams;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.charla.protocol.ClosedKafka;

/**
 * What a file says of who may do what, brought to a cluster: afterwards it holds these permissions and no others. Run
 * again, it changes nothing. A line is {@code PRINCIPAL OPERATION[,OPERATION…] topic|group|transactional-id NAME}, where a
 * name that ends with * is a prefix, and * alone stands for all.
 */
public final class ClusterPermissions {

    /** What Kafka takes at least, and all that a random password needs. */
    private static final int ITERATIONS = 4_096;

    private final Set<AclBinding> permissions;

    private ClusterPermissions(Set<AclBinding> permissions) {
        this.permissions = permissions;
    }

    /**
     * {@code ClusterPermissions ADMIN PERMISSIONS PASSWORDS}: client settings of one who may change both, the file of
     * permissions, and a file of the form {@code PRINCIPAL=PASSWORD}. Exit status: 0 done, 1 refused, 2 wrong files.
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        if (args.length != 3) {
            return fail(2, "usage: ClusterPermissions ADMIN PERMISSIONS PASSWORDS");
        }
        try {
            ClusterPermissions permissions = read(Path.of(args[1]));
            Map<String, String> passwords = properties(Path.of(args[2]));
            try (Admin admin = Admin.create(Map.copyOf(ClosedKafka.settings(properties(Path.of(args[0])))))) {
                setPasswords(admin, passwords);
                permissions.apply(admin).forEach(System.out::println);
            }
            return 0;
        } catch (IOException | IllegalArgumentException | ConfigException e) {
            return fail(2, e.getMessage());
        } catch (KafkaException e) {
            return fail(1, "Kafka" + ClosedKafka.refusal(e).map(refusal -> " " + refusal).orElse(": " + e.getMessage()));
        }
    }

    private static int fail(int status, String message) {
        System.err.println("charla-permissions: " + message);
        return status;
    }

    private static Map<String, String> properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IOException(file + " can't be read: " + e, e);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return values;
    }

    /**
     * Reads a file of permissions.
     *
     * @throws IllegalArgumentException naming the line that is none
     */
    public static ClusterPermissions read(Path file) throws IOException {
        Set<AclBinding> permissions = new HashSet<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new IOException(file + " can't be read: " + e, e);
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    bindings(line.split("\\s+")).forEach(permissions::add);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + ", line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return new ClusterPermissions(permissions);
    }

    private static Stream<AclBinding> bindings(String[] words) {
        if (words.length != 4) {
            throw new IllegalArgumentException("it must be PRINCIPAL OPERATION,… topic|group|transactional-id NAME");
        }
        ResourceType type = ResourceType.fromString(words[2].replace('-', '_'));
        boolean isPrefix = words[3].length() > 1 && words[3].endsWith("*");
        ResourcePattern resource = new ResourcePattern(known(type, words[2]),
                isPrefix ? words[3].substring(0, words[3].length() - 1) : words[3],
                isPrefix ? PatternType.PREFIXED : PatternType.LITERAL);
        return Stream.of(words[1].split(",", -1)).map(operation -> new AclBinding(resource, new AccessControlEntry(
                "User:" + words[0], "*", known(AclOperation.fromString(operation), operation), AclPermissionType.ALLOW)));
    }

    /** Kafka takes a name that it doesn't know for one of a later version. */
    private static <E extends Enum<E>> E known(E value, String written) {
        if (Set.of("UNKNOWN", "ANY").contains(value.name())) {
            throw new IllegalArgumentException(written + " is nothing that Kafka knows");
        }
        return value;
    }

    /**
     * Gives the cluster what it lacks and takes away what the file doesn't say.
     *
     * @return what was changed, a line each
     * @throws KafkaException if the cluster refuses
     */
    public List<String> apply(Admin admin) {
        Set<AclBinding> present = Set.copyOf(Answers.await(admin.describeAcls(AclBindingFilter.ANY).values()));
        List<AclBinding> missing = permissions.stream().filter(binding -> !present.contains(binding)).toList();
        List<AclBinding> surplus = present.stream().filter(binding -> !permissions.contains(binding)).toList();
        // In this order, so that nobody is without what they keep.
        Answers.await(admin.createAcls(missing).all());
        Answers.await(admin.deleteAcls(surplus.stream().map(AclBinding::toFilter).toList()).all());
        List<String> changes = new ArrayList<>();
        missing.forEach(binding -> changes.add("+ " + described(binding)));
        surplus.forEach(binding -> changes.add("- " + described(binding)));
        changes.sort(null);
        return changes;
    }

    private static String described(AclBinding binding) {
        ResourcePattern resource = binding.pattern();
        return binding.entry().principal().replaceFirst("^User:", "") + " " + binding.entry().operation() + " "
                + resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + resource.name()
                + (resource.patternType() == PatternType.PREFIXED ? "*" : "");
    }

    /**
     * Sets the passwords of principals, for SCRAM-SHA-512. Others keep theirs, and connections that are open go on.
     *
     * @throws KafkaException if the cluster refuses
     */
    public static void setPasswords(Admin admin, Map<String, String> passwords) {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
        Answers.await(admin.alterUserScramCredentials(passwords.entrySet().stream()
                .<UserScramCredentialAlteration>map(
                        user -> new UserScramCredentialUpsertion(user.getKey(), scram, user.getValue()))
                .toList()).all());
    }
}
