package org.charla.client.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What makes a shell complete commands, options and channels. Each script is a function that finds the command on the
 * line, leaving out options and their values, and offers what fits it: subcommands, options, and where a channel is
 * expected those of {@code channels}, or none where Kafka is away. Values and files are left to the shell.
 */
enum CompletionScript {

    bash {
        @Override
        String of(CommandSpec charla) {
            return """
                    # bash completion for charla: source <(charla completion bash)
                    _charla() {
                        local word command= behind=0 value= words options
                        for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    %s
                        done
                        word=${COMP_WORDS[COMP_CWORD]}
                        COMPREPLY=()
                        [[ $value ]] && return
                        case $command in
                    %s
                        esac
                        case $word:$command:$behind in
                            -*) words=$options ;;
                            %s) words=$(%s) ;;
                    %s
                        esac
                        COMPREPLY=($(compgen -W "$words" -- "$word"))
                    }
                    complete -o default -F _charla charla ./charla
                    """.formatted(walk(charla),
                    forEach(charla, "        %s) words='%s' ;;", items -> String.join(" ", items.keySet())
                            .replaceFirst("(^| )-", "' options='-")),
                    CHANNELS.replace("/", "*:/"), channels("\"${COMP_WORDS[0]/#\\~/$HOME}\""),
                    forEachValue(charla, "        *:%s:%d) words='%s' ;;"));
        }
    },

    zsh {
        @Override
        String of(CommandSpec charla) {
            return """
                    #compdef charla
                    # zsh completion for charla: source <(charla completion zsh)
                    _charla() {
                        local word command= behind=0 value=
                        local -a items names
                        for word in "${(@)words[2,CURRENT-1]}"; do
                    %s
                        done
                        if [[ -n $value ]]; then
                            _files
                            return
                        fi
                        case $command in
                    %s
                        esac
                        [[ $PREFIX == -* ]] || items=(${items:#-*})
                        case $PREFIX:$command:$behind in
                            -*) ;;
                            %s) names=(${(f)"$(%s)"}) ;;
                    %s
                            *:/import:* | *:/connectors/* | *:/identity/*port:*) _files ;;
                        esac
                        _describe -V charla items -- names
                    }
                    compdef _charla charla
                    """.formatted(walk(charla),
                    forEach(charla, "        %s) items=(%s) ;;", items -> items.entrySet().stream()
                            .map(item -> quoted(item.getKey() + ":" + item.getValue().replace(":", "\\:")))
                            .collect(Collectors.joining(" "))),
                    CHANNELS.replace("/", "*:/"), channels("${(Q)words[1]/#\\~/$HOME}"),
                    forEachValue(charla, "        *:%s:%d) items=(%s) ;;"));
        }
    },

    fish {
        @Override
        String of(CommandSpec charla) {
            StringBuilder script = new StringBuilder("""
                    # fish completion for charla: charla completion fish | source
                    function __charla_command
                        set -l command ''
                        set -l behind 0
                        set -l value ''
                        for word in (commandline -opc)[2..-1]
                            switch $value$command/$word
                                case 'value*'
                                    set value ''
                                case %s
                                    set value value
                                case '*/-*'
                                case %s
                                    set command $command/$word
                                    set behind 0
                                case '*'
                                    set behind (math $behind + 1)
                            end
                        end
                        echo $command:$behind
                    end
                    function __charla_at
                        string match -q -r -- "^($argv[1])\\$" (__charla_command)
                    end
                    complete -c charla -e
                    complete -c charla -n "not __charla_at '/(import|connectors/.+|identity/.+port):.*'" -f
                    complete -c charla -n "__charla_at '/(send|edit|delete|react|rules|history):0|/(tail|export):.*'" -a '(%s)'
                    """.formatted(valued(charla).replace('|', ' ').replace("*", "'*'"),
                    subcommands(charla).replace('|', ' '), channels("eval (commandline -opc)[1]")));
            commands(charla).forEach((path, command) -> {
                String at = " -n \"__charla_at '" + path + ":.*'\"";
                command.subcommands().forEach((name, sub) -> script.append("complete -c charla").append(at)
                        .append(" -a ").append(name).append(" -d ").append(fishQuoted(header(sub.getCommandSpec())))
                        .append('\n'));
                command.options().forEach(option -> script.append("complete -c charla").append(at)
                        .append(Stream.of(option.names()).map(CompletionScript::fishOption)
                                .collect(Collectors.joining()))
                        .append(option.arity().max() > 0 ? " -r" : "")
                        .append(" -d ").append(fishQuoted(description(option))).append('\n'));
            });
            String line = "complete -c charla -n \"__charla_at '%s:%d'\" -a '%s'";
            return script.append(forEachValue(charla, line)).append('\n').toString();
        }
    };

