// The redactor removes a secret from text: raw, percent-encoded (also with '+' for a blank),
// JSON-escaped once or twice, as HTML references, or in either Base64 alphabet at any alignment.
#include <algorithm>
#include <optional>

#include "bqconn/core/redactor.hpp"
#include "bqconn/json/parse.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;

namespace {

std::string percent(std::string_view bytes, bool lower, bool all, bool plus = false) {
    std::string out;
    for (const char c : bytes) {
        if (plus && c == ' ') {
            out += '+';
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain && !all) {
            out += c;
            continue;
        }
        char escape[4];
        std::snprintf(escape, sizeof escape, lower ? "%%%02x" : "%%%02X", byte);
        out += escape;
    }
    return out;
}

std::string escape_each(std::string_view ascii, const char* format) {
    std::string out;
    for (const char c : ascii) {
        char escape[12];
        std::snprintf(escape, sizeof escape, format, static_cast<unsigned>(c));
        out += escape;
    }
    return out;
}

std::string html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '&'    ? "&amp;"
               : c == '<'  ? "&lt;"
               : c == '>'  ? "&gt;"
               : c == '"'  ? "&quot;"
               : c == '\'' ? "&#39;"
                           : std::string(1, c);
    }
    return out;
}

// `text` as the content of a JSON string; none if it is not UTF-8.
std::optional<std::string> json_escaped(const std::string& text) {
    const auto line = json::Json(text).dump(-1, ' ', false, json::Json::error_handler_t::ignore);
    return json::Json::parse(line) == json::Json(text)
               ? std::optional(line.substr(1, line.size() - 2))
               : std::nullopt;
}

std::string base64(std::string_view bytes, bool url) {
    std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (url) {
        alphabet.replace(62, 2, "-_");
    }
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group =
                group * 256 + (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += i + k <= bytes.size() ? alphabet[(group >> (18 - 6 * k)) & 63U] : '=';
        }
    }
    return out;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_visible(char c) {
    return c > ' ' && c <= '~';
}

// Whether so much inside `secret` is ignored that its escapes may exceed what a match may skip. An
// escape in the secret itself may mean something that is ignored, too.
bool has_wide_gap(std::string_view secret) {
    constexpr std::size_t widest = 8;
    constexpr std::size_t escape = 6;
    std::size_t since_start = escape;
    std::size_t ignored = 0;
    return std::any_of(secret.begin(), secret.end(), [&](char c) {
        since_start = c == '%' || c == '\\' || c == '&' ? 0 : since_start + 1;
        ignored = is_visible(c) && since_start >= escape ? 0 : ignored + 1;
        return ignored == widest;
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t shortest = 8;
    if (size < 3 + shortest) {
        return 0;
    }
    const std::string_view input = fuzz::text_of(data + 3, size - 3);
    const std::size_t length = std::min<std::size_t>(shortest + data[0] % 40U, input.size());
    const std::string secret(input.substr(0, length));
    const std::string rest(input.substr(length));
    const std::string before = rest.substr(0, rest.size() * data[1] / 256);
    const std::string after = rest.substr(before.size());
    // With these, the text around a mark could spell the secret by chance.
    if (secret.find_first_of("[]") != std::string::npos ||
        redacted_text.find(secret) != std::string_view::npos || has_wide_gap(secret)) {
        return 0;
    }
    Redactor redactor;
    redactor.add(Secret(secret));
    std::string spelled = secret;
    std::string core;  // what must not be visible; empty: everything spelled
    constexpr int kinds = 12;
    const int kind = data[2] % kinds;
    switch (kind) {
        case 1:
            spelled = percent(secret, false, false);
            break;
        case 2:
            spelled = percent(secret, true, true);
            break;
        case 3:
        case 11: {
            auto escaped = json_escaped(secret);
            if (escaped && kind == 11) {
                escaped = json_escaped(*escaped);
            }
            if (!escaped) {
                return 0;
            }
            spelled = *escaped;
            break;
        }
        case 4:
        case 8:
        case 9:
            if (!is_ascii(secret)) {
                return 0;
            }
            spelled = escape_each(secret, kind == 4 ? "\\u%04x" : kind == 8 ? "&#%u;" : "&#X%X;");
            break;
        case 7:
            spelled = html(secret);
            break;
        case 10:
            spelled = percent(secret, false, false, true);
            break;
        case 5:
        case 6: {
            // The characters that contain only bits of the secret.
            const bool url = kind == 6;
            spelled = base64(before + secret + after, url);
            const std::size_t first = (before.size() * 8 + 5) / 6;
            const std::size_t last = (before.size() + secret.size()) * 8 / 6;
            core = spelled.substr(first, last - first);
            break;
        }
        default:
            break;
    }
    const bool whole = core.empty();
    const bool looked_for = redactor.redact(secret) != secret;
    // Escapes in the secret itself may mean fewer bytes than are looked for.
    const std::string_view certain =
        std::string_view(secret).substr(0, secret.find_first_of("%\\&"));
    const bool is_long = std::count_if(certain.begin(), certain.end(), is_visible) >= 6;
    fuzz::require(looked_for || !is_long, "the secret is known", secret);
    // A short secret with other characters than ASCII is known only as it is.
    if (whole && (!looked_for || (kind != 0 && !is_ascii(secret) && !is_long))) {
        return 0;
    }
    const std::string text = whole ? before + spelled + after : spelled;
    const std::string& hidden = whole ? spelled : core;
    for (const auto parts : {Redactor::Parts::whole_only, Redactor::Parts::first_parts_too}) {
        const std::string shown = redactor.redact(text, parts);
        fuzz::require(redacted_text.find(hidden) != std::string_view::npos ||
                          shown.find(hidden) == std::string::npos,
                      "the secret is not shown", shown);
        fuzz::require(shown.find(redacted_text) != std::string::npos, "the redaction is marked",
                      shown);
    }
    return 0;
}
