// The redactor removes a secret from text: raw, percent-encoded, JSON-escaped, or in either Base64
// alphabet at any alignment.
#include <algorithm>

#include "bqconn/core/redactor.hpp"
#include "bqconn/json/parse.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;

namespace {

std::string percent(std::string_view bytes, bool lower, bool all) {
    std::string out;
    for (const char c : bytes) {
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

std::string unicode_escapes(std::string_view ascii) {
    std::string out;
    for (const char c : ascii) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned char>(c));
        out += escape;
    }
    return out;
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
        redacted_text.find(secret) != std::string_view::npos) {
        return 0;
    }
    Redactor redactor;
    redactor.add(Secret(secret));
    std::string spelled = secret;
    std::string core;  // what must not be visible; empty: everything spelled
    switch (data[2] % 8) {
        case 1:
            spelled = percent(secret, false, false);
            break;
        case 2:
            spelled = percent(secret, true, true);
            break;
        case 3:
            spelled = json::Json(secret).dump(-1, ' ', false, json::Json::error_handler_t::ignore);
            spelled = spelled.substr(1, spelled.size() - 2);
            if (json::Json::parse('"' + spelled + '"') != json::Json(secret)) {
                return 0;  // not UTF-8: it cannot be spelled this way
            }
            break;
        case 4:
            if (!is_ascii(secret)) {
                return 0;
            }
            spelled = unicode_escapes(secret);
            break;
        case 5:
        case 6: {
            // The characters that contain only bits of the secret.
            const bool url = data[2] % 8 == 6;
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