    /** Where a channel is expected: the command and how many arguments stand behind it. */
    private static final String CHANNELS =
            "/send:0|/edit:0|/delete:0|/react:0|/rules:0|/history:0|/tail:*|/export:*|/audit:*";

    /** @param charla the whole command line */
    abstract String of(CommandSpec charla);

    private interface Words {
        String of(Map<String, String> items);
    }

    /** The commands by their paths: "" for charla itself, "/connectors/apply". */
    private static Map<String, CommandSpec> commands(CommandSpec charla) {
        Map<String, CommandSpec> commands = new LinkedHashMap<>();
        add("", charla, commands);
        return commands;
    }

    private static void add(String path, CommandSpec command, Map<String, CommandSpec> commands) {
        commands.put(path, command);
        command.subcommands().forEach((name, sub) -> add(path + '/' + name, sub.getCommandSpec(), commands));
    }

    private static String subcommands(CommandSpec charla) {
        return commands(charla).keySet().stream().filter(path -> !path.isEmpty()).collect(Collectors.joining("|"));
    }

    /** Options with a value, as the end of a path. */
    private static String valued(CommandSpec charla) {
        Set<String> valued = new LinkedHashSet<>();
        commands(charla).values().forEach(command -> command.options().stream()
                .filter(option -> option.arity().max() > 0)
                .forEach(option -> Stream.of(option.names()).forEach(name -> valued.add("*/" + name))));
        return String.join("|", valued);
    }

    private static String forEach(CommandSpec charla, String line, Words words) {
        List<String> lines = new ArrayList<>();
        commands(charla).forEach((path, command) -> {
            Map<String, String> items = new LinkedHashMap<>();
            command.subcommands().forEach((name, sub) -> items.put(name, header(sub.getCommandSpec())));
            command.options().forEach(option ->
                    Stream.of(option.names()).forEach(name -> items.put(name, description(option))));
            lines.add(line.formatted(path.isEmpty() ? "''" : path, words.of(items)));
        });
        return String.join("\n", lines);
    }

    /** Lines about the arguments that are one of some words, by the command and how many arguments stand in front. */
    private static String forEachValue(CommandSpec charla, String line) {
        List<String> lines = new ArrayList<>();
        commands(charla).forEach((path, command) -> command.positionalParameters().stream()
                .filter(parameter -> parameter.completionCandidates() != null)
                .forEach(parameter -> lines.add(line.formatted(path, parameter.index().min(),
                        String.join(" ", parameter.completionCandidates())))));
        return String.join("\n", lines);
    }

    /** What bash and zsh do with each word in front of the one that is completed. */
    private static String walk(CommandSpec charla) {
        return """
                        case $value$command/$word in
                            value*) value= ;;
                            %s) value=value ;;
                            */-*) ;;
                            %s) command=$command/$word behind=0 ;;
                            *) behind=$((behind + 1)) ;;
                        esac""".formatted(valued(charla), subcommands(charla)).indent(8).stripTrailing();
    }

    private static String channels(String charla) {
        return charla + " channels --timeout 2 2>/dev/null | cut -f1";
    }

    private static String header(CommandSpec command) {
        return String.join(" ", command.usageMessage().header());
    }

    private static String description(OptionSpec option) {
        return String.join(" ", option.description()).replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String fishQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static String fishOption(String name) {
        return name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1);
    }
}
