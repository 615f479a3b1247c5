package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.charla.access.PlacedMessage;
import org.charla.client.chat.Input.Command;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    @Test
    void readsALineByWhatItAnswers() {
        assertThat(Commands.parse(null, "General")).isEqualTo(new Input.Text("General"));
        assertThat(Commands.parse(new Question.Text(), "General")).isEqualTo(new Input.Text("General"));
        assertThat(Commands.parse(new Question.Channel(), " #General ")).isEqualTo(new Input.Join("general"));
        assertThat(Commands.parse(new Question.Choice(), " 4 ")).isEqualTo(Command.QUIT);
        assertThat(Commands.parse(new Question.Choice(), "5")).isEqualTo(new Input.Text("5"));
        assertThat(Commands.parse(new Question.SendLines("a\nb", 2), "SÍ")).isEqualTo(new Input.Text("a\nb"));
        assertThat(Commands.parse(new Question.SendLines("a\nb", 2), "/help")).isEqualTo(new Input.Draft("a\nb"));
        assertThat(Commands.parse(new Question.LeaveUnsent(1), "y")).isEqualTo(Command.QUIT_ANYWAY);
        assertThat(Commands.parse(new Question.LeaveUnsent(1), "")).isEqualTo(Command.STAY);
    }

    @Test
    void takesCommandsInsteadOfAnswers() {
        List<Question> questions = Arrays.asList(
                null, new Question.Choice(), new Question.Channel(), new Question.Text());
        for (Question asked : questions) {
            assertThat(Commands.parse(asked, "/HELP me")).isEqualTo(Command.HELP);
            assertThat(Commands.parse(asked, "//help")).isEqualTo(new Input.Text("/help"));
            assertThat(Commands.parse(asked, " \t")).isEqualTo(Command.NOTHING);
        }
    }

    @Test
    void asksWhetherSeveralLinesAreAMessageWhateverWasAskedBefore() {
        for (Question asked : Arrays.asList(
                null, new Question.Choice(), new Question.Channel(), new Question.Text())) {
            assertThat(Commands.parse(asked, "/quit\nb")).isEqualTo(new Input.Pasted("/quit\nb", 2));
        }
    }

    @Test
    void keepsWhatIsTypedAsItIs() {
        assertThat(Commands.parse(null, "  a  ")).isEqualTo(new Input.Text("  a  "));
        assertThat(Commands.parse(null, "/1   a ")).isEqualTo(new Input.Text("  a "));
        assertThat(Commands.parse(null, "/me  waves ")).isEqualTo(new Input.Text("/me  waves "));
        assertThat(Commands.parse(null, "a\nb\n")).isEqualTo(new Input.Pasted("a\nb\n", 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "many", "1.5", "99999999999"})
    void refusesANumberThatIsNone(String number) {
        assertThat(Commands.parse(null, "/history " + number)).isEqualTo(new Input.Wrong(Notice.NO_COUNT, number));
    }

    @Test
    void readsSpansOfTimeBehindANameThatMayHaveBlanks() {
        assertThat(Commands.parse(null, "/mute Ana María 2h")).isEqualTo(
                new Input.RuleFor(ChannelRule.MUTE, "Ana María", OptionalLong.of(7_200_000)));
        assertThat(Commands.parse(null, "/mute @ana 90s")).isEqualTo(
                new Input.RuleFor(ChannelRule.MUTE, "ana", OptionalLong.of(90_000)));
        assertThat(Commands.parse(null, "/mute 10m")).isEqualTo(
                new Input.RuleFor(ChannelRule.MUTE, "10m", OptionalLong.empty()));
        assertThat(Commands.parse(null, "/mute ana 10x")).isEqualTo(
                new Input.RuleFor(ChannelRule.MUTE, "ana 10x", OptionalLong.empty()));
        assertThat(Commands.parse(null, "/slow 1d")).isEqualTo(new Input.Rule(ChannelRule.SLOW_MODE, "86400"));
        assertThat(Commands.parse(null, "/slow 9999999999")).isEqualTo(new Input.Wrong(Notice.NO_SPAN, "9999999999"));
    }

    @Test
    void takesALineForTheNewTextOfWhatIsEditedUnlessItIsACommand() {
        Question edit = new Question.Edit(new PlacedMessage(1, new ChannelMessage(
                "m", "general", new Author("ana", "Ana"), "text", 1, 1)));
        assertThat(Commands.parse(edit, "new")).isEqualTo(new Input.Text("new"));
        assertThat(Commands.parse(edit, "s/a/b/")).isEqualTo(new Input.Text("s/a/b/"));
        assertThat(Commands.parse(edit, "/help")).isEqualTo(Command.HELP);
        assertThat(Commands.parse(edit, "/quit\nb")).isEqualTo(new Input.Text("/quit\nb"));
        assertThat(Commands.parse(edit, "//bin\nb")).isEqualTo(new Input.Text("/bin\nb"));
        assertThat(Commands.parse(edit, " ")).isEqualTo(Command.NOTHING);
    }

    @Test
    void asksForWhatAChannelIsCalled() {
        assertThat(Commands.parse(null, "/join #")).isEqualTo(Command.CHOOSE_CHANNEL);
        assertThat(Commands.parse(null, "/2")).isEqualTo(Command.CHOOSE_CHANNEL);
        assertThat(Commands.parse(null, "/1 ")).isEqualTo(Command.COMPOSE);
    }
}
