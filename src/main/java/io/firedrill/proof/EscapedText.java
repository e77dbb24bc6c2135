package io.firedrill.proof;

/** One line of text that may hold any character: {@code \\ \n \r \t} stand for what would break a line or a column. */
final class EscapedText {
    private EscapedText() {}

    static String write(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }

    static String read(String line) {
        StringBuilder text = new StringBuilder(line.length());
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c != '\\' || at + 1 == line.length()) {
                text.append(c);
                continue;
            }
            char escaped = line.charAt(++at);
            text.append(switch (escaped) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                default -> escaped;
            });
        }
        return text.toString();
    }
}
