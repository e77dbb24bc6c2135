package io.firedrill.exporter;

/**
 * As much of JSON as masking needs: where tokens and values end. The exporter brings no JSON library, so that it can
 * clash with none of the broker's.
 */
final class JsonText {
    private JsonText() {}

    static int skipSpace(String json, int at) {
        int end = at;
        while (end < json.length() && Character.isWhitespace(json.charAt(end))) {
            end++;
        }
        return end;
    }

    /** A string is one token, every other character one of its own. */
    static int endOfToken(String json, int at) {
        if (json.charAt(at) != '"') {
            return at + 1;
        }
        int end = at + 1;
        while (json.charAt(end) != '"') {
            end += json.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }

    static int endOfValue(String json, int at) {
        int depth = 0;
        int end = at;
        while (end < json.length()) {
            char c = json.charAt(end);
            if (depth == 0 && end > at && (c == ',' || c == '}' || c == ']')) {
                return end;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            end = endOfToken(json, end);
            if (depth == 0 && (c == '"' || c == '}' || c == ']')) {
                return end;
            }
        }
        return end;
    }

    /** The text a JSON string stands for. */
    static String unquote(String string) {
        StringBuilder text = new StringBuilder(string.length());
        for (int at = 1; at < string.length() - 1; at++) {
            char c = string.charAt(at);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = string.charAt(++at);
            switch (escaped) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(string, at + 1, at + 5, 16));
                    at += 4;
                }
                default -> text.append(escaped);
            }
        }
        return text.toString();
    }

    static String quote(String text) {
        StringBuilder string = new StringBuilder(text.length() + 16).append('"');
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"' || c == '\\') {
                string.append('\\').append(c);
            } else if (c < ' ') {
                string.append("\\u%04x".formatted((int) c));
            } else {
                string.append(c);
            }
        }
        return string.append('"').toString();
    }
}
